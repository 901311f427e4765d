using Microcosm.Simulation;

namespace Microcosm.Chubby.Tests.Sim;

/// <summary>etcd's clusters of three and five stand every seed.</summary>
public class EtcdCluster(ITestOutputHelper output)
{
    [Theory]
    [InlineData("etcd-registers", 60, "etcd.writes", "etcd.past-reads")]
    [InlineData("etcd-locks", 40, "etcd.locks", "etcd.elections", "etcd.guarded-writes", "etcd.leases-ended", "etcd.observed")]
    [InlineData("etcd-watches", 60, "etcd.writes", "etcd.events", "etcd.watches-compacted")]
    public void Stands(string workload, int seeds, params string[] happened)
    {
        var report = SeedRunner.Run(SeedsToRun.Named(workload), SeedsToRun.Options(seeds));
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
        foreach (var probe in happened)
            Assert.True(report.Probes.GetValueOrDefault(probe) > 0, $"nothing happened: {probe}");
    }

    [Theory]
    [InlineData("etcd-registers")]
    [InlineData("etcd-locks")]
    [InlineData("etcd-watches")]
    public void Gives_the_same_trace_for_the_same_seed(string workload)
    {
        var first = SeedRunner.RunOne(SeedsToRun.Named(workload), 7).TraceHash;
        for (var i = 0; i < 3; i++)
            Assert.Equal(first, SeedRunner.RunOne(SeedsToRun.Named(workload), 7).TraceHash);
        Assert.NotEqual(first, SeedRunner.RunOne(SeedsToRun.Named(workload), 8).TraceHash);
    }
}
