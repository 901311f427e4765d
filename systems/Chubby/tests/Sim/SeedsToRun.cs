using Microcosm.Chubby.Etcd;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Tests.Sim;

/// <summary>How many seeds: few unless the environment asks for more (<c>MICROCOSM_SEEDS</c>, <c>MICROCOSM_FIRST_SEED</c>).</summary>
internal static class SeedsToRun
{
    public static readonly Func<IWorkload> Workload = () => new RegisterWorkload();

    /// <summary>Any of the system's.</summary>
    public static Func<IWorkload> Named(string name) =>
        ChubbySystem.Workloads.Concat(EtcdSystem.Workloads).Single(w => w.Name == name).Create;

    public static SeedOptions Options(int count) =>
        SeedOptions.OfTests("systems/Chubby/tests/Sim", count) with { Threads = Environment.ProcessorCount };
}
