using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>
/// Brings a schedule about. Links, clocks and disks always show what the faults that are active together demand, so that faults may
/// overlap and end in any order.
/// </summary>
internal sealed class FaultDriver(SimulatedWorld world)
{
    private const double LatencyMs = 0.2;
    private const double JitterMs = 1.5;
    private const int SyncMs = 1;

    private readonly List<ScheduledFault> _active = [];
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
        _active.Clear();
        Refresh();
        foreach (var node in world.Nodes)
        {
            world.Host(node).Resume();
            await StartAsync(node);
        }
    }

    // async void: what goes wrong here is the simulator's failure and ends the run.
    private async void Live(ScheduledFault fault)
    {
        await world.DelayAsync(TimeSpan.FromMilliseconds(fault.AtMs));
        if (_isOver)
            return;
        _active.Add(fault);
        world.Carrier.Mix((ulong)fault.AtMs);
        Probe.Hit("fault/" + fault.Kind);
        Refresh();
        if (fault.Kind == FaultKind.Crash)
            await world.Host(fault.Target).KillAsync();
        if (fault.Kind == FaultKind.Pause && world.Nodes.Contains(fault.Target))
            world.Host(fault.Target).Pause();

        await world.DelayAsync(TimeSpan.FromMilliseconds(fault.ForMs));
        if (!_active.Remove(fault))
            return;
        Refresh();
        if (fault.Kind == FaultKind.Pause && world.Nodes.Contains(fault.Target) && !IsUnder(FaultKind.Pause, fault.Target))
            world.Host(fault.Target).Resume();
        if (fault.Kind == FaultKind.Crash && !IsUnder(FaultKind.Crash, fault.Target))
            await StartAsync(fault.Target);
    }

    private async Task StartAsync(string node)
    {
        try
        {
            await world.Host(node).StartAsync();
            Refresh();
        }
        catch (Exception e)
        {
            world.Fail(SimulationFailure.Of(e) with { Message = $"{node} does not start from its disk: {e.Message}" });
        }
    }

    private bool IsUnder(FaultKind kind, string target) => _active.Exists(f => f.Kind == kind && f.Target == target);

    /// <summary>Brings links, clocks and disks in line with the active faults.</summary>
    public void Refresh()
    {
        world.Fabric.Links.Set("*", "*", new LinkState(LatencyMs: LatencyMs, JitterMs: JitterMs));
        foreach (var from in Names())
        {
            foreach (var to in Names())
                RefreshLink(from, to);
            RefreshClock(from);
        }
        foreach (var node in world.Nodes)
        {
            var slow = _active.Where(f => f.Kind == FaultKind.SlowDisk && f.Target == node).Sum(f => f.Amount);
            world.Disk(node).SyncLatency = TimeSpan.FromMilliseconds(SyncMs + slow);
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
        world.Fabric.Links.Set(from, to, new LinkState(cut, LatencyMs, JitterMs + slow));
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

    private static bool Joins(ScheduledFault f, string a, string b) => Matches(f, a, b) || Matches(f, b, a);

    private static bool Matches(ScheduledFault f, string from, string to) => f.Target == from && (f.Other == to || f.Other == "*");
}
