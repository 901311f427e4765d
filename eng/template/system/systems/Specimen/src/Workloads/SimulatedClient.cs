using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Specimen;

/// <summary>
/// A client for simulations: one request at a time, over the fabric. A connection that failed is opened anew by the next request.
/// </summary>
internal sealed class SimulatedClient(NodeContext context, NodeEndPoint server) : IAsyncDisposable
{
    private ConnectionContext? _connection;

    /// <summary>
    /// Asks once. Without a reply the request was never sent, or was sent and may have been carried out, now or later.
    /// </summary>
    public async ValueTask<(bool Sent, string? Reply)> AskAsync(string line, int timeoutMs)
    {
        var sent = false;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(timeoutMs), context.Clock);
        try
        {
            _connection ??= await context.Network.ConnectAsync(server, deadline.Token);
            sent = true;
            await _connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), deadline.Token);
            return (true, await ReadAsync(_connection, deadline.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or ConnectionResetException or ConnectionAbortedException)
        {
            await DisposeAsync();
            return (sent, null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private static async ValueTask<string> ReadAsync(ConnectionContext connection, CancellationToken cancellation)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end).ToArray());
                input.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                throw new IOException("The connection ended before the reply.");
        }
    }
}
