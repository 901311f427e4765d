namespace Microcosm.Simulation;

/// <summary>What a <see cref="SeedRunner"/> is to run.</summary>
public sealed record SeedOptions
{
    /// <summary>The first seed.</summary>
    public ulong First { get; init; } = 1;

    /// <summary>How many, at most: the first failure ends the run.</summary>
    public int Count { get; init; } = 100;

    /// <summary>Threads; each simulation stays on one.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Bugs to plant, by name; needs a build that can (<see cref="Runtime.Bug"/>).</summary>
    public IReadOnlyList<string> Planted { get; init; } = [];

    /// <summary>Faults in place of those drawn from the seed: to replay a shrunk schedule.</summary>
    public FaultSchedule? Schedule { get; init; }

    /// <summary>Simulations that shrinking may take; 0 leaves the schedule as it is.</summary>
    public int ShrinkRunsMax { get; init; } = 200;

    /// <summary>Called after each seed, with how many are done, on the thread that ran it: to show progress.</summary>
    public Action<int>? OnSeedDone { get; init; }

    /// <summary>The command line that replays a failure; <c>{0}</c> stands for a <see cref="SeedReplay"/>.</summary>
    public string ReplayCommand { get; init; } = "cosm sim {0}";
}
