using Microcosm.Simulation;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Workloads of whole clusters, and how many seeds: few unless the environment asks for more (<c>MICROCOSM_SEEDS</c>,
/// <c>MICROCOSM_FIRST_SEED</c>).</summary>
internal static class ClusterWorkloads
{
    public static Func<IWorkload> Named(string name) => KafkaSystem.Workloads.Single(w => w.Name == name).Create;

    public static SeedOptions Options(int count) =>
        SeedOptions.OfTests("systems/Kafka/tests/Sim", count) with { Threads = Environment.ProcessorCount };
}
