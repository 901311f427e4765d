using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>
/// Brings a schedule about. Links, clocks and disks always show what the faults that are active together demand, so that faults may
/// overlap and end in any order.
/// </summary>
internal sealed class FaultDriver(SimulatedWorld world)
{
    private const int StartAgainMs = 20;

    private const double LaterMs = 10;

    // Longer than any sync takes.
    private const int SettleMs = 1_000;

    // How fast this world's network and disks are when nothing is wrong: every run has its own.
    private readonly double _latencyMs = world.Seed.Stream("latency").Pick([0.1, 0.5, 3.0]);
    private readonly double _jitterMs = world.Seed.Stream("jitter").Pick([0.5, 2.0, 8.0]);
    private readonly int _syncMs = world.Seed.Stream("sync").Pick([0, 1, 5, 20]);

    private readonly List<ScheduledFault> _active = [];
    private readonly List<Armed> _armed = [];
    private readonly List<(string Moment, TaskCompletionSource<string> Node)> _waiting = [];
    private readonly DiskFaultDriver _disks = new(world);
    private readonly HashSet<string> _disturbed = new(StringComparer.Ordinal);
    private bool _isOver = true;

    public FaultSchedule Schedule { get; private set; } = FaultSchedule.None;

    public void Begin(FaultSchedule schedule)
    {
        Schedule = schedule;
        _isOver = false;
        foreach (var fault in schedule.Faults)
            Live(fault);
    }

    public async Task EndAsync()
    {
        _isOver = true;
        _armed.Clear();
        _waiting.Clear();
        _active.Clear();
        _disks.EndAll();
        Refresh();
        // A sync that was to fail may still be under way, and end its node.
        if (Schedule.Faults.Any(f => f.Kind == FaultKind.DiskError))
            await world.DelayAsync(TimeSpan.FromMilliseconds(SettleMs));
        foreach (var node in world.Nodes)
        {
            world.Host(node).Resume();
            await StartAsync(node);
        }
    }

    /// <summary>Told of every sync that a node begins.</summary>
    public void SyncBegins(string node)
    {
        for (var i = 0; i < _armed.Count; i++)
        {
            if (_armed[i].Fault.Target == node && --_armed[i].SyncsLeft == 0)
                _armed[i].Due.TrySetResult();
        }
    }

    /// <summary>Told of every moment that a node comes to: one fault that waits for it takes the node.</summary>
    public void Comes(string node, string moment)
    {
        var first = _waiting.FindIndex(w => w.Moment == moment);
        if (first < 0)
            return;
        var due = _waiting[first].Node;
        _waiting.RemoveAt(first);
        due.TrySetResult(node);
    }

    // async void: what goes wrong here is the simulator's failure and ends the run.
    private async void Live(ScheduledFault fault)
    {
        await world.DelayAsync(TimeSpan.FromMilliseconds(fault.AtMs));
        if (fault.AwaitsMoment && !_isOver)
            fault = fault with { Target = await MomentAsync(fault) };
        if (fault.Kind == FaultKind.CrashInSync && !_isOver)
            await MiddleOfSyncAsync(fault);
        if (_isOver)
            return;
        _active.Add(fault);
        world.Carrier.Mix((ulong)fault.AtMs);
        Probe.Hit("fault/" + fault.Kind);
        _disks.Begin(fault);
        Refresh();
        if (IsCrash(fault))
            await world.Host(fault.Target).KillAsync();
        if (fault.Kind == FaultKind.Pause)
            world.Host(fault.Target).Pause();
        if (fault.Kind == FaultKind.Reset)
            ResetConnections(fault);

        await world.DelayAsync(TimeSpan.FromMilliseconds(fault.ForMs));
        if (!_active.Remove(fault))
            return;
        _disks.End(fault);
        Refresh();
        if (fault.Kind == FaultKind.Pause && !_active.Exists(f => f.Kind == FaultKind.Pause && f.Target == fault.Target))
            world.Host(fault.Target).Resume();
        if (IsCrash(fault) && !_active.Exists(f => IsCrash(f) && f.Target == fault.Target))
            await StartAsync(fault.Target);
    }

    private void ResetConnections(ScheduledFault fault)
    {
        foreach (var other in Names().Where(n => n != fault.Target && Matches(fault, fault.Target, n)))
        {
            for (var left = world.Fabric.ResetConnections(fault.Target, other); left > 0; left--)
                Probe.Hit("fault/connection-was-reset");
        }
    }

    // At once, so that what the node does in that turn is on its way and no more; or a little later.
    private async Task<string> MomentAsync(ScheduledFault fault)
    {
        var due = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((fault.Target[1..], due));
        var node = await due.Task;
        Probe.Hit("fault/" + fault.Target);
        var random = world.Seed.Stream($"moment/{fault}");
        if (random.Chance(0.5))
            await world.DelayAsync(TimeSpan.FromMilliseconds(random.NextDouble() * LaterMs));
        return node;
    }

    private async Task MiddleOfSyncAsync(ScheduledFault fault)
    {
        var armed = new Armed(fault);
        _armed.Add(armed);
        await armed.Due.Task;
        _armed.Remove(armed);
        var random = world.Seed.Stream($"sync/{fault}");
        await world.DelayAsync(world.Disk(fault.Target).SyncLatency * random.NextDouble());
    }

    private async Task StartAsync(string node)
    {
        try
        {
            await world.Host(node).StartAsync();
            Refresh();
        }
        catch (IOException e) when (DiskError.All.Any(d => d.Number == e.HResult))
        {
            // Tried again until the disk is well; in the end, without faults, all nodes are started anyway.
            Probe.Hit("fault/no-start-from-a-broken-disk");
            await world.DelayAsync(TimeSpan.FromMilliseconds(StartAgainMs));
            if (!_isOver && !_active.Exists(f => IsCrash(f) && f.Target == node))
                await StartAsync(node);
        }
        catch (Exception e)
        {
            world.Fail(SimulationFailure.Of(e) with { Message = $"{node} does not start from its disk: {e.Message}" });
        }
    }

    /// <summary>Brings links, clocks and disks in line with the active faults.</summary>
    public void Refresh()
    {
        world.Fabric.Links.Set("*", "*", new LinkState(LatencyMs: _latencyMs, JitterMs: _jitterMs));
        foreach (var from in Names())
        {
            foreach (var to in Names())
                RefreshLink(from, to);
            RefreshClock(from);
        }
        foreach (var node in world.Nodes)
        {
            var slow = _active.Where(f => f.Kind == FaultKind.SlowDisk && f.Target == node).Sum(f => f.Amount);
            world.Disk(node).SyncLatency = TimeSpan.FromMilliseconds(_syncMs + slow);
        }
    }

    private IEnumerable<string> Names() => world.Nodes.Concat(world.Clients);

    private void RefreshLink(string from, string to)
    {
        if (from == to)
            return;
        var cut = _active.Exists(f => (f.Kind == FaultKind.OneWay && Matches(f, from, to)) || (f.Kind == FaultKind.Partition
            && Joins(f, from, to)));
        var slow = _active.Where(f => f.Kind == FaultKind.Slow && Joins(f, from, to)).Sum(f => f.Amount);
        var isDisturbed = cut || slow > 0;
        if (!isDisturbed && !_disturbed.Contains(from + "→" + to))
            return;
        _disturbed.Add(from + "→" + to);
        world.Fabric.Links.Set(from, to, new LinkState(cut, _latencyMs, _jitterMs + slow));
    }

    private void RefreshClock(string name)
    {
        if (world.ClockOf(name) is not { } clock)
            return;
        var drift = _active.Where(f => f.Kind == FaultKind.ClockDrift && f.Target == name).Select(f => f.Amount).LastOrDefault();
        if (Math.Abs(clock.DriftPpm - drift) > 0.5)
            clock.DriftPpm = drift;
        clock.Offset = TimeSpan.FromMilliseconds(_active.Where(f => f.Kind == FaultKind.ClockJump && f.Target == name).Sum(f => f.Amount));
    }

    private bool Joins(ScheduledFault f, string a, string b) => Matches(f, a, b) || Matches(f, b, a);

    private bool Matches(ScheduledFault f, string from, string to) =>
        f.Target == from && (f.Other == to || f.Other == "*" || (f.Other == "@nodes" && world.Nodes.Contains(to)));

    private static bool IsCrash(ScheduledFault f) => f.Kind is FaultKind.Crash or FaultKind.CrashInSync;

    private sealed class Armed(ScheduledFault fault)
    {
        public ScheduledFault Fault { get; } = fault;
        public int SyncsLeft { get; set; } = fault.Amount;
        public TaskCompletionSource Due { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
