using System.Net;

namespace Microcosm.Runtime;

/// <summary>Opens connections from an event loop to servers on this or other machines. On the executor's loop only.</summary>
public sealed class LoopConnector : IConnectionOwner
{
    private readonly EventLoop _loop;
    private readonly NodeExecutor _executor;
    private readonly HashSet<LoopConnection> _connections = [];
    private readonly HashSet<LoopDatagrams> _datagrams = [];

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

    /// <summary>
    /// Opens a socket for messages to an <see cref="IPEndPoint"/> or a <see cref="UnixEndPoint"/> and from it; null where the system
    /// refuses, whose number <paramref name="errno"/> is then. Its port is one by lot where the options do not name it.
    /// </summary>
    public IDatagrams? OpenDatagrams(EndPoint remote, ConnectOptions options, IDatagramHandler handler, out int errno)
    {
        Invariant.Check(_loop.IsCurrent);
        var datagrams = new LoopDatagrams(this, _loop, _executor, remote, handler);
        errno = datagrams.Open(options);
        if (errno != 0)
            return null;
        _datagrams.Add(datagrams);
        return datagrams;
    }

    /// <summary>Resets the connections that are open, and closes sockets for messages.</summary>
    public void AbortConnections()
    {
        foreach (var connection in _connections.ToArray())
            connection.Abort();
        foreach (var datagrams in _datagrams.ToArray())
            datagrams.Close();
    }

    /// <summary>
    /// Takes a connection out of its loop: the socket is the caller's then, and the session is told of nothing any more. False where the
    /// connection is not from here, is closed, or has output to send.
    /// </summary>
    public bool TryRelease(SessionTransport transport, out int descriptor)
    {
        descriptor = -1;
        if (transport is not LoopConnection connection || !_connections.Contains(connection) || !connection.TryDetach(out descriptor))
            return false;
        _connections.Remove(connection);
        return true;
    }

    /// <summary>Takes a connected socket that another connector released; its handler is told inside this call.</summary>
    public void Adopt(int descriptor, EndPoint remote, IConnectHandler handler)
    {
        Invariant.Check(_loop.IsCurrent);
        var connection = New(descriptor, remote);
        connection.Start(handler.Connected(connection));
    }

    internal LoopConnection New(int fd, EndPoint remote)
    {
        var connection = new LoopConnection(_loop, _executor, this, fd, remote, null);
        _connections.Add(connection);
        return connection;
    }

    internal void Forget(LoopDatagrams datagrams) => _datagrams.Remove(datagrams);

    void IConnectionOwner.Forget(LoopConnection connection) => _connections.Remove(connection);
}
