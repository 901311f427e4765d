namespace Microcosm.Simulation.Tests.Samples;

/// <summary>How many seeds: few unless the environment asks for more (<c>MICROCOSM_SEEDS</c>, <c>MICROCOSM_FIRST_SEED</c>).</summary>
internal static class SeedsToRun
{
    public static SeedOptions Options(int count) => SeedOptions.OfTests("kits/Simulation/tests", count);
}
