using Microcosm.Simulation;

namespace Microcosm.Chubby.Tests.Sim;

/// <summary>The proof that etcd's simulations bite: each bug is planted alone and must be found, and again from the same seed.</summary>
public class EtcdPlantedBugs(ITestOutputHelper output)
{
    private const int SeedsMax = 1_000;

    [Theory]
    [InlineData("etcd-registers", "etcd/read-without-read-index")]
    [InlineData("etcd-registers", "etcd/compares-with-the-revision-before")]
    [InlineData("etcd-registers", "etcd/compaction-forgotten-at-restart")]
    [InlineData("etcd-locks", "etcd/lock-looks-once")]
    [InlineData("etcd-locks", "etcd/lease-restored-without-keys")]
    [InlineData("etcd-locks", "etcd/expiry-outruns-renewal")]
    [InlineData("etcd-locks", "etcd/lease-renewed-without-asking")]
    [InlineData("etcd-locks", "etcd/new-leader-keeps-old-deadlines")]
    [InlineData("etcd-watches", "etcd/watch-misses-what-a-snapshot-brought")]
    [InlineData("etcd-watches", "etcd/compacted-watch-goes-on")]
    [InlineData("etcd-watches", "etcd/deletion-compacted-under-a-watch")]
    public void Is_found(string workload, string bug)
    {
        var report = SeedRunner.Run(SeedsToRun.Named(workload),
            SeedsToRun.Options(SeedsMax) with { Count = SeedsMax, Planted = [bug], ShrinkRunsMax = 20 });
        output.WriteLine(report.ToText());
        Assert.True(report.Failure is not null, $"{bug} was not found within {SeedsMax} seeds");
        Assert.True(report.Failure.IsReproduced, "the failing seed did not fail in the same way again");
    }
}
