using Microcosm.Simulation;

namespace Microcosm.Consensus.Tests.Sim;

/// <summary>The groups as they should be stand every seed. MICROCOSM_SEEDS says how many, MICROCOSM_FIRST_SEED from which on.</summary>
public class CorrectRaft(ITestOutputHelper output)
{
    private const int SeedsDefault = 40;

    [Theory]
    [InlineData("raft")]
    [InlineData("raft-5")]
    [InlineData("raft-elections")]
    [InlineData("raft-elections-5")]
    [InlineData("raft-lease")]
    public void Stands(string workload)
    {
        var report = SeedRunner.Run(SeedsToRun.Workload(workload), SeedsToRun.Options(SeedsDefault));
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
        Assert.Equal(SeedsToRun.Options(SeedsDefault).Count, report.SeedsRun);
    }

    [Fact]
    public void A_seed_is_one_story()
    {
        var first = SeedRunner.RunOne(SeedsToRun.Workload("raft-5"), 7);
        Assert.Equal(first.TraceHash, SeedRunner.RunOne(SeedsToRun.Workload("raft-5"), 7).TraceHash);
        Assert.NotEqual(first.TraceHash, SeedRunner.RunOne(SeedsToRun.Workload("raft-5"), 8).TraceHash);
    }
}
