using Microcosm.Simulation;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Tasks that write to, sync, cut and shorten a log side by side, in the simulator.</summary>
public sealed class LogWorkloadTests(ITestOutputHelper output)
{
    private const int SeedsMax = 1_000;

    [Theory]
    [InlineData("kafka-log", 200)]
    [InlineData(LogWorkloads.Cleaner, 100)]
    public void A_log_stands_every_seed(string workload, int seeds)
    {
        var options = SeedOptions.OfTests("systems/Kafka/tests/Sim", seeds);
        var report = SeedRunner.Run(() => LogWorkloads.Create(workload), options);
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
        Assert.Equal(options.Count, report.SeedsRun);
    }

    [Theory]
    [InlineData("kafka/names-not-synced")]
    [InlineData("kafka/sync-covers-later-appends")]
    [InlineData("kafka/checkpoint-before-sync")]
    [InlineData("kafka/checkpoint-not-lowered")]
    public void Finds(string bug)
    {
        var options = SeedOptions.OfTests("systems/Kafka/tests/Sim", SeedsMax);
        options = options with { Count = SeedsMax, Planted = [bug], ShrinkRunsMax = 20 };
        var report = SeedRunner.Run(() => LogWorkloads.Create("kafka-log"), options);
        output.WriteLine(report.ToText());
        Assert.True(report.Failure is not null, $"{bug} was not found within {SeedsMax} seeds");
        Assert.True(report.Failure.IsReproduced, "the failing seed did not fail in the same way again");
    }
}
