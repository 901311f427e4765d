using System.Net;

namespace Microcosm.Runtime;

/// <summary>Opens connections from an event loop to servers on this or other machines. On the executor's loop only.</summary>
public sealed class LoopConnector : IConnectionOwner
{
    private readonly EventLoop _loop;
    private readonly NodeExecutor _executor;
    private readonly HashSet<LoopConnection> _connections = [];

    internal LoopConnector(EventLoop loop, NodeExecutor executor)
    {
        (_loop, _executor) = (loop, executor);
        executor.Ended += () => loop.Post(static c => ((LoopConnector)c!).AbortConnections(), this);
    }

    /// <summary>Connections that are open.</summary>
    public int Count => _connections.Count;

    /// <summary>
    /// Begins to connect to an <see cref="IPEndPoint"/> or a <see cref="UnixEndPoint"/>. The handler is told later, never inside this
    /// call. Throws <see cref="NotSupportedException"/> for another kind of address.
    /// </summary>
    public IPendingConnect Connect(EndPoint remote, ConnectOptions options, IConnectHandler handler)
    {
        Invariant.Check(_loop.IsCurrent);
        var attempt = new ConnectAttempt(this, _loop, _executor, remote, handler);
        attempt.Begin(options);
        return attempt;
    }

    /// <summary>Resets the connections that are open.</summary>
    public void AbortConnections()
    {
        foreach (var connection in _connections.ToArray())
            connection.Abort();
    }

    internal LoopConnection Adopt(int fd, EndPoint remote)
    {
        var connection = new LoopConnection(_loop, _executor, this, fd, remote, null);
        _connections.Add(connection);
        return connection;
    }

    void IConnectionOwner.Forget(LoopConnection connection) => _connections.Remove(connection);
}
