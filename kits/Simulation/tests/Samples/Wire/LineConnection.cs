using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Simulation.Tests.Samples.Wire;

/// <summary>The other end of a <see cref="LineSession"/>: one request at a time.</summary>
internal sealed class LineConnection(ConnectionContext connection) : IAsyncDisposable
{
    /// <summary>Connects; throws as a socket does.</summary>
    public static async ValueTask<LineConnection> OpenAsync(NodeContext context, string node, int port, CancellationToken cancellation) =>
        new(await context.Network.ConnectAsync(new NodeEndPoint(node, port), cancellation));

    /// <summary>Sends a request and awaits its answer. Throws <see cref="IOException"/> when the connection ends first.</summary>
    public async ValueTask<string> AskAsync(string request, CancellationToken cancellation)
    {
        await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(request + "\n"), cancellation);
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync(cancellation);
            if (TryTakeLine(read.Buffer, connection.Transport.Input, out var line))
                return line;
            if (read.IsCompleted)
                throw new IOException("connection ended before the answer");
        }
    }

    private static bool TryTakeLine(ReadOnlySequence<byte> buffer, PipeReader input, out string line)
    {
        var end = buffer.PositionOf((byte)'\n');
        line = end is null ? "" : Encoding.UTF8.GetString(buffer.Slice(0, end.Value));
        if (end is null)
            input.AdvanceTo(buffer.Start, buffer.End);
        else
            input.AdvanceTo(buffer.GetPosition(1, end.Value));
        return end is not null;
    }

    /// <summary>Closes without a reset, as a socket does: what was sent may still arrive, however late.</summary>
    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
