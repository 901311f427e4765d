using Microcosm.Simulation;

namespace Microcosm.Consensus.Tests.Sim;

/// <summary>
/// The proof that the simulation bites: each of these bugs is planted alone and must be found within 1,000 seeds, and again from the same
/// seed.
/// </summary>
public class PlantedBugs(ITestOutputHelper output)
{
    private const int SeedsMax = 1_000;

    // What a wrong protocol leads to; a run that is stuck, or a broken test, is none of it.
    private static readonly string[] Findings =
    [
        "invariant", "linearizability", "durability.lost", "unavailable",
        "raft.two-leaders", "raft.term", "raft.divergence", "raft.convergence", "raft.lease",
    ];

    [Theory]
    [InlineData("raft/votes-for-a-shorter-log", "raft-5")]
    [InlineData("raft/apply-before-commit", "raft")]
    [InlineData("raft/acknowledged-before-sync", "raft")]
    [InlineData("raft/append-without-term-check", "raft-elections-5")]
    [InlineData("raft/truncates-without-conflict", "raft")]
    [InlineData("raft/pre-vote-brings-a-term", "raft")]
    [InlineData("raft/snapshot-not-synced", "raft")]
    [InlineData("raft/commits-an-old-term-by-counting", "raft-elections")]
    [InlineData("raft/lease-without-clock-bound", "raft-lease")]
    [InlineData("raft/lease-kept-in-transfer", "raft-lease")]
    [InlineData("raft/vote-not-persisted", "raft-elections")]
    [InlineData("raft/past-leader-obeyed", "raft-elections")]
    [InlineData("raft/read-without-confirmation", "raft-lease")]
    [InlineData("raft/read-before-own-term", "raft")]
    [InlineData("raft/several-voters-in-one-step", "raft-5")]
    [InlineData("raft/snapshot-forgets-membership", "raft-5")]
    [InlineData("raft/votes-right-after-restart", "raft-lease")]
    public void Is_found(string bug, string workload)
    {
        var report = SeedRunner.Run(SeedsToRun.Workload(workload),
            SeedsToRun.Options(SeedsMax) with { Count = SeedsMax, Planted = [bug], ShrinkRunsMax = 0 });
        output.WriteLine(report.ToText());
        Assert.True(report.Failure is not null, $"{bug} was not found within {SeedsMax} seeds");
        Assert.True(report.Failure.IsReproduced, "the failing seed did not fail in the same way again");
        Assert.Contains(report.Failure.Result.Failure!.Kind, Findings);
    }
}
