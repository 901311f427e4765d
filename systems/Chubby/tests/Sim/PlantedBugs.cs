using Microcosm.Simulation;

namespace Microcosm.Chubby.Tests.Sim;

/// <summary>
/// The proof that Chubby's simulation bites: each bug is planted alone and must be found, and again from the same seed.
/// </summary>
public class PlantedBugs(ITestOutputHelper output)
{
    private const int SeedsMax = 1_000;

    // What clients can see; a run that is stuck or finds no rest is none of it.
    private static readonly string[] Findings = ["chubby.stale", "chubby.sequencer"];

    [Theory]
    [InlineData("chubby/write-before-caches-forget")]
    [InlineData("chubby/new-master-does-not-wait")]
    [InlineData("chubby/cache-kept-at-fail-over")]
    [InlineData("chubby/lease-without-end")]
    [InlineData("chubby/lease-told-and-half-kept")]
    [InlineData("chubby/cached-while-changed")]
    [InlineData("chubby/sequencer-without-generation")]
    public void Is_found(string bug)
    {
        var report = SeedRunner.Run(SeedsToRun.Named("chubby-locks"),
            SeedsToRun.Options(SeedsMax) with { Count = SeedsMax, Planted = [bug], ShrinkRunsMax = 20 });
        output.WriteLine(report.ToText());
        Assert.True(report.Failure is not null, $"{bug} was not found within {SeedsMax} seeds");
        Assert.True(report.Failure.IsReproduced, "the failing seed did not fail in the same way again");
        Assert.Contains(report.Failure.Result.Failure!.Kind, Findings);
    }
}
