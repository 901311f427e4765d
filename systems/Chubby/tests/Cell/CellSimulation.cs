using Microcosm.Simulation;

namespace Microcosm.Chubby.Cell.Tests;

/// <summary>MICROCOSM_SEEDS says how many seeds, MICROCOSM_FIRST_SEED from which on.</summary>
public sealed class CellSimulation(ITestOutputHelper output)
{
    [Fact]
    public void No_stale_read_and_no_two_holders_whose_sequencers_pass()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("MICROCOSM_SEEDS") ?? "10");
        var first = ulong.Parse(Environment.GetEnvironmentVariable("MICROCOSM_FIRST_SEED") ?? "1");
        var report = SeedRunner.Run(() => new CellWorkload(), new SeedOptions { First = first, Count = count });
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
        foreach (var probe in (string[])["chubby.grants", "chubby.checks", "chubby.writes", "chubby.sessions-with-cache-hits"])
            Assert.True(report.Probes.GetValueOrDefault(probe) > 0, probe);
    }

    [Fact]
    public void A_seed_is_one_story() => Assert.Equal(
        SeedRunner.RunOne(() => new CellWorkload(), 3).TraceHash, SeedRunner.RunOne(() => new CellWorkload(), 3).TraceHash);
}
