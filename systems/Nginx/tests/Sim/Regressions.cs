using Microcosm.Simulation;

namespace Microcosm.Nginx.Tests;

/// <summary>Seeds to run again, each with what it found, or what it stands for.</summary>
public class Regressions
{
    [Theory]
    [InlineData("nginx-upstreams", 1, "the first seed; none has found a bug that stayed")]
    public void Stand(string workload, ulong seed, string found)
    {
        var definition = NginxSystem.Workloads.First(w => w.Name == workload);
        var report = SeedRunner.Run(definition.Create, new SeedOptions { First = seed, Count = 1 });
        Assert.True(report.Failure is null, $"{found}:\n{report.ToText()}");
    }
}
