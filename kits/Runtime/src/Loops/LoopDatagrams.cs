using System.Net;
using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>A socket of messages on a loop that is connected: the kernel drops what comes from elsewhere.</summary>
internal sealed unsafe class LoopDatagrams : IDatagrams, IReadyHandler
{
    private const int MessagesPerTurn = 16;
    private const int ConnectionReset = 104;

    private readonly LoopConnector _connector;
    private readonly EventLoop _loop;
    private readonly NodeExecutor _executor;
    private readonly IDatagramHandler _handler;
    private int _fd = -1;
    private bool _isPaused;

    public LoopDatagrams(LoopConnector connector, EventLoop loop, NodeExecutor executor, EndPoint remote, IDatagramHandler handler) =>
        (_connector, _loop, _executor, Remote, _handler) = (connector, loop, executor, remote, handler);

    public EndPoint Remote { get; }

    public EndPoint Local => field ??= new LoopSocket(_fd).LocalAddress;

    /// <summary>0, or the system's number where it has no socket or no way to that address.</summary>
    public int Open(ConnectOptions options)
    {
        _fd = Libc.Socket(SocketAddresses.Family(Remote), 2 | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (_fd < 0)
            return Marshal.GetLastPInvokeError();
        var error = Connect(options);
        if (error == 0)
        {
            _loop.Watch(_fd, Libc.EpollIn, this);
            return 0;
        }
        Libc.Close(_fd);
        _fd = -1;
        return error;
    }

    public int Send(ReadOnlySpan<byte> message)
    {
        if (_fd < 0)
            return ConnectionReset;
        nint sent;
        fixed (byte* bytes = message)
            sent = Libc.Send(_fd, bytes, (nuint)message.Length, Libc.DontWaitNoSignal);
        if (sent >= 0)
            return 0;
        var error = Marshal.GetLastSystemError();
        return error is Libc.EAgain or Libc.ENoBufs or Libc.EIntr ? 0 : error;
    }

    public void PauseInput() => SetPaused(true);

    public void ResumeInput() => SetPaused(false);

    public void Close()
    {
        if (_fd < 0)
            return;
        _loop.Unwatch(_fd);
        Libc.Close(_fd);
        _fd = -1;
        _connector.Forget(this);
    }

    public void OnReady(int events) => _executor.Execute(static d => ((LoopDatagrams)d!).ReceiveSome(), this);

    // What is left is reported again. An error (nobody listens there) is taken away by this, too.
    private void ReceiveSome()
    {
        for (var i = 0; i < MessagesPerTurn && _fd >= 0 && !_isPaused; i++)
        {
            nint length;
            fixed (byte* buffer = _loop.ReadBuffer)
                length = Libc.Receive(_fd, buffer, (nuint)_loop.ReadBuffer.Length, Libc.DontWaitNoSignal);
            if (length >= 0)
            {
                _handler.Received(_loop.ReadBuffer[..(int)length]);
                continue;
            }
            var error = Marshal.GetLastSystemError();
            if (error is not (Libc.EAgain or Libc.EIntr))
                _handler.Undelivered(error);
            return;
        }
    }

    private int Connect(ConnectOptions options)
    {
        if (options.ReceiveBufferBytes > 0)
            ListeningSocket.Set(_fd, 1, 8, options.ReceiveBufferBytes); // SO_RCVBUF
        if (options.SendBufferBytes > 0)
            ListeningSocket.Set(_fd, 1, 7, options.SendBufferBytes); // SO_SNDBUF
        var bytes = stackalloc byte[SocketAddresses.BytesMax];
        var span = new Span<byte>(bytes, SocketAddresses.BytesMax);
        if (options.Local is { } local && Libc.Bind(_fd, bytes, (uint)SocketAddresses.Write(local, span)) < 0)
            return Marshal.GetLastPInvokeError();
        return Libc.Connect(_fd, bytes, (uint)SocketAddresses.Write(Remote, span)) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    private void SetPaused(bool isPaused)
    {
        if (_isPaused == isPaused || _fd < 0)
            return;
        _isPaused = isPaused;
        _loop.Rewatch(_fd, isPaused ? 0 : Libc.EpollIn);
    }
}
