namespace Microcosm.Runtime;

/// <summary>
/// Runs the generations of one node: starts, stops, kills, pauses it, and restarts it from its disk when it fails. A failure ends the
/// node's generation, never the process. Calls may come from any thread but the node's own; they are serialised.
/// </summary>
public sealed class NodeHost(NodeDefinition definition, NodeEnvironment environment)
{
    private const int RestartsMax = 10;

    // A generation that lived so long was well: the next failure is a first one.
    private static readonly TimeSpan WellAfter = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _serial = new(1, 1);
    private Node? _node;
    private NodeExecutor? _executor;
    private NodeTelemetry? _telemetry;
    private long _generation;
    private int _failuresInARow;
    private DateTimeOffset _startedAt;
    private bool _isRestarting;

    /// <summary>Name, port, zone.</summary>
    public NodeDefinition Definition { get; } = definition;

    /// <summary>Where the node is in its life.</summary>
    public NodeState State { get; private set; }

    /// <summary>How often the supervisor restarted it after a failure.</summary>
    public int Restarts { get; private set; }

    /// <summary>The last failure, or null; also of a start.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>The clock of the present generation; offsets and drift outlive a restart.</summary>
    public NodeClock? Clock { get; private set; }

    /// <summary>Starts a generation and completes when the node serves.</summary>
    public Task StartAsync(CancellationToken cancellation = default) => SerialAsync(() => StartCoreAsync(cancellation));

    /// <summary>Ends the node gracefully.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => SerialAsync(() => StopCoreAsync(cancellation));

    /// <summary>Kills the node where it stands: connections are reset, unsynced writes of a memory disk are lost or torn.</summary>
    public Task KillAsync() => SerialAsync(async () =>
    {
        if (_node is not null)
            await CrashAsync(NodeState.Killed);
        else if (State == NodeState.Restarting)
            State = NodeState.Killed;
    });

    /// <summary>Kills the node if it runs and starts it again from its disk.</summary>
    public Task RestartAsync(CancellationToken cancellation = default) => SerialAsync(async () =>
    {
        if (_node is not null)
            await CrashAsync(NodeState.Killed);
        _failuresInARow = 0;
        await StartCoreAsync(cancellation);
    });

    /// <summary>Stops the node's turns; its connections stay open and silent.</summary>
    public void Pause()
    {
        if (State != NodeState.Running)
            return;
        State = NodeState.Paused;
        _executor!.Pause();
    }

    /// <summary>Lets a paused node go on.</summary>
    public void Resume()
    {
        if (State != NodeState.Paused)
            return;
        State = NodeState.Running;
        _executor!.Resume();
    }

    /// <summary>Brings all state to the disk.</summary>
    public Task CheckpointAsync(CancellationToken cancellation = default) =>
        SerialAsync(() => _node is null ? Task.CompletedTask : RunAsync(_executor!, () => _node!.CheckpointAsync(cancellation)));

    /// <summary>Has the node take its configuration anew. Throws as <see cref="Node.ReloadAsync"/>, and where the node is down.</summary>
    public Task ReloadAsync(CancellationToken cancellation = default) => SerialAsync(() => _node is null
        ? throw new InvalidOperationException($"{Definition.Name} is {State}.")
        : RunAsync(_executor!, () => _node!.ReloadAsync(cancellation)));

    /// <summary>
    /// Runs on the node's executor with the present generation; for Inside views and tests. Throws when the node is down.
    /// </summary>
    public async Task<T> AskAsync<T>(Func<Node, T> question)
    {
        var (node, executor) = (_node, _executor);
        if (node is null)
            throw Down();
        var answered = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        executor!.Ended += Refuse;
        if (executor.IsDead)
            Refuse();
        executor.Post(Answer);
        return await answered.Task;

        void Answer()
        {
            // What it begins it also ends, even if it ends the node.
            executor.Ended -= Refuse;
            try
            {
                answered.TrySetResult(question(node));
            }
            catch (Exception e)
            {
                answered.TrySetException(e);
            }
        }

        void Refuse() => answered.TrySetException(Down());

        InvalidOperationException Down() => new($"{Definition.Name} is {State}.");
    }

    private async Task StartCoreAsync(CancellationToken cancellation, NodeState otherwise = NodeState.Failed)
    {
        if (_node is not null && !_executor!.IsDead)
            return;
        // It has failed a moment ago and the supervisor has not come yet.
        if (_node is not null)
            await CrashAsync(NodeState.Killed);
        var executor = new NodeExecutor(environment.Carrier, Definition.Name);
        executor.Unhandled = e => OnFailure(executor, e);
        var offset = Clock?.Offset ?? default;
        var drift = Clock?.DriftPpm ?? 0;
        Clock = new NodeClock(environment.WorldClock, executor) { Offset = offset, DriftPpm = drift };
        var context = new NodeContext
        {
            Name = Definition.Name,
            Zone = Definition.Zone,
            Executor = executor,
            Clock = Clock,
            Network = environment.Attach(Definition, executor),
            Disk = environment.Disk,
            Seed = environment.Seed,
            Faults = environment.Faults,
            Log = environment.Log,
            Telemetry = new NodeTelemetry(Definition.Telemetry, Definition.Name, Clock, environment.Unserved),
            Stop = () => environment.Supervisor.Post(() => StopItself(executor)),
        };
        _telemetry = context.Telemetry;
        State = NodeState.Starting;
        _executor = executor;
        var start = _telemetry.Starting(Definition.Zone, ++_generation);
        _startedAt = environment.WorldClock.GetUtcNow();
        _node = Definition.Create(context);
        try
        {
            await RunAsync(executor, () => _node.StartAsync(cancellation));
        }
        catch (Exception e)
        {
            _telemetry.Started(start, e);
            LastFailure = e;
            environment.Log.Write(LogSeverity.Error, $"{Definition.Name} failed to start: {e.Message}");
            await CrashAsync(otherwise);
            throw;
        }
        _telemetry.Started(start, null);
        if (State == NodeState.Starting)
            State = NodeState.Running;
    }

    private async Task StopCoreAsync(CancellationToken cancellation)
    {
        if (State == NodeState.Restarting)
            State = NodeState.Stopped;
        if (_node is null)
            return;
        if (State == NodeState.Paused)
            _executor!.Resume();
        try
        {
            await RunAsync(_executor!, () => _node!.StopAsync(cancellation));
        }
        catch (Exception e) when (e is IOException || _executor!.IsDead)
        {
            // A broken disk does not keep a node from ending, nor does its own failure.
            LastFailure = e;
            environment.Log.Write(LogSeverity.Error, $"{Definition.Name} failed while it stopped: {e.Message}");
        }
        End(NodeState.Stopped);
    }

    // The node's own wish; it may come when a later generation runs already.
    private async void StopItself(NodeExecutor executor) => await SerialAsync(() =>
        ReferenceEquals(executor, _executor) && !executor.IsDead ? StopCoreAsync(CancellationToken.None) : Task.CompletedTask);

    // Completes also when the node fails meanwhile, after which nothing of it runs.
    private Task RunAsync(NodeExecutor executor, Func<ValueTask> body)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Unhandled = e =>
        {
            OnFailure(executor, e);
            done.TrySetException(e);
        };
        if (executor.IsDead)
            done.TrySetException(new InvalidOperationException($"{Definition.Name} has failed: {LastFailure?.Message}"));
        executor.Post(async () =>
        {
            try
            {
                await body();
                done.TrySetResult();
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
        });
        return done.Task;
    }

    // Comes on the node's own thread, in the middle of its turn.
    private void OnFailure(NodeExecutor executor, Exception failure)
    {
        if (executor.IsDead)
            return;
        executor.Kill();
        LastFailure = failure;
        _telemetry!.Failed(failure);
        // What the outside did to it (a disk error) needs no stack; a bug does.
        environment.Log.Write(LogSeverity.Error, $"{Definition.Name} failed: {(failure is IOException ? failure.Message : failure)}");
        environment.Supervisor.Post(() => Restart(executor));
    }

    // async void: an exception here is a bug of the supervisor.
    private async void Restart(NodeExecutor failed)
    {
        await SerialAsync(async () =>
        {
            if (ReferenceEquals(failed, _executor) && _node is not null)
                await CrashAsync(NodeState.Restarting);
        });
        if (_isRestarting)
            return;
        _isRestarting = true;
        while (State == NodeState.Restarting)
            await RestartOnceAsync();
        _isRestarting = false;
    }

    // The wait is outside of the lock: whoever stops, kills or starts the node meanwhile does not wait for it.
    private async Task RestartOnceAsync()
    {
        NodeExecutor? failed = null;
        var backoff = TimeSpan.Zero;
        await SerialAsync(() =>
        {
            failed = _executor;
            if (State == NodeState.Restarting)
                backoff = BackOff();
            return Task.CompletedTask;
        });
        if (State != NodeState.Restarting)
            return;
        await Task.Delay(backoff, environment.WorldClock);
        await SerialAsync(async () =>
        {
            if (State != NodeState.Restarting || !ReferenceEquals(failed, _executor))
                return;
            Restarts++;
            _telemetry!.Restarting();
            try
            {
                await StartCoreAsync(CancellationToken.None, otherwise: NodeState.Restarting);
            }
            catch (Exception)
            {
                // It is logged, and tried again after a longer wait.
            }
        });
    }

    private TimeSpan BackOff()
    {
        if (environment.WorldClock.GetUtcNow() - _startedAt > WellAfter)
            _failuresInARow = 0;
        if (++_failuresInARow <= RestartsMax)
            return TimeSpan.FromMilliseconds(10 << Math.Min(_failuresInARow, 10));
        State = NodeState.Failed;
        environment.Log.Write(LogSeverity.Error, $"{Definition.Name} failed {_failuresInARow} times in a row and stays down");
        return TimeSpan.Zero;
    }

    // A turn of the dead generation may still be going on, on the carrier's thread: what it writes and syncs must not come after the
    // crash, where its reply would acknowledge what is lost. So the disk crashes between two turns.
    private async Task CrashAsync(NodeState state)
    {
        _executor!.Kill();
        if (environment.Carrier.IsCurrent)
            environment.Crashed();
        else
            await new NodeExecutor(environment.Carrier, Definition.Name).RunAsync(() =>
            {
                environment.Crashed();
                return ValueTask.CompletedTask;
            });
        End(state);
    }

    private void End(NodeState state)
    {
        _executor!.Kill();
        _telemetry!.Over();
        environment.Detach();
        _node = null;
        State = state;
    }

    private async Task SerialAsync(Func<Task> action)
    {
        await _serial.WaitAsync();
        try
        {
            await action();
        }
        finally
        {
            _serial.Release();
        }
    }
}
