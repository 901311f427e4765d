using Microcosm.Simulation;

namespace Microcosm.Consensus.Tests.Sim;

/// <summary>How many seeds: few unless the environment asks for more (<c>MICROCOSM_SEEDS</c>, <c>MICROCOSM_FIRST_SEED</c>).</summary>
internal static class SeedsToRun
{
    public static Func<IWorkload> Workload(string name) =>
        ConsensusWorkloads.All.Append(ConsensusWorkloads.Skewed).Append(ConsensusWorkloads.Unguarded).Single(w => w.Name == name).Create;

    public static SeedOptions Options(int count) =>
        SeedOptions.OfTests("kits/Consensus/tests/Sim", count) with { Threads = Environment.ProcessorCount };
}
