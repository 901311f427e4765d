namespace Microcosm.Simulation.Tests.Samples;

/// <summary>
/// The proof that the simulator bites: each bug that the samples can have is planted alone and must be found within 1,000 seeds, in
/// the way it would hurt, and again from the same seed. The output shows seed, shrunk faults and explanation.
/// </summary>
public class PlantedBugs(ITestOutputHelper output)
{
    private const int SeedsMax = 1_000;

    [Theory]
    [InlineData("store", "wal/acknowledged-before-sync", "linearizability")]
    [InlineData("ledger", "wal/acknowledged-before-sync", "durability.lost")]
    [InlineData("store", "wal/torn-record-accepted", "linearizability")]
    [InlineData("ledger", "wal/torn-tail-left-in-place", "durability.lost")]
    [InlineData("ledger", "wal/last-record-skipped", "durability.lost")]
    [InlineData("store", "store/names-not-synced", "linearizability")]
    [InlineData("store", "store/snapshot-not-synced", "linearizability")]
    [InlineData("store", "store/sync-of-the-wrong-file", "linearizability")]
    [InlineData("store", "store/dirty-read", "linearizability")]
    [InlineData("store", "store/failed-compaction-ignored", "linearizability")]
    [InlineData("store", "wal/acknowledged-though-the-sync-failed", "linearizability")]
    [InlineData("ledger", "wal/failed-sync-tried-again", "durability.lost")]
    [InlineData("register", "register/acknowledged-by-a-minority", "linearizability")]
    [InlineData("register", "register/stale-read-after-fail-over", "linearizability")]
    [InlineData("register", "register/read-from-a-backup", "linearizability")]
    [InlineData("register", "register/writes-reordered", "linearizability")]
    [InlineData("register", "register/promise-not-kept", "linearizability")]
    [InlineData("register", "register/own-state-after-fail-over", "linearizability")]
    [InlineData("ledger", "ledger/retry-applied-again", "durability.duplicated")]
    [InlineData("ledger", "ledger/answers-not-persisted", "durability.duplicated")]
    [InlineData("ledger", "ledger/retry-answered-before-sync", "durability.lost")]
    [InlineData("locks", "locks/lease-without-clock-bound", "lease.exclusion")]
    [InlineData("locks", "locks/leases-forgotten-at-restart", "lease.exclusion")]
    [InlineData("locks", "locks/release-of-anothers-lease", "lease.exclusion")]
    [InlineData("locks", "locks/fencing-token-not-checked", "lease.fencing")]
    [InlineData("locks", "locks/fencing-token-not-persisted", "lease.fencing")]
    public void Is_found(string sample, string bug, string kind)
    {
        var report = SeedRunner.Run(SampleWorkload.All["sample-" + sample],
            SeedsToRun.Options(SeedsMax) with { Count = SeedsMax, Planted = [bug] });
        output.WriteLine(report.ToText());
        Assert.True(report.Failure is not null, $"{bug} was not found within {SeedsMax} seeds");
        Assert.Equal(kind, report.Failure.Result.Failure!.Kind);
        Assert.True(report.Failure.IsReproduced, "the failing seed did not fail in the same way again");
        Assert.True(report.Failure.Shrunk.Faults.Faults.Count <= report.Failure.Result.Faults.Faults.Count);
    }
}
