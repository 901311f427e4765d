using Microcosm.Simulation;

namespace Microcosm.Redis.Tests.Sim;

/// <summary>Seeds to run again, each with what it found, or what it stands for.</summary>
public class Regressions
{
    [Theory]
    [InlineData("redis-durable", 20, "the seed that the README replays")]
    [InlineData("redis-durable", 7, "the seed whose trace is compared between processes")]
    public void Stand(string workload, ulong seed, string found)
    {
        var definition = RedisSystem.Workloads.First(w => w.Name == workload);
        var report = SeedRunner.Run(definition.Create, new SeedOptions { First = seed, Count = 1 });
        Assert.True(report.Failure is null, $"{found}:\n{report.ToText()}");
    }
}
