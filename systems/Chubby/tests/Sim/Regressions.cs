using Microcosm.Simulation;

namespace Microcosm.Chubby.Tests.Sim;

/// <summary>Seeds to run again, each with what it found, or what it stands for.</summary>
public class Regressions
{
    [Theory]
    [InlineData("chubby-registers", 7, "the seed whose trace is compared between runs")]
    public void Stand(string workload, ulong seed, string found)
    {
        var definition = ChubbySystem.Workloads.First(w => w.Name == workload);
        var report = SeedRunner.Run(definition.Create, new SeedOptions { First = seed, Count = 1 });
        Assert.True(report.Failure is null, $"{found}:\n{report.ToText()}");
    }
}
