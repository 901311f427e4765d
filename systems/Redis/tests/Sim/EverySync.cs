using Microcosm.Simulation;

namespace Microcosm.Redis.Tests.Sim;

/// <summary>
/// A crash in each sync there is, one after the other: of the log, of a rewrite's new increment, manifest and base, of a saved RDB file.
/// What happens between two syncs is not durable before the second, so no point of a disk's life is left out.
/// </summary>
public class EverySync(ITestOutputHelper output)
{
    private const int Syncs = 120;
    private const int Seeds = 5;

    [Fact]
    public void May_be_the_last()
    {
        var crashes = 0L;
        for (var sync = 1; sync <= Syncs; sync++)
        {
            var crash = FaultSchedule.Parse($"CrashInSync:redis-1::500+200:{sync}");
            var report = SeedRunner.Run(SeedsToRun.Workload, SeedsToRun.Options(Seeds) with { Count = Seeds, Schedule = crash });
            report.ThrowIfFailed();
            crashes += report.Probes.GetValueOrDefault("fault/CrashInSync");
        }
        Assert.True(crashes > Syncs, "most runs had too few syncs to crash in");
        output.WriteLine($"{crashes} crashes, each in another sync of its seed");
    }
}
