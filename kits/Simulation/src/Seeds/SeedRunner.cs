using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>Runs a workload over seeds until one fails, shrinks the faults of that one and reports.</summary>
public static class SeedRunner
{
    /// <summary>Runs seeds, on several threads if the options say so. The failure reported is that of the lowest failing seed.</summary>
    /// <param name="create">Makes a new workload for each simulation; called on several threads.</param>
    public static SeedReport Run(Func<IWorkload> create, SeedOptions options)
    {
        var sweep = new SeedSweep(seed => RunOne(create, seed, options.Schedule, options.Planted), options.First, options.Count)
        {
            OnSeedDone = options.OnSeedDone,
        };
        sweep.Run(options.Threads);
        var failure = sweep.Failing is { } failing ? Explain(create, failing, options) : null;
        return new(create().Name, sweep.SeedsRun, sweep.Steps, sweep.Elapsed, sweep.Probes, options.Planted, failure);
    }

    /// <summary>Runs one seed, on this thread.</summary>
    /// <param name="schedule">Faults in place of those drawn from the seed.</param>
    public static SimulationResult RunOne(
        Func<IWorkload> create, ulong seed, FaultSchedule? schedule = null, IReadOnlyList<string>? planted = null)
    {
        using var bugs = Bug.Plant(planted ?? []);
        return Simulator.Run(seed, async world =>
        {
            var workload = create();
            workload.Setup(world);
            await world.StartAsync();
            world.BeginFaults(schedule ?? FaultSwarm.Draw(world.Seed, workload.Faults, world.Nodes, world.Clients, workload.FaultsDuring));
            await workload.RunAsync(world);
            await world.HealAsync();
            await workload.CheckAsync(world);
        });
    }

    private static SeedFailure Explain(Func<IWorkload> create, SimulationResult failing, SeedOptions options)
    {
        SimulationResult Again(FaultSchedule schedule) => RunOne(create, failing.Seed, schedule, options.Planted);
        var second = Again(failing.Faults);
        var isReproduced = second.TraceHash == failing.TraceHash && second.Failure?.Message == failing.Failure!.Message;
        var shrinker = new ScheduleShrinker(Again, failing, options.ShrinkRunsMax);
        shrinker.Shrink();
        var replay = new SeedReplay(create().Name, failing.Seed, shrinker.Smallest.Faults, options.Planted).ToString();
        return new(failing, shrinker.Smallest, shrinker.Runs, isReproduced,
            options.ReplayCommand.Replace("{0}", replay, StringComparison.Ordinal));
    }
}
