using Microcosm.Simulation;

namespace Microcosm.Redis.Tests.Sim;

/// <summary>
/// The proof that the simulation bites: each of these bugs in Redis is planted alone and must be found within 1,000 seeds, in the way it
/// would hurt, and again from the same seed.
/// </summary>
public class PlantedBugs(ITestOutputHelper output)
{
    private const int SeedsMax = 1_000;

    [Theory]
    [InlineData("redis/acknowledged-before-sync")]
    [InlineData("redis/sync-covers-later-writes")]
    [InlineData("redis/dirty-read", "redis-counters")]
    [InlineData("redis/manifest-not-synced")]
    [InlineData("redis/torn-tail-left-in-place")]
    [InlineData("redis/half-a-transaction-kept")]
    [InlineData("redis/transaction-not-wrapped")]
    [InlineData("redis/watch-is-blind")]
    [InlineData("redis/served-pop-not-logged")]
    [InlineData("redis/base-not-synced")]
    [InlineData("redis/snapshot-sees-later-writes")]
    [InlineData("redis/failed-sync-ignored")]
    [InlineData("redis/failed-sync-tried-again")]
    public void Is_found(string bug, string by = "redis-durable")
    {
        var workload = RedisSystem.Workloads.First(w => w.Name == by);
        var report = SeedRunner.Run(workload.Create, SeedsToRun.Options(SeedsMax) with { Count = SeedsMax, Planted = [bug] });
        output.WriteLine(report.ToText());
        Assert.True(report.Failure is not null, $"{bug} was not found within {SeedsMax} seeds");
        Assert.True(report.Failure.IsReproduced, "the failing seed did not fail in the same way again");
    }
}
