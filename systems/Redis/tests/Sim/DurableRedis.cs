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

    [Fact]
    public void Counts_each_addition_once_though_connections_are_reset()
    {
        var report = SeedRunner.Run(() => new CounterWorkload(), SeedsToRun.Options(200));
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
        Assert.True(report.Probes.GetValueOrDefault("fault/connection-was-reset") > 0, "no reset met a connection");
    }
}
