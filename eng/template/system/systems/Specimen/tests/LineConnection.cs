using System.Text;

namespace Microcosm.Specimen.Tests;

/// <summary>A client that sees the bytes.</summary>
internal sealed class LineConnection(Stream stream) : IAsyncDisposable
{
    private readonly StreamReader _reader = new(stream, Encoding.UTF8);

    public async Task<string> AskAsync(string line)
    {
        await SendAsync(line + "\n");
        return await ReadAsync() ?? throw new EndOfStreamException("the connection was closed");
    }

    public async Task SendAsync(string text)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Null where the connection has ended.</summary>
    public async Task<string?> ReadAsync() => await _reader.ReadLineAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return stream.DisposeAsync();
    }
}
