using Microcosm.Simulation;

namespace Microcosm.Specimen.Tests.Sim;

/// <summary>Without planted bugs every seed stands; with one, some seed finds it.</summary>
public class Registers(ITestOutputHelper output)
{
    private const int SeedsMax = 1_000;

    [Fact]
    public void Lose_nothing_and_stay_linearizable()
    {
        var report = SeedRunner.Run(() => new RegisterWorkload(), Options(200));
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
    }

    [Theory]
    [InlineData("specimen/acknowledged-before-sync")]
    public void Show_a_planted_bug(string bug)
    {
        var report = SeedRunner.Run(() => new RegisterWorkload(), Options(SeedsMax) with { Count = SeedsMax, Planted = [bug] });
        output.WriteLine(report.ToText());
        Assert.True(report.Failure is not null, $"{bug} was not found within {SeedsMax} seeds");
        Assert.True(report.Failure.IsReproduced, "the failing seed did not fail in the same way again");
    }

    private static SeedOptions Options(int count) =>
        SeedOptions.OfTests("systems/Specimen/tests/Sim", count) with { Threads = Environment.ProcessorCount };
}
