using System.Net;
using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>A listening socket on an event loop.</summary>
internal sealed unsafe class LoopListener : ISocketListener, IReadyHandler
{
    private const int AcceptsPerTurn = 64;

    private readonly EventLoop _loop;
    private readonly NodeExecutor _executor;
    private readonly ISessionFactory _sessions;
    private readonly HashSet<LoopConnection> _connections = [];
    private readonly int _fd;
    private int _spare;
    private bool _isClosed;

    public LoopListener(EventLoop loop, NodeExecutor executor, ISessionFactory sessions, int fd, IPEndPoint endPoint)
    {
        (_loop, _executor, _sessions, _fd, EndPoint) = (loop, executor, sessions, fd, endPoint);
        _spare = NewSpare();
    }

    public IPEndPoint EndPoint { get; }

    public void OnReady(int events)
    {
        if (_executor.IsDead)
            return;
        if (_executor.IsPaused)
        {
            _loop.Rewatch(_fd, 0);
            _executor.Post(static l => ((LoopListener)l!)._loop.Rewatch(((LoopListener)l)._fd, Libc.EpollIn), this);
            return;
        }
        var address = stackalloc byte[SocketAddresses.BytesMax];
        for (var i = 0; i < AcceptsPerTurn; i++)
        {
            uint length = SocketAddresses.BytesMax;
            var fd = Libc.Accept(_fd, address, &length, Libc.NonBlocking | Libc.CloseOnExec);
            if (fd >= 0)
                Open(fd, SocketAddresses.Read(new ReadOnlySpan<byte>(address, (int)length)));
            else if (!GoOnAfter(Marshal.GetLastPInvokeError()))
                return;
        }
    }

    public ValueTask CloseAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(_ =>
        {
            Stop();
            done.SetResult();
        }, null);
        return new ValueTask(done.Task);
    }

    public void AbortConnections() => _loop.Post(static l =>
    {
        foreach (var connection in ((LoopListener)l!)._connections.ToArray())
            connection.Abort();
    }, this);

    public void Forget(LoopConnection connection) => _connections.Remove(connection);

    private void Open(int fd, EndPoint remote)
    {
        var on = 1;
        Libc.SetSocketOption(fd, 6, 1, &on, 4); // TCP_NODELAY
        var connection = new LoopConnection(_loop, _executor, this, fd, remote) { ConnectionId = _executor.NextConnectionId() };
        _connections.Add(connection);
        _executor.Execute(static c => ((Opening)c!).Run(), new Opening(connection, _sessions));
    }

    // True where accepting may go on in this turn.
    private bool GoOnAfter(int error)
    {
        if (error is not (Libc.EMFile or Libc.ENFile))
            return error != Libc.EAgain && error is not (Libc.ENoMem or Libc.ENoBufs);
        // Out of descriptors: give up the spare one to take the connection and close it, or epoll would report it for ever.
        Libc.Close(_spare);
        var fd = Libc.Accept(_fd, null, null, Libc.CloseOnExec);
        if (fd >= 0)
            Libc.Close(fd);
        _spare = NewSpare();
        return false;
    }

    private void Stop()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _loop.Unwatch(_fd);
        Libc.Close(_fd);
        Libc.Close(_spare);
    }

    private static int NewSpare() => Libc.EventFd(0, Libc.CloseOnExec);

    private sealed record Opening(LoopConnection Connection, ISessionFactory Sessions)
    {
        public void Run() => Connection.Start(Sessions.Accept(Connection));
    }
}
