#pragma warning disable RS0030 // This is a shell with real sockets: all connections are aborted, in whatever order.
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>Accepts from one of Kestrel's listeners and runs the handler for each connection, on the node's executor.</summary>
internal sealed class KestrelListener : ISocketListener
{
    private readonly ConcurrentDictionary<string, ConnectionContext> _connections = new();
    private readonly IConnectionListener _listener;
    private readonly NodeExecutor _executor;
    private readonly ConnectionDelegate _handler;

    public KestrelListener(IConnectionListener listener, NodeExecutor executor, ConnectionDelegate handler)
    {
        (_listener, _executor, _handler) = (listener, executor, handler);
        EndPoint = (IPEndPoint)listener.EndPoint;
        executor.Post(() => _ = AcceptAsync());
    }

    public IPEndPoint EndPoint { get; }

    public ValueTask CloseAsync() => _listener.UnbindAsync();

    public void AbortConnections()
    {
        foreach (var connection in _connections.Values.ToArray())
            connection.Abort();
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync() is { } connection)
        {
            _connections[connection.ConnectionId] = connection;
            _ = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            await _handler(connection);
        }
        catch (Exception e)
        {
            _executor.OnUnhandled(e);
        }
        finally
        {
            _connections.TryRemove(connection.ConnectionId, out _);
            await connection.DisposeAsync();
        }
    }
}
