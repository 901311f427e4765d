using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Testing;

/// <summary>
/// One run of a test under <see cref="SeedsAttribute"/>: its seed, and worlds and simulations that come from it. If the test fails, what
/// fired in these worlds is printed with the command that runs this seed again.
/// </summary>
public sealed class SeededRun
{
    private const int ShrinkRunsMax = 200;

    private readonly List<World> _worlds = [];

    internal SeededRun(ulong seed, SeedRange range) => (Seed, Range) = (new Seed(seed), range);

    /// <summary>Where every random decision of the test comes from: <c>run.Seed.Stream("values")</c>.</summary>
    public Seed Seed { get; }

    /// <summary>The range that the seed is from.</summary>
    internal SeedRange Range { get; }

    /// <summary>The worlds that the run started, stopped ones too.</summary>
    internal IReadOnlyList<World> Worlds => _worlds;

    /// <summary>Starts a world from this run's seed. The caller disposes it.</summary>
    public async Task<World> StartWorldAsync(Action<WorldBuilder> configure, CancellationToken cancellation = default)
    {
        var world = await World.StartAsync(
            w =>
            {
                w.Options.Seed = Seed.Value;
                configure(w);
            },
            cancellation);
        _worlds.Add(world);
        return world;
    }

    /// <summary>
    /// Simulates a workload from this run's seed, faults included. Throws <see cref="CheckFailedException"/> with the whole report when it
    /// fails; the faults of a test's first failing seed are shrunk.
    /// </summary>
    /// <param name="create">Makes a new workload; called again for each simulation.</param>
    public void Simulate(Func<IWorkload> create) => SeedRunner.Run(create, new SeedOptions
    {
        First = Seed.Value,
        Count = 1,
        Schedule = Range.Replay?.Faults,
        Planted = Range.Replay?.Planted ?? [],
        ShrinkRunsMax = Range.MayShrink ? ShrinkRunsMax : 0,
        ReplayCommand = Range.Command.OfReplay("{0}"),
    }).ThrowIfFailed();

    /// <summary>Names the run in the test's name.</summary>
    public override string ToString() => $"seed {Seed.Value}";
}
