using System.Globalization;

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

    /// <summary>
    /// Options for the tests of a project: <paramref name="count"/> seeds from 1 on, unless the environment asks for others
    /// (<c>MICROCOSM_SEEDS</c>, <c>MICROCOSM_FIRST_SEED</c>). What fails is replayed by a test class <c>Replay</c> of the project, which
    /// asks <see cref="SeedReplay.RunFromEnvironment"/>.
    /// </summary>
    /// <param name="project">Its folder, from the root of the repository.</param>
    /// <param name="count">How many seeds.</param>
    public static SeedOptions OfTests(string project, int count) => new()
    {
        First = Number("MICROCOSM_FIRST_SEED", 1),
        Count = (int)Number("MICROCOSM_SEEDS", (ulong)count),
        ReplayCommand =
            $"{SeedReplay.Variable}=\"{{0}}\" dotnet run -c Release --project {project} -- -class '*.Replay' -showLiveOutput",
    };

    private static ulong Number(string variable, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
