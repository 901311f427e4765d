using System.Buffers;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// A part of a body with inclusions: text, or what a subrequest answers. It is held until what stands before it is out; a subrequest
/// that has made more than is good waits until then.
/// </summary>
internal sealed class SsiPart(SsiFilter filter, SsiOutput output) : IInnerSink
{
    private const int HeldBytesMax = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _held = new();
    private HttpRequest? _request;
    private bool _hasOutput;

    bool IInnerSink.IsFull => output.IsFirst(this) ? filter.Next.IsBacklogged : _held.WrittenCount > HeldBytesMax;

    /// <summary>Nothing comes any more.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Text, not a response.</summary>
    public bool IsText => _request is null;

    public int HeldBytes => _held.WrittenCount;

    /// <summary>It is the response of this one.</summary>
    public void Take(HttpRequest request) => _request = request;

    public void Hold(ReadOnlySpan<byte> text) => _held.Write(text);

    /// <summary>Its turn has come.</summary>
    public void GiveHeld()
    {
        if (_held.WrittenCount > 0)
            filter.Next.Write(_held.WrittenSpan);
        _held.Clear();
        Drained();
    }

    /// <summary>Output fell.</summary>
    public void Drained() => (_request?.Exchange as InnerExchange)?.Drained();

    /// <summary>Nobody wants it any more.</summary>
    public void Cancel() => (_request?.Exchange as InnerExchange)?.Cancel();

    void IInnerSink.Body(InnerExchange exchange, ReadOnlySpan<byte> bytes)
    {
        _hasOutput = true;
        if (output.IsFirst(this))
            filter.Next.Write(bytes);
        else
            Hold(bytes);
    }

    void IInnerSink.Ended(InnerExchange exchange, bool isComplete)
    {
        if (!isComplete)
        {
            filter.Fail();
            return;
        }
        if (!_hasOutput && _request!.Ssi.Stub is { Length: > 0 } stub)
            ((IInnerSink)this).Body(exchange, stub);
        IsWhole = true;
        filter.GoOn(this);
    }
}
