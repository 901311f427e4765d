using Microcosm.Simulation;

namespace Microcosm.Chubby.Tests.Sim;

/// <summary>Runs one simulation again, from the line that a report printed.</summary>
public class Replay(ITestOutputHelper output)
{
    [Fact]
    public void What_failed_fails_again()
    {
        if (Environment.GetEnvironmentVariable("MICROCOSM_REPLAY") is not { } line)
        {
            Assert.Skip("MICROCOSM_REPLAY says what to replay: the last line but one of a report.");
            return;
        }
        var replay = SeedReplay.Parse(line);
        var result = SeedRunner.RunOne(SeedsToRun.Named(replay.Workload), replay.Seed, replay.Faults, replay.Planted);
        output.WriteLine($"{replay}\ntrace {result.TraceHash:x16}, {result.Steps} steps");
        output.WriteLine(result.Failure is { } failure ? $"{failure.Kind}: {failure.Message}\n{failure.Stack}" : "no failure");
        Assert.NotNull(result.Failure);
    }
}
