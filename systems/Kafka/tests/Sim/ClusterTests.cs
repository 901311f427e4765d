using Microcosm.Simulation;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Clusters stand every seed.</summary>
public class ClusterTests(ITestOutputHelper output)
{
    public static TheoryData<string> Workloads() => [.. KafkaSystem.Workloads.Select(w => w.Name)];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Nothing_committed_is_lost(string workload)
    {
        var report = SeedRunner.Run(ClusterWorkloads.Named(workload), ClusterWorkloads.Options(25));
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void The_same_seed_gives_the_same_trace(string workload)
    {
        var run = () => SeedRunner.RunOne(ClusterWorkloads.Named(workload), 7).TraceHash;
        Assert.Equal(run(), run());
        Assert.NotEqual(run(), SeedRunner.RunOne(ClusterWorkloads.Named(workload), 8).TraceHash);
    }
}
