using Microcosm.Simulation;

namespace Microcosm.Storage.Tests.Sim;

/// <summary>The workload <c>storage-log</c>: it stands every seed, and each planted bug is found within 1,000.</summary>
public class StorageLog(ITestOutputHelper output)
{
    private const int SeedsMax = 1_000;

    [Fact]
    public void Stands_every_seed()
    {
        var options = SeedsToRun.Options(100);
        var report = SeedRunner.Run(SeedsToRun.Workload, options);
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
        Assert.Equal(options.Count, report.SeedsRun);
    }

    /// <summary>A crash in each sync there is, one after the other.</summary>
    [Fact]
    public void Stands_a_crash_in_every_sync()
    {
        var crashes = 0L;
        for (var sync = 1; sync <= 100; sync++)
        {
            var crash = FaultSchedule.Parse($"CrashInSync:log-1::0+50:{sync}");
            var report = SeedRunner.Run(SeedsToRun.Workload, SeedsToRun.Options(3) with { Count = 3, Schedule = crash });
            report.ThrowIfFailed();
            crashes += report.Probes.GetValueOrDefault("fault/CrashInSync");
        }
        output.WriteLine($"{crashes} crashes, each in another sync of its seed");
        Assert.True(crashes > 150, $"most runs had too few syncs to crash in: {crashes}");
    }

    [Theory]
    [InlineData("log/names-not-synced")]
    [InlineData("log/commit-covers-later-writes")]
    [InlineData("log/torn-tail-kept")]
    [InlineData("log/cut-not-durable")]
    [InlineData("log/sealed-before-sync")]
    [InlineData("log/deleted-before-state")]
    [InlineData("state/copies-overwritten-together")]
    public void Finds(string bug)
    {
        var report = SeedRunner.Run(SeedsToRun.Workload, SeedsToRun.Options(SeedsMax) with { Count = SeedsMax, Planted = [bug] });
        output.WriteLine(report.ToText());
        Assert.True(report.Failure is not null, $"{bug} was not found within {SeedsMax} seeds");
        Assert.True(report.Failure.IsReproduced, "the failing seed did not fail in the same way again");
        Assert.Contains(report.Failure.Result.Failure!.Kind, new[] { "storage.log", "storage.state", nameof(DamagedFileException) });
    }
}
