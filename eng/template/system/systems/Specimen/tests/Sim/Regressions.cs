using Microcosm.Simulation;

namespace Microcosm.Specimen.Tests.Sim;

/// <summary>Seeds to run again, each with what it found, or what it stands for.</summary>
public class Regressions
{
    [Theory]
    [InlineData("specimen-registers", 1, "the first seed there was; replace it by the first one that fails")]
    public void Stand(string workload, ulong seed, string found)
    {
        var definition = SpecimenSystem.Workloads.First(w => w.Name == workload);
        var report = SeedRunner.Run(definition.Create, new SeedOptions { First = seed, Count = 1 });
        Assert.True(report.Failure is null, $"{found}:\n{report.ToText()}");
    }
}
