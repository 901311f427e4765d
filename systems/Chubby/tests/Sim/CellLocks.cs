using Microcosm.Simulation;

namespace Microcosm.Chubby.Tests.Sim;

/// <summary>Chubby's own API stands every seed.</summary>
public class CellLocks(ITestOutputHelper output)
{
    [Fact]
    public void Let_no_old_holders_sequencer_pass_and_no_cache_be_stale()
    {
        var report = SeedRunner.Run(SeedsToRun.Named("chubby-locks"), SeedsToRun.Options(60));
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
        foreach (var probe in (string[])["chubby.grants", "chubby.checks", "chubby.writes", "chubby.sessions-with-cache-hits"])
            Assert.True(report.Probes.GetValueOrDefault(probe) > 0, $"nothing happened: {probe}");
    }

    [Fact]
    public void Give_the_same_trace_for_the_same_seed() => Assert.Equal(
        SeedRunner.RunOne(SeedsToRun.Named("chubby-locks"), 3).TraceHash, SeedRunner.RunOne(SeedsToRun.Named("chubby-locks"), 3).TraceHash);
}
