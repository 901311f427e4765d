using System.Buffers;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Takes the response of an <see cref="InnerExchange"/>. Called inside the calls of whoever responds, but for <see cref="Ended"/>
/// and <see cref="BodyWanted"/>, which come in turns of their own.</summary>
public interface IInnerSink
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>It takes no more for now: who writes is to wait, until <see cref="InnerExchange.Drained"/> is called.</summary>
    bool IsFull => false;

    /// <summary>Status and <see cref="HttpExchange.ResponseHeaders"/> are there.</summary>
    /// <param name="length">Of the body; -1 where it is not told beforehand.</param>
    void Head(InnerExchange exchange, long length)
    {
    }

    /// <summary>A piece of the body. Valid during the call.</summary>
    void Body(InnerExchange exchange, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>A part of a file, as a piece of the body; whoever takes it releases the file. By itself it is read and given to <see
    /// cref="Body"/>.</summary>
    void File(InnerExchange exchange, IOutputFile file, long offset, long count)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(count, PieceBytes));
        try
        {
            while (count > 0)
            {
                var read = file.Read(offset, buffer.AsSpan(0, (int)Math.Min(count, buffer.Length)));
                if (read == 0)
                    break;
                Body(exchange, buffer.AsSpan(0, read));
                (offset, count) = (offset + read, count - read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            file.Release();
        }
    }

    /// <summary>The response is whole, or broken off. Called once, last, unless the exchange was cancelled; what the exchange holds is
    /// there until the call returns.</summary>
    void Ended(InnerExchange exchange, bool isComplete)
    {
    }

    /// <summary>Whoever responds takes the request's body: it is given by <see cref="InnerExchange.Push"/> and <see
    /// cref="InnerExchange.EndBody"/>, until the exchange is paused; then this is called again.</summary>
    void BodyWanted(InnerExchange exchange) => exchange.EndBody();
}
