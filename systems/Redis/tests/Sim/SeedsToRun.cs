using Microcosm.Simulation;

namespace Microcosm.Redis.Tests.Sim;

/// <summary>How many seeds: few unless the environment asks for more (<c>MICROCOSM_SEEDS</c>, <c>MICROCOSM_FIRST_SEED</c>).</summary>
internal static class SeedsToRun
{
    public static readonly Func<IWorkload> Workload = () => new DurableRedisWorkload();

    public static SeedOptions Options(int count) =>
        SeedOptions.OfTests("systems/Redis/tests/Sim", count) with { Threads = Environment.ProcessorCount };
}
