using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Runtime;

/// <summary>
/// One socket on an event loop, and the transport of its session. Reads go to the loop's shared buffer; only what a session leaves
/// over is copied to a buffer of the connection's own, so that an idle connection holds no buffer at all.
/// Watched edge-triggered, which saves the kernel a second look at every socket that was read: reading goes on until the kernel has
/// no more, or asks to be told again by <see cref="EventLoop.Rewatch"/>, which reports anew what is still there.
/// </summary>
internal sealed class LoopConnection : SessionTransport, IReadyHandler
{
    private const int ReadsPerTurn = 4;
    private const long SendBytesPerTurn = 2 * 1024 * 1024;

    private readonly EventLoop _loop;
    private readonly NodeExecutor _executor;
    private readonly IConnectionOwner _owner;
    private readonly LoopSocket _socket;
    private LoopGate? _gate;
    private Session? _session;
    private KeptInput _kept = new(ArrayPool<byte>.Shared);
    private int _watched;
    private bool _inputPaused;
    private bool _inputEnded;
    private bool _outputBlocked;
    private bool _sendScheduled;
    private bool _isClosing;
    private bool _isClosed;
    private bool _aboveHighWater;
    private bool _outputEnds;
    private bool _outputEnded;
    private bool _peerLeft;
    private bool _isStarted;
    private EndPoint? _local;

    /// <param name="local">The own address; null where the socket is to be asked for it.</param>
    public LoopConnection(EventLoop loop, NodeExecutor executor, IConnectionOwner owner, int fd, EndPoint remote, EndPoint? local)
        : base(new OutputBuffer())
    {
        (_loop, _executor, _owner, _socket, Remote, _local) = (loop, executor, owner, new LoopSocket(fd), remote, local);
    }

    public override EndPoint Remote { get; }

    public override EndPoint Local => _local ??= _isClosed ? new IPEndPoint(IPAddress.None, 0) : _socket.LocalAddress;

    public override bool IsClosed => _isClosed || _isClosing;

    /// <summary>Where the connection runs.</summary>
    internal NodeExecutor Executor => _executor;

    /// <summary>True while the session takes input.</summary>
    internal bool TakesInput => !_inputPaused && !_inputEnded && !_isClosing && !_isClosed;

    /// <summary>Position up to which output was sent.</summary>
    internal long Sent => Output.Position - Output.Length;

    /// <summary>Begins to read for the session; null refuses: what is released is sent, then the socket closes.</summary>
    public void Start(Session? session)
    {
        _session = session;
        if (_isClosed)
        {
            // It was reset while its session was opened.
            session?.Closed(null);
            return;
        }
        _isStarted = true;
        _watched = session is null ? 0 : Wanted;
        _loop.Watch(_socket.Descriptor, _watched | Libc.EpollEdge, this);
        if (session is null)
            Close();
    }

    public void OnReady(int events)
    {
        if (_executor.IsDead)
        {
            Terminate(null);
            return;
        }
        if (_executor.IsPaused)
        {
            // The data waits in the kernel; what is posted now runs when the node goes on.
            SetWatched(0);
            _executor.Post(static c => ((LoopConnection)c!).Rearm(), this);
            return;
        }
        if ((events & Libc.EpollOut) != 0)
        {
            _outputBlocked = false;
            SendReleased();
        }
        if (_isClosed)
            return;
        if (KeepsInputOfEnd && _inputPaused && !_inputEnded)
            LookForEnd(events);
        else if ((events & (Libc.EpollErr | Libc.EpollHup)) != 0 && (_inputPaused || _inputEnded))
            Terminate(new SocketException((int)SocketError.ConnectionReset));
        else if ((events & (Libc.EpollIn | Libc.EpollErr | Libc.EpollHup)) != 0 && !_inputPaused && !_inputEnded)
            ReadAll(mayHaveEnded: (events & ~Libc.EpollIn) != 0);
        else if ((events & Libc.EpollRdHup) != 0 && _inputPaused && _gate is null)
            EndInput();
    }

    /// <summary>Puts a gate between socket and session, or takes it away: from then on nothing is held back.</summary>
    public void SetGate(LoopGate? gate)
    {
        _gate = gate;
        // What the gate did not read is reported anew.
        if (gate is null && !_isClosed)
            _loop.Rewatch(_socket.Descriptor, _watched | Libc.EpollEdge);
    }

    /// <summary>Links or rules changed: puts a gate where one is needed, lets the one that is there look again.</summary>
    public void Reconsider(NetworkConditions conditions)
    {
        if (_isClosed)
            return;
        if (_gate is null && !conditions.AreQuiet)
            LoopGate.Install(this, conditions, ConnectionVerdict.None);
        _gate?.Continue();
    }

    public override void Close()
    {
        if (_isClosed || _isClosing)
            return;
        _isClosing = true;
        ScheduleSend();
    }

    public override void EndOutput()
    {
        if (_isClosed || _outputEnds)
            return;
        _outputEnds = true;
        ScheduleSend();
    }

    public override void Abort() => Abort(null);

    /// <summary>Resets the connection as the network would: the session is told of a reset.</summary>
    public void Reset() => Abort(new SocketException((int)SocketError.ConnectionReset));

    private void Abort(Exception? error)
    {
        if (_isClosed)
            return;
        _socket.ResetWhenClosed();
        Terminate(error);
    }

    public override void PauseInput()
    {
        _inputPaused = true;
        Rearm();
    }

    public override void ResumeInput()
    {
        if (!_inputPaused || _isClosed)
            return;
        _inputPaused = false;
        ShowLeftover();
    }

    // Never inside the caller's call: sessions are not re-entered.
    public override void ShowLeftover() => _executor.Post(static c => ((LoopConnection)c!).GoOnReading(), this);

    /// <summary>Sends what is released; called by the loop at the turn's end and when the socket takes more.</summary>
    public void SendReleased()
    {
        _sendScheduled = false;
        if (_isClosed || _outputBlocked)
            return;
        if (_outputEnded)
            Output.Clear();
        // Before sending: a session that paused at this level waits for Drained even if all of it leaves at once.
        _aboveHighWater |= Output.Length > HighWater;
        for (var left = SendBytesPerTurn; ;)
        {
            var allowed = Output.Length - (Output.Position - Released);
            if (_gate is not null)
                allowed = _gate.MayLeave(allowed);
            if (allowed <= 0)
                break;
            if (left <= 0)
            {
                // Others get their turn first.
                _sendScheduled = true;
                _loop.Post(static c => ((LoopConnection)c!).SendReleased(), this);
                return;
            }
            var sent = _socket.SendFront(Output, allowed);
            if (sent < 0)
            {
                if (sent == LoopSocket.NothingNow)
                    _outputBlocked = true;
                else
                    Terminate(new SocketException((int)SocketError.ConnectionReset));
                break;
            }
            left -= sent;
            Output.Consume(sent);
        }
        AfterSend();
    }

    protected override void ScheduleSend()
    {
        if (_sendScheduled || _isClosed)
            return;
        _sendScheduled = true;
        if (_loop.IsCurrent)
            _loop.SendSoon(this);
        else
            _loop.Post(static c => ((LoopConnection)c!).SendReleased(), this);
    }

    private void AfterSend()
    {
        if (_isClosed)
            return;
        if (_isClosing && !_outputBlocked && _gate is not { HoldsOutput: true })
        {
            Finish();
            return;
        }
        if (_outputEnds && !_outputEnded && !_outputBlocked && _gate is not { HoldsOutput: true })
        {
            _outputEnded = true;
            _socket.EndOutput();
        }
        if (_aboveHighWater && Output.Length < HighWater / 4)
        {
            _aboveHighWater = false;
            if (_session is { } session)
                _executor.Execute(static s => ((Session)s!).Drained(), session);
        }
        Rearm();
    }

    private void ReadAll(bool mayHaveEnded)
    {
        if (_gate is { } gate)
        {
            gate.Readable();
            return;
        }
        for (var i = 0; i < ReadsPerTurn; i++)
        {
            if (_inputPaused || _isClosed)
                return;
            if (_kept.IsFull)
            {
                // More than an array holds, and still no whole request.
                Abort();
                return;
            }
            var room = _session is null ? default : _session.Room.Span;
            var buffer = !room.IsEmpty ? room : _kept.IsEmpty ? _loop.ReadBuffer : _kept.Room();
            var read = Read(buffer);
            if (read < 0)
                return;
            if (read == 0)
            {
                EndInput();
                return;
            }
            if (_isClosing)
                continue;
            if (!room.IsEmpty)
            {
                Call(default, read);
            }
            else if (_kept.IsEmpty)
            {
                Show(buffer[..read]);
            }
            else
            {
                _kept.Advance(read);
                ShowKept();
            }
            // A short read means that the kernel has no more, and a further call would only say so; what comes later is a new edge.
            // Not so for an end of input that was there already.
            if (read < buffer.Length && !mayHaveEnded)
                return;
        }
        // Others get their turn first.
        if (!_isClosed)
            _loop.Rewatch(_socket.Descriptor, _watched | Libc.EpollEdge);
    }

    /// <summary>Reads: the bytes read; 0 is the end of input, below 0 that there is nothing now.</summary>
    internal int Read(Span<byte> buffer)
    {
        if (_isClosed)
            return LoopSocket.NothingNow;
        var read = _socket.Read(buffer);
        if (read == LoopSocket.Broken)
            Terminate(new SocketException((int)SocketError.ConnectionReset));
        return read;
    }

    /// <summary>Shows input that the gate lets in.</summary>
    internal void ShowArrived(ReadOnlySpan<byte> input)
    {
        if (_kept.IsEmpty)
            Show(input);
        else if (_kept.TryAppend(input))
            ShowKept();
        else
            Abort();
    }

    // Shows input to the session and keeps what it leaves; nothing was kept before.
    private void Show(ReadOnlySpan<byte> input)
    {
        var taken = Call(input);
        if (taken >= 0 && taken < input.Length && !_isClosed)
            _kept.TryAppend(input[taken..]);
    }

    private void ShowKept()
    {
        var taken = Call(_kept.Bytes);
        if (taken >= 0 && !_isClosed)
            _kept.Take(taken);
    }

    // Shows input, or says how much of the session's room was filled. Below 0: it failed.
    private int Call(ReadOnlySpan<byte> input, int filled = 0)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_executor);
        try
        {
            if (filled > 0)
            {
                _session!.Filled(filled);
                return 0;
            }
            var taken = _session!.Take(input);
            Invariant.Check(taken <= input.Length);
            return taken;
        }
        catch (Exception e)
        {
            _executor.OnUnhandled(e);
            Abort();
            return -1;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    // Input is paused, and stays so: what has come is read when it goes on.
    private void LookForEnd(int events)
    {
        if (_peerLeft || (events & (Libc.EpollErr | Libc.EpollHup | Libc.EpollRdHup)) == 0)
            return;
        _peerLeft = true;
        if (_session is { } session && !_isClosing)
            _executor.Execute(static s => ((Session)s!).PeerLeft(), session);
    }

    private void GoOnReading()
    {
        if (_isClosed || _inputPaused)
            return;
        if (!_kept.IsEmpty && !_isClosing)
            ShowKept();
        _gate?.Continue();
        Rearm();
    }

    internal void EndInput()
    {
        _inputEnded = true;
        Rearm();
        if (_session is { } session && !_isClosing)
            _executor.Execute(static c => ((LoopConnection)c!)._session!.InputEnded((LoopConnection)c!), this);
    }

    private int Wanted =>
        (_inputEnded ? 0 : _inputPaused ? Libc.EpollRdHup : Libc.EpollIn | Libc.EpollRdHup) | (_outputBlocked ? Libc.EpollOut : 0);

    private void Rearm()
    {
        if (!_isClosed)
            SetWatched(Wanted);
    }

    private void SetWatched(int events)
    {
        // A session may pause its input as it is opened, before the socket is watched.
        if (events == _watched || !_isStarted)
            return;
        _watched = events;
        _loop.Rewatch(_socket.Descriptor, events | Libc.EpollEdge);
    }

    /// <summary>Leaves the loop with its socket open; false where it is closed, or has output or input at hand.</summary>
    internal bool TryDetach(out int descriptor)
    {
        descriptor = _socket.Descriptor;
        if (_isClosed || _isClosing || Output.Length > 0 || !_kept.IsEmpty || _gate is not null)
            return false;
        _isClosed = true;
        if (_isStarted)
            _loop.Unwatch(descriptor);
        return true;
    }

    // An orderly end: the peer gets our FIN.
    internal void Finish()
    {
        _socket.Finish(_loop.ReadBuffer);
        Terminate(null);
    }

    internal void Terminate(Exception? error)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        if (_isStarted)
            _loop.Unwatch(_socket.Descriptor);
        _socket.Close();
        _owner.Forget(this);
        Output.Clear();
        _kept.Clear();
        _gate?.Dispose();
        if (_session is not { } session)
            return;
        // A paused node learns of a reset when it goes on.
        if (_executor.IsPaused)
            _executor.Post(static s => ((Ended)s!).Tell(), new Ended(session, error));
        else
            _executor.Execute(static s => ((Ended)s!).Tell(), new Ended(session, error));
    }

    private sealed record Ended(Session Session, Exception? Error)
    {
        public void Tell() => Session.Closed(Error);
    }
}
