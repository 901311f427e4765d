using System.Text.Json;
using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Seeds;

public class SeedRunnerTests
{
    /// <summary>Fails when node b is down at a time when a has been down: needs two crashes.</summary>
    private sealed class TwoCrashes : IWorkload
    {
        public string Name => "two-crashes";

        public FaultProfile Faults => new() { Kinds = [FaultKind.Crash, FaultKind.Slow, FaultKind.Partition] };

        public void Setup(SimulatedWorld world)
        {
            foreach (var name in new[] { "a", "b" })
                world.AddNode(new NodeDefinition(name, 1, c => new Idle(c)));
        }

        public async Task RunAsync(SimulatedWorld world)
        {
            var aWasDown = false;
            for (var i = 0; i < 400; i++)
            {
                await world.DelayAsync(TimeSpan.FromMilliseconds(5));
                aWasDown |= world.Host("a").State == NodeState.Killed;
                if (aWasDown && world.Host("b").State == NodeState.Killed)
                    throw new CheckFailedException("both", "b went down after a");
            }
        }

        public Task CheckAsync(SimulatedWorld world) => Task.CompletedTask;
    }

    private sealed class Idle(NodeContext context) : Node(context)
    {
        public override ValueTask StartAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public override ValueTask StopAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }

    private static SeedReport Run(int threads = 1) =>
        SeedRunner.Run(() => new TwoCrashes(), new SeedOptions { Count = 200, Threads = threads });

    [Fact]
    public void A_failing_schedule_shrinks_to_the_faults_that_it_needs()
    {
        var failure = Run().Failure!;
        Assert.True(failure.IsReproduced);
        Assert.True(failure.Result.Faults.Faults.Count > 2);
        Assert.Equal(["a", "b"], failure.Shrunk.Faults.Faults.Select(f => f.Target));
        Assert.All(failure.Shrunk.Faults.Faults, f => Assert.Equal(FaultKind.Crash, f.Kind));
        Assert.All(failure.Shrunk.Faults.Faults, f => Assert.InRange(f.ForMs, 1, 9));
        Assert.Equal("both", failure.Shrunk.Failure!.Kind);
    }

    [Fact]
    public void The_shrunk_schedule_fails_again_with_the_same_trace()
    {
        var failure = Run().Failure!;
        Assert.Equal($"cosm sim two-crashes --seed {failure.Result.Seed} --faults '{failure.Shrunk.Faults}'", failure.Replay);
        var replay = SeedReplay.Parse(failure.Replay["cosm sim ".Length..]);
        var again = SeedRunner.RunOne(() => new TwoCrashes(), replay.Seed, replay.Faults);
        Assert.Equal(failure.Shrunk.TraceHash, again.TraceHash);
        Assert.Equal("both", again.Failure!.Kind);
    }

    [Fact]
    public void A_replay_reads_what_it_writes()
    {
        var replay = SeedReplay.Parse("store --seed 4 --faults 'Crash:a::1+2:0 Slow:a:b:3+4:5' --planted x/y,z");
        Assert.Equal(("store", 4UL, 2), (replay.Workload, replay.Seed, replay.Faults.Faults.Count));
        Assert.Equal(["x/y", "z"], replay.Planted);
        Assert.Equal("a --seed 1 --faults 'none'", SeedReplay.Parse("a --seed 1 --faults 'none'").ToString());
        Assert.Throws<FormatException>(() => SeedReplay.Parse("a --seed x --faults 'none'"));
    }

    [Fact]
    public void Threads_change_nothing_in_a_report()
    {
        Assert.Equal(Run(1).ToText(), Run(3).ToText());
    }

    [Fact]
    public void A_report_is_read_by_people_and_programs()
    {
        var report = Run();
        var text = report.ToText();
        foreach (var part in new[] { "two-crashes:", "seed:  ", "failure:     both", "shrunk to:   2 in",
            "why:         b went down after a", "replay:", "probes:" })
            Assert.Contains(part, text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(report.ToJson());
        var failure = json.RootElement.GetProperty("failure");
        Assert.Equal(report.Failure!.Result.Seed, failure.GetProperty("seed").GetUInt64());
        Assert.Equal(2, failure.GetProperty("shrunk").GetProperty("faults").GetArrayLength());
        Assert.Throws<CheckFailedException>(report.ThrowIfFailed);
    }

    [Fact]
    public void Seeds_that_all_stand_are_all_run()
    {
        var report = SeedRunner.Run(() => new TwoCrashes(), new SeedOptions { Count = 20, Schedule = FaultSchedule.None });
        Assert.Equal((20, null), (report.SeedsRun, report.Failure));
        report.ThrowIfFailed();
        Assert.Contains("no failure", report.ToText(), StringComparison.Ordinal);
    }
}
