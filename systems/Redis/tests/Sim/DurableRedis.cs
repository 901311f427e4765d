using Microcosm.Simulation;

namespace Microcosm.Redis.Tests.Sim;

/// <summary>Redis without planted bugs stands every seed.</summary>
public class DurableRedis(ITestOutputHelper output)
{
    [Fact]
    public void Loses_no_acknowledged_write_and_stays_linearizable()
    {
        var report = SeedRunner.Run(SeedsToRun.Workload, SeedsToRun.Options(2_000));
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
    }
}
