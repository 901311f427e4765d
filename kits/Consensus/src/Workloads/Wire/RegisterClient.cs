using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Consensus;

/// <summary>Asks members, over one connection at a time.</summary>
internal sealed class RegisterClient(NodeContext context) : IAsyncDisposable
{
    /// <summary>In place of an answer: the request was never sent.</summary>
    public const string Unreachable = "REFUSED unreachable";

    private ConnectionContext? _connection;
    private string _peer = "";

    /// <summary>The answer; null if none came in time, and then the request may have been carried out, or may be later.</summary>
    public async ValueTask<string?> AskAsync(string peer, string request, int timeoutMs)
    {
        var isSent = false;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(timeoutMs), context.Clock);
        try
        {
            if (_connection is null || _peer != peer)
            {
                await DisposeAsync();
                _connection = await context.Network.ConnectAsync(new NodeEndPoint(peer, RaftRegisterNode.ClientPort), deadline.Token);
                _peer = peer;
            }
            isSent = true;
            await _connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(request + "\n"), deadline.Token);
            return await LineAsync(_connection, deadline.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or ConnectionAbortedException or InvalidOperationException)
        {
            await DisposeAsync();
            return isSent ? null : Unreachable;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }

    private static async ValueTask<string> LineAsync(ConnectionContext connection, CancellationToken cancellation)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end));
                input.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                throw new IOException("no answer");
        }
    }
}
