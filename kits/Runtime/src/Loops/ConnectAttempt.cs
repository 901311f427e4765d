using System.Net;
using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>A connect(2) that is under way on a loop.</summary>
internal sealed unsafe class ConnectAttempt(
    LoopConnector connector, EventLoop loop, NodeExecutor executor, EndPoint remote, IConnectHandler handler)
    : IPendingConnect, IReadyHandler
{
    private int _fd = -1;
    private bool _isWatched;
    private bool _isOver;

    public void Begin(ConnectOptions options)
    {
        var error = Start(options);
        if (error == Libc.EInProgress)
        {
            _isWatched = true;
            loop.Watch(_fd, Libc.EpollOut | Libc.EpollEdge, this);
            return;
        }
        // Known at once (Unix sockets, a lack of routes): told in a turn of its own all the same.
        executor.Post(() => End(error));
    }

    public void OnReady(int events)
    {
        var error = 0;
        uint length = 4;
        Libc.GetSocketOption(_fd, 1, 4, &error, &length); // SO_ERROR
        executor.Execute(static s => ((Outcome)s!).Tell(), new Outcome(this, error));
    }

    public void Cancel()
    {
        if (_isOver)
            return;
        _isOver = true;
        CloseSocket();
    }

    // The error number; 0 where it is connected.
    private int Start(ConnectOptions options)
    {
        _fd = Libc.Socket(SocketAddresses.Family(remote), 1 | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (_fd < 0)
            return Marshal.GetLastPInvokeError();
        var socket = new LoopSocket(_fd);
        if (remote is IPEndPoint)
            socket.SendAtOnce();
        if (options.ReceiveBufferBytes > 0)
            Set(8, options.ReceiveBufferBytes); // SO_RCVBUF
        if (options.SendBufferBytes > 0)
            Set(7, options.SendBufferBytes); // SO_SNDBUF
        if (options.KeepAlive)
            Set(9, 1); // SO_KEEPALIVE
        var bytes = stackalloc byte[SocketAddresses.BytesMax];
        if (options.Local is { } local)
        {
            // The port is chosen when the peer is known, so that a port may serve several peers.
            if (local.Port == 0)
                SetIp(24, 1); // IP_BIND_ADDRESS_NO_PORT
            var size = SocketAddresses.Write(local, new Span<byte>(bytes, SocketAddresses.BytesMax));
            if (Libc.Bind(_fd, bytes, (uint)size) < 0)
                return Marshal.GetLastPInvokeError();
        }
        var length = SocketAddresses.Write(remote, new Span<byte>(bytes, SocketAddresses.BytesMax));
        return Libc.Connect(_fd, bytes, (uint)length) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private void End(int error)
    {
        if (_isOver)
            return;
        _isOver = true;
        if (error != 0)
        {
            CloseSocket();
            handler.Failed(new ConnectFailedException(error));
            return;
        }
        if (_isWatched)
            loop.Unwatch(_fd);
        var connection = connector.New(_fd, remote);
        connection.Start(handler.Connected(connection));
    }

    private void CloseSocket()
    {
        if (_fd < 0)
            return;
        if (_isWatched)
            loop.Unwatch(_fd);
        Libc.Close(_fd);
        _fd = -1;
    }

    private void Set(int name, int value) => Libc.SetSocketOption(_fd, 1, name, &value, 4);

    private void SetIp(int name, int value) => Libc.SetSocketOption(_fd, 0, name, &value, 4);

    private sealed record Outcome(ConnectAttempt Attempt, int Error)
    {
        public void Tell() => Attempt.End(Error);
    }
}
