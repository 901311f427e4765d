#pragma warning disable RS0030 // The loop is the shell that owns its thread.
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>
/// An epoll loop on one thread: the carrier of hot data planes. A turn is one batch of events, then the work posted meanwhile, then the
/// turn-end actions (commit, then send), then the loop waits. Linux only; <see cref="SerialCarrier"/> is the portable fallback.
/// </summary>
public sealed unsafe class EventLoop : ICarrier, IDisposable
{
    private const int EventsPerTurn = 512;
    private const int ReadBufferBytes = 64 * 1024;

    // So many connections hold output at once before it is sent: one that waits for the turn's end leaves the processor's cache meanwhile.
    private const int UnsentMax = 16;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly Lock _gate = new();
    private readonly IntPtr _readBuffer = (IntPtr)NativeMemory.AlignedAlloc(ReadBufferBytes, 64);
    private readonly TurnActions _turnEnd = new();
    private readonly List<LoopConnection> _unsent = [];
    private readonly List<LoopConnection> _sending = [];
    private readonly Thread _thread;
    private List<PostedWork> _inbox = [];
    private List<PostedWork> _running = [];
    private WakeupCoalescing _coalescing = new(Stopwatch.Frequency);
    private (IReadyHandler? Handler, uint Generation, uint Window)[] _handlers = new (IReadyHandler?, uint, uint)[256];
    private readonly Queue<Action> _first = new();
    private volatile bool _hasFirst;
    private volatile bool _isWaiting;
    private volatile bool _stop;
    private bool _isOver;

    /// <summary>Starts the loop's thread.</summary>
    public EventLoop(string name = "loop")
    {
        _epoll = Check(Libc.EpollCreate(Libc.CloseOnExec), "epoll_create1");
        _wake = Check(Libc.EventFd(0, Libc.NonBlocking | Libc.CloseOnExec), "eventfd");
        Control(Libc.EpollAdd, _wake, Libc.EpollIn, ulong.MaxValue);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>True where the loop can run.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <inheritdoc/>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _thread.ManagedThreadId;

    /// <summary>The turns that have begun; only on the loop's thread.</summary>
    public long Turn { get; private set; }

    /// <summary>Buffer that reads go to, shared by all connections of the loop.</summary>
    internal Span<byte> ReadBuffer => new((void*)_readBuffer, ReadBufferBytes);

    /// <inheritdoc/>
    public void Post(NodeExecutor owner, SendOrPostCallback work, object? state) => Post(new PostedWork(owner, work, state));

    /// <summary>Queues work of the loop itself, which no node can pause or drop.</summary>
    internal void Post(SendOrPostCallback work, object? state) => Post(new PostedWork(null, work, state));

    /// <summary>Runs work of the loop itself; completes when it is done.</summary>
    internal Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ =>
        {
            work();
            done.SetResult();
        }, null);
        return done.Task;
    }

    /// <summary>
    /// Runs before the next batch of events is looked at: who has changed a link sees it act on what a client sends after that.
    /// </summary>
    internal void PostFirst(Action work)
    {
        lock (_gate)
            _first.Enqueue(work);
        _hasFirst = true;
        Interlocked.MemoryBarrier();
        if (_isWaiting)
            Wake();
    }

    /// <inheritdoc/>
    public void AtTurnEnd(NodeExecutor owner, TurnPhase phase, Action action)
    {
        Invariant.Check(IsCurrent);
        _turnEnd.Add(owner, phase, action);
    }

    /// <summary>Sends a connection's released output when the turn ends, or earlier where many wait.</summary>
    internal void SendSoon(LoopConnection connection) => _unsent.Add(connection);

    /// <summary>Watches a file descriptor, level-triggered. Only on the loop's thread.</summary>
    internal void Watch(int fd, int events, IReadyHandler handler)
    {
        if (fd >= _handlers.Length)
            Array.Resize(ref _handlers, Math.Max(fd + 1, _handlers.Length * 2));
        ref var slot = ref _handlers[fd];
        slot.Handler = handler;
        slot.Generation++;
        Control(Libc.EpollAdd, fd, events, Data(fd, slot.Generation));
    }

    /// <summary>Changes what is watched for.</summary>
    internal void Rewatch(int fd, int events) => Control(Libc.EpollModify, fd, events, Data(fd, _handlers[fd].Generation));

    /// <summary>Stops watching. Events of this descriptor that are still in the batch are dropped.</summary>
    internal void Unwatch(int fd)
    {
        _handlers[fd].Handler = null;
        _handlers[fd].Generation++;
        Libc.EpollControl(_epoll, Libc.EpollDelete, fd, null);
    }

    /// <summary>Ends the loop after its present turn and waits for its thread.</summary>
    public void Dispose()
    {
        if (_stop)
            return;
        _stop = true;
        Wake();
        if (!IsCurrent)
            _thread.Join();
    }

    private void Post(PostedWork work)
    {
        lock (_gate)
            _inbox.Add(work);
        // Only a waiting loop needs the wake-up; a running one looks at its inbox before it waits.
        if (_isWaiting)
            Wake();
    }

    private void Run()
    {
        var events = stackalloc EpollEvent[EventsPerTurn];
        var rest = stackalloc long[] { 0, 0 };
        Libc.ThreadControl(Libc.SetTimerSlack, 1, 0, 0, 0);
        while (!_stop)
        {
            _isWaiting = true;
            Interlocked.MemoryBarrier();
            int timeout;
            lock (_gate)
                timeout = _inbox.Count + _first.Count + _unsent.Count > 0 ? 0 : -1;
            var count = Libc.EpollWait(_epoll, events, EventsPerTurn, timeout);
            _isWaiting = false;
            Turn++;
            if (count < 0)
                Invariant.Check(Marshal.GetLastPInvokeError() == Libc.EIntr);
            if (_hasFirst)
                RunFirst();
            for (var i = 0; i < count; i++)
            {
                Dispatch(events[i]);
                if (_unsent.Count >= UnsentMax)
                    SendUnsent();
            }
            RunInbox();
            EndTurn();
            rest[1] = _coalescing.RestAfter(count, Stopwatch.GetTimestamp) * 1000L;
            if (rest[1] > 0)
                Libc.NanoSleep(rest, null);
        }
        Libc.Close(_epoll);
        lock (_gate)
        {
            _isOver = true;
            Libc.Close(_wake);
        }
        NativeMemory.AlignedFree((void*)_readBuffer);
    }

    private void RunFirst()
    {
        Action[] works;
        lock (_gate)
        {
            works = [.. _first];
            _first.Clear();
            _hasFirst = false;
        }
        foreach (var work in works)
            work();
    }

    private void Dispatch(EpollEvent e)
    {
        if (e.Data == ulong.MaxValue)
        {
            ulong drained;
            Libc.Read(_wake, &drained, 8);
            return;
        }
        var fd = (int)(e.Data & int.MaxValue);
        ref var slot = ref _handlers[fd];
        if (slot.Window != _coalescing.Window)
        {
            slot.Window = _coalescing.Window;
            _coalescing.Seen();
        }
        if (slot.Handler is { } handler && slot.Generation == (uint)(e.Data >> 32))
            handler.OnReady((int)e.Events);
    }

    private void RunInbox()
    {
        lock (_gate)
        {
            if (_inbox.Count == 0)
                return;
            (_inbox, _running) = (_running, _inbox);
        }
        foreach (var work in _running)
        {
            if (work.Owner is { } owner)
                owner.Execute(work.Work, work.State);
            else
                work.Work(work.State);
        }
        _running.Clear();
    }

    private void EndTurn()
    {
        _turnEnd.Run();
        SendUnsent();
    }

    private void SendUnsent()
    {
        if (_unsent.Count == 0)
            return;
        _sending.AddRange(_unsent);
        _unsent.Clear();
        foreach (var connection in _sending)
            connection.SendReleased();
        _sending.Clear();
    }

    private void Wake()
    {
        ulong one = 1;
        // Who comes as the loop ends must not write into a descriptor that is closed: it may be another's connection by now.
        lock (_gate)
        {
            if (!_isOver)
                Libc.Write(_wake, &one, 8);
        }
    }

    private void Control(int operation, int fd, int events, ulong data)
    {
        var e = new EpollEvent { Events = (uint)events, Data = data };
        Check(Libc.EpollControl(_epoll, operation, fd, &e), "epoll_ctl");
    }

    private static ulong Data(int fd, uint generation) => ((ulong)generation << 32) | (uint)fd;

    private static int Check(int result, string call)
    {
        if (result < 0)
            throw new IOException($"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        return result;
    }

    private readonly record struct PostedWork(NodeExecutor? Owner, SendOrPostCallback Work, object? State);
}
