using Microcosm.Simulation;

namespace Microcosm.Consensus.Tests.Sim;

/// <summary>What the bound on clocks is for: the same clocks, with leases that reckon with it and with leases that do not.</summary>
public class SkewedClocks(ITestOutputHelper output)
{
    private const int SeedsMax = 1_000;
    private const int SeedsGuarded = 60;

    [Fact]
    public void Beyond_the_bound_a_read_by_lease_is_stale()
    {
        var report = SeedRunner.Run(SeedsToRun.Workload("raft-lease-unguarded"),
            SeedsToRun.Options(SeedsMax) with { First = 1, Count = SeedsMax, ShrinkRunsMax = 40 });
        output.WriteLine(report.ToText());
        Assert.True(report.Failure is not null, $"no stale read within {SeedsMax} seeds");
        Assert.Equal("linearizability", report.Failure.Result.Failure!.Kind);
        Assert.True(report.Failure.IsReproduced, "the failing seed did not fail in the same way again");
        var guarded = SeedRunner.RunOne(SeedsToRun.Workload("raft-lease-skewed"), report.Failure.Result.Seed, report.Failure.Result.Faults);
        Assert.Null(guarded.Failure);
    }

    [Fact]
    public void Within_the_bound_no_read_by_lease_is_stale()
    {
        var report = SeedRunner.Run(SeedsToRun.Workload("raft-lease-skewed"), SeedsToRun.Options(SeedsGuarded));
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
        Assert.True(report.Probes["fault/@leads"] > 0);
    }
}
