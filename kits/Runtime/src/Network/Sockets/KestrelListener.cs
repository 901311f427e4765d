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
    private readonly NetworkConditions? _conditions;
    private volatile bool _isAborted;

    public KestrelListener(
        IConnectionListener listener, NodeExecutor executor, ConnectionDelegate handler, NetworkConditions? conditions)
    {
        (_listener, _executor, _handler, _conditions) = (listener, executor, handler, conditions);
        EndPoint = (IPEndPoint)listener.EndPoint;
        // Not on the executor: what is accepted after the node died must still be reset.
        ThreadPool.UnsafeQueueUserWorkItem(static l => _ = l.AcceptAsync(), this, preferLocal: false);
    }

    public IPEndPoint EndPoint { get; }

    public ValueTask CloseAsync() => _listener.UnbindAsync();

    public void AbortConnections()
    {
        _isAborted = true;
        ResetConnections();
    }

    public void ResetConnections()
    {
        foreach (var connection in _connections.Values.ToArray())
            Abort(connection);
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync() is { } connection)
        {
            _connections[connection.ConnectionId] = connection;
            if (_isAborted)
                Abort(connection);
            else
                _executor.Post(() => _ = ServeAsync(connection));
        }
    }

    private static void Abort(ConnectionContext connection)
    {
        connection.Abort();
        // A read that links hold back must end too.
        connection.Transport.Input.CancelPendingRead();
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            if (_conditions is null || await AdmitAsync(connection, _conditions))
                await _handler(connection);
        }
        catch (OperationCanceledException) when (connection.ConnectionClosed.IsCancellationRequested)
        {
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

    // Lets links and rules act on a connection; false where it is refused.
    private async ValueTask<bool> AdmitAsync(ConnectionContext connection, NetworkConditions conditions)
    {
        var ordinal = new ConnectionOrdinal(_executor.NextConnectionId());
        connection.Features.Set(ordinal);
        var verdict = conditions.Decide(Links.SocketClient, ordinal.Value);
        if (verdict.IsRefused)
        {
            connection.Abort();
            return false;
        }
        var (up, down) = conditions.Passages(Links.SocketClient, ordinal.Value, verdict);
        connection.Transport = new GatedPipes(connection, conditions, up, down);
        if (!conditions.AreQuiet)
            await conditions.AdmitAsync(Links.SocketClient, verdict, connection.ConnectionClosed);
        return true;
    }
}
