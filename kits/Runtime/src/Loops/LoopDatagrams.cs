using System.Net;

namespace Microcosm.Runtime;

/// <summary>A connected UDP socket on a loop: the kernel chooses its port by lot and drops what comes from elsewhere.</summary>
internal sealed unsafe class LoopDatagrams : IDatagrams, IReadyHandler
{
    private readonly LoopConnector _connector;
    private readonly EventLoop _loop;
    private readonly NodeExecutor _executor;
    private readonly IDatagramHandler _handler;
    private int _fd = -1;

    public LoopDatagrams(LoopConnector connector, EventLoop loop, NodeExecutor executor, IDatagramHandler handler) =>
        (_connector, _loop, _executor, _handler) = (connector, loop, executor, handler);

    /// <summary>False where the system has no socket or no way to that address.</summary>
    public bool TryOpen(EndPoint remote)
    {
        _fd = Libc.Socket(SocketAddresses.Family(remote), 2 | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (_fd < 0)
            return false;
        var bytes = stackalloc byte[SocketAddresses.BytesMax];
        var length = SocketAddresses.Write(remote, new Span<byte>(bytes, SocketAddresses.BytesMax));
        if (Libc.Connect(_fd, bytes, (uint)length) < 0)
        {
            Libc.Close(_fd);
            _fd = -1;
            return false;
        }
        _loop.Watch(_fd, Libc.EpollIn, this);
        return true;
    }

    public void Send(ReadOnlySpan<byte> message)
    {
        if (_fd < 0)
            return;
        fixed (byte* bytes = message)
            Libc.Send(_fd, bytes, (nuint)message.Length, Libc.DontWaitNoSignal);
    }

    public void Close()
    {
        if (_fd < 0)
            return;
        _loop.Unwatch(_fd);
        Libc.Close(_fd);
        _fd = -1;
        _connector.Forget(this);
    }

    // One message for each call: the loop says again that there are more. An error (nobody listens there) is taken away by this, too.
    public void OnReady(int events)
    {
        nint length;
        fixed (byte* buffer = _loop.ReadBuffer)
            length = Libc.Receive(_fd, buffer, (nuint)_loop.ReadBuffer.Length, Libc.DontWaitNoSignal);
        if (length >= 0)
            _executor.Execute(static s => ((Arrival)s!).Tell(), new Arrival(this, (int)length));
    }

    private sealed record Arrival(LoopDatagrams Datagrams, int Length)
    {
        public void Tell() => Datagrams._handler.Received(Datagrams._loop.ReadBuffer[..Length]);
    }
}
