namespace Microcosm.Simulation;

/// <summary>
/// Runs a world on one thread, in virtual time, from one seed: nodes with memory disks on an in-memory fabric, whose every decision
/// comes from named streams. Time moves when nobody has anything to do. Two simulations may run on two threads at once.
/// </summary>
public static class Simulator
{
    // Busy runs take tens of thousands of steps in all.
    private const long StepsAtOnceMax = 1_000_000;

    /// <summary>
    /// Runs <paramref name="body"/> on the world's own executor; the simulation ends when it does. A million steps in one instant of
    /// virtual time are a <c>livelock</c>: nodes that answer each other for ever, over links that take no time, never let it pass.
    /// </summary>
    /// <param name="limit">Virtual time after which the run counts as failed; ten minutes by default.</param>
    public static SimulationResult Run(ulong seed, Func<SimulatedWorld, Task> body, TimeSpan? limit = null)
    {
        var probes = Probe.Begin();
        var before = SynchronizationContext.Current;
        var world = new SimulatedWorld(seed);
        try
        {
            SynchronizationContext.SetSynchronizationContext(null);
            var failure = Turn(world, world.Driver.RunAsync(() => new ValueTask(body(world))), limit ?? TimeSpan.FromMinutes(10));
            return new(seed, world.Carrier.TraceHash, world.Carrier.Steps, world.Now, world.Faults, probes, failure)
            {
                Log = failure is null ? [] : [.. world.Log],
            };
        }
        finally
        {
            world.End();
            SynchronizationContext.SetSynchronizationContext(before);
            Probe.End();
        }
    }

    private static SimulationFailure? Turn(SimulatedWorld world, Task body, TimeSpan limit)
    {
        long stepsBefore = 0;
        while (true)
        {
            var isLivelocked = false;
            while (!body.IsCompleted && world.Failure is null && !isLivelocked && world.Carrier.RunOne())
                isLivelocked = world.Carrier.Steps - stepsBefore == StepsAtOnceMax;
            if (world.Carrier.Escape is { } stack)
                return new("escape", "code of the simulation ran on a foreign thread", stack);
            if (world.Failure is { } failure)
                return failure;
            if (body.IsCompleted)
                return body.Exception?.InnerException is { } e ? SimulationFailure.Of(e) : world.NodeFailure();
            if (isLivelocked)
                return new("livelock", $"no rest at {HistoryTime.Text(world.Now)}: {string.Join(", ", world.Carrier.Waiting)}");
            var next = world.Clock.NextTimerTicks;
            // What escaped may be under way on its thread; a moment's wait finds the better explanation.
            if (next == long.MaxValue && SpinWait.SpinUntil(() => world.Carrier.Escape is not null, millisecondsTimeout: 100))
                continue;
            if (next == long.MaxValue)
                return new("stuck", $"nobody has anything to do at {HistoryTime.Text(world.Now)}, and no timer runs");
            if (world.Now > limit)
                return new("time-limit", $"not done after {HistoryTime.Text(world.Now)} of virtual time");
            if (next > world.Clock.GetTimestamp())
                stepsBefore = world.Carrier.Steps;
            world.Clock.AdvanceTo(next);
        }
    }
}
