using Microcosm.Simulation;

namespace Microcosm.Specimen.Tests.Sim;

/// <summary>Runs one simulation again, from the line that a report printed.</summary>
public class Replay(ITestOutputHelper output)
{
    [Fact]
    public void What_failed_fails_again()
    {
        var result = SeedReplay.RunFromEnvironment(name => SpecimenSystem.Workloads.First(w => w.Name == name).Create);
        Assert.SkipUnless(result is not null, SeedReplay.NothingAsked);
        output.WriteLine(result.ToText());
        Assert.NotNull(result.Failure);
    }
}
