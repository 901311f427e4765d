namespace Microcosm.Runtime;

/// <summary>
/// Where one generation of a node runs. Work that is posted runs on the carrier, one item at a time; async code continues here,
/// since this is its synchronization context. A paused executor keeps its work; a dead one drops it, so that nothing of a killed
/// generation ever runs again.
/// </summary>
public sealed class NodeExecutor(ICarrier carrier, string name) : SynchronizationContext
{
    private readonly Lock _gate = new();
    private readonly Queue<(SendOrPostCallback Work, object? State)> _held = new();
    private long _connections;
    private bool _paused;
    private volatile bool _dead;

    /// <summary>The node's name, for messages.</summary>
    public string Name { get; } = name;

    public ICarrier Carrier { get; } = carrier;

    /// <summary>True inside the node's own code.</summary>
    public bool IsCurrent => ReferenceEquals(Current, this) && Carrier.IsCurrent;

    /// <summary>True once the node's generation has ended.</summary>
    public bool IsDead => _dead;

    /// <summary>Raised where the generation ends, on whatever thread: what was posted and has not run never will.</summary>
    public event Action? Ended;

    /// <summary>Told of an exception that node code did not handle. The supervisor ends the node.</summary>
    public Action<Exception>? Unhandled { get; set; }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_dead)
            return;
        lock (_gate)
        {
            if (_paused)
            {
                _held.Enqueue((d, state));
                return;
            }
        }
        Carrier.Post(this, d, state);
    }

    /// <summary>Queues <paramref name="action"/>.</summary>
    public void Post(Action action) => Post(static s => ((Action)s!)(), action);

    /// <summary>Not supported: waiting for a turn of a single-threaded node from outside dead-locks.</summary>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Post to a node; do not wait for it.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>For code that a library has continued elsewhere: <c>await executor.SwitchTo()</c> brings it back.</summary>
    public ExecutorSwitch SwitchTo() => new(this);

    /// <summary>Runs <paramref name="action"/> when this turn ends; see <see cref="ICarrier.AtTurnEnd"/>.</summary>
    public void AtTurnEnd(TurnPhase phase, Action action) => Carrier.AtTurnEnd(this, phase, action);

    /// <summary>Runs <paramref name="body"/> on the executor and completes, on the thread pool or the caller's context, with its
    /// outcome.</summary>
    public Task RunAsync(Func<ValueTask> body)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(async () =>
        {
            try
            {
                await body();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>The next connection's ordinal on this node, from 1. Thread-safe.</summary>
    public long NextConnectionId() => Interlocked.Increment(ref _connections);

    /// <summary>Keeps posted work back until <see cref="Resume"/>: a node that is alive and does not run (SIGSTOP, a long GC).</summary>
    public void Pause()
    {
        lock (_gate)
            _paused = true;
    }

    /// <summary>Runs what was kept back, in order.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _paused = false;
            while (_held.TryDequeue(out var item))
                Carrier.Post(this, item.Work, item.State);
        }
    }

    /// <summary>Ends this generation: nothing posted before or after runs any more.</summary>
    public void Kill()
    {
        _dead = true;
        Ended?.Invoke();
    }

    /// <summary>True while the node is paused.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_gate)
                return _paused;
        }
    }

    /// <summary>Called by carriers: runs one item, guarding the carrier against the node's exceptions.</summary>
    public void Execute(SendOrPostCallback work, object? state)
    {
        if (_dead)
            return;
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            work(state);
        }
        catch (Exception e)
        {
            OnUnhandled(e);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Reports an exception that no code of the node handled.</summary>
    public void OnUnhandled(Exception exception)
    {
        if (Unhandled is { } handler)
            handler(exception);
        else
            Environment.FailFast($"Unhandled exception in node {Name}", exception);
    }
}
