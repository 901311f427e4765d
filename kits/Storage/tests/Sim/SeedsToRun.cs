using Microcosm.Simulation;

namespace Microcosm.Storage.Tests.Sim;

/// <summary>How many seeds: few unless the environment asks for more (<c>MICROCOSM_SEEDS</c>, <c>MICROCOSM_FIRST_SEED</c>).</summary>
internal static class SeedsToRun
{
    public static readonly Func<IWorkload> Workload = StorageWorkloads.All.Single(w => w.Name == "storage-log").Create;

    public static SeedOptions Options(int count) => SeedOptions.OfTests("kits/Storage/tests", count);
}
