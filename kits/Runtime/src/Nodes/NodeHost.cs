namespace Microcosm.Runtime;

/// <summary>
/// Runs the generations of one node: starts, stops, kills, pauses it, and restarts it from its disk when it fails. A failure ends the
/// node's generation, never the process. Calls may come from any thread but the node's own; they are serialised.
/// </summary>
public sealed class NodeHost(NodeDefinition definition, NodeEnvironment environment)
{
    private const int RestartsMax = 10;

    private readonly SemaphoreSlim _serial = new(1, 1);
    private Node? _node;
    private NodeExecutor? _executor;
    private NodeTelemetry? _telemetry;
    private long _generation;
    private int _failuresInARow;

    /// <summary>Name, port, zone.</summary>
    public NodeDefinition Definition { get; } = definition;

    /// <summary>Where the node is in its life.</summary>
    public NodeState State { get; private set; }

    /// <summary>How often the supervisor restarted it after a failure.</summary>
    public int Restarts { get; private set; }

    /// <summary>The last failure, or null.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>The clock of the present generation; offsets and drift outlive a restart.</summary>
    public NodeClock? Clock { get; private set; }

    /// <summary>Starts a generation and completes when the node serves.</summary>
    public Task StartAsync(CancellationToken cancellation = default) => SerialAsync(() => StartCoreAsync(cancellation));

    /// <summary>Ends the node gracefully.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => SerialAsync(async () =>
    {
        if (_node is null)
            return;
        if (State == NodeState.Paused)
            _executor!.Resume();
        await _executor!.RunAsync(() => _node!.StopAsync(cancellation));
        End(NodeState.Stopped);
    });

    /// <summary>Kills the node where it stands: connections are reset, unsynced writes of a memory disk are lost or torn.</summary>
    public Task KillAsync() => SerialAsync(() =>
    {
        if (_node is not null)
            Crash(NodeState.Killed);
        return Task.CompletedTask;
    });

    /// <summary>Kills the node if it runs and starts it again from its disk.</summary>
    public Task RestartAsync(CancellationToken cancellation = default) => SerialAsync(async () =>
    {
        if (_node is not null)
            Crash(NodeState.Killed);
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
        SerialAsync(() => _node is null ? Task.CompletedTask : _executor!.RunAsync(() => _node!.CheckpointAsync(cancellation)));

    /// <summary>
    /// Runs on the node's executor with the present generation; for Inside views and tests. Throws when the node is down.
    /// </summary>
    public async Task<T> AskAsync<T>(Func<Node, T> question)
    {
        T? answer = default;
        var node = _node ?? throw new InvalidOperationException($"{Definition.Name} is {State}.");
        await _executor!.RunAsync(() =>
        {
            answer = question(node);
            return ValueTask.CompletedTask;
        });
        return answer!;
    }

    private async Task StartCoreAsync(CancellationToken cancellation)
    {
        if (_node is not null)
            return;
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
            Telemetry = new NodeTelemetry(Definition.Telemetry, Definition.Name, Clock),
        };
        _telemetry = context.Telemetry;
        State = NodeState.Starting;
        _executor = executor;
        var start = _telemetry.Starting(Definition.Zone, ++_generation);
        _node = Definition.Create(context);
        try
        {
            await executor.RunAsync(() => _node.StartAsync(cancellation));
        }
        catch (Exception e)
        {
            _telemetry.Started(start, e);
            Crash(NodeState.Failed);
            throw;
        }
        _telemetry.Started(start, null);
        if (State == NodeState.Starting)
            State = NodeState.Running;
        _failuresInARow = 0;
    }

    // Comes on the node's own thread, in the middle of its turn.
    private void OnFailure(NodeExecutor executor, Exception failure)
    {
        if (executor.IsDead)
            return;
        executor.Kill();
        LastFailure = failure;
        _telemetry!.Failed(failure);
        environment.Log.Write(LogSeverity.Error, $"{Definition.Name} failed: {failure}");
        environment.Supervisor.Post(() => _ = SerialAsync(() => RestartAfterFailureAsync(executor)));
    }

    private async Task RestartAfterFailureAsync(NodeExecutor executor)
    {
        if (!ReferenceEquals(executor, _executor) || _node is null)
            return;
        Crash(NodeState.Killed);
        if (++_failuresInARow > RestartsMax)
        {
            State = NodeState.Failed;
            return;
        }
        Restarts++;
        _telemetry!.Restarting();
        var backoff = TimeSpan.FromMilliseconds(10 << Math.Min(_failuresInARow, 10));
        await Task.Delay(backoff, environment.WorldClock);
        var failures = _failuresInARow;
        await StartCoreAsync(CancellationToken.None);
        // Only a node that stays up starts over with short waits.
        _failuresInARow = failures;
    }

    private void Crash(NodeState state)
    {
        _executor!.Kill();
        environment.Crashed();
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
