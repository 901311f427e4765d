using Microcosm.Simulation;

namespace Microcosm.Chubby.Tests.Sim;

/// <summary>A cell of three stands every seed.</summary>
public class Registers(ITestOutputHelper output)
{
    [Fact]
    public void Lose_no_acknowledged_write_and_stay_linearizable()
    {
        var report = SeedRunner.Run(SeedsToRun.Workload, SeedsToRun.Options(100));
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
        foreach (var probe in (string[])["chubby.node-reads", "chubby.node-changes"])
            Assert.True(report.Probes.GetValueOrDefault(probe) > 0, $"nothing happened: {probe}");
    }

    [Fact]
    public void Give_the_same_trace_for_the_same_seed()
    {
        var first = SeedRunner.RunOne(SeedsToRun.Workload, 7).TraceHash;
        for (var i = 0; i < 5; i++)
            Assert.Equal(first, SeedRunner.RunOne(SeedsToRun.Workload, 7).TraceHash);
        Assert.NotEqual(first, SeedRunner.RunOne(SeedsToRun.Workload, 8).TraceHash);
    }
}
