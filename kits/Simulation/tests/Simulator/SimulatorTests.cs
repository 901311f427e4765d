using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Register;

namespace Microcosm.Simulation.Tests.Simulator;

public class SimulatorTests
{
    [Fact]
    public void The_same_seed_gives_the_same_trace_every_time_and_on_every_thread()
    {
        var hashes = new ulong[12];
        var threads = Enumerable.Range(0, 3).Select(t => new Thread(() =>
        {
            for (var i = t; i < hashes.Length; i += 3)
                hashes[i] = SeedRunner.RunOne(() => new RegisterWorkload(), 7).TraceHash;
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Single(hashes.Distinct());
        Assert.NotEqual(hashes[0], SeedRunner.RunOne(() => new RegisterWorkload(), 8).TraceHash);
    }

    [Fact]
    public void Time_that_nobody_uses_takes_no_time()
    {
        var result = Simulation.Simulator.Run(1, world => world.DelayAsync(TimeSpan.FromDays(30)), TimeSpan.FromDays(31));
        Assert.Null(result.Failure);
        Assert.Equal(TimeSpan.FromDays(30), result.Elapsed);
        Assert.InRange(result.Steps, 1, 10);
    }

    [Fact]
    public void Code_that_leaves_the_simulation_is_caught_with_its_stack()
    {
        var result = Simulation.Simulator.Run(1, async world =>
        {
            // Joined, so that the post has happened: a Task.Run that wins the race against its await posts nothing and is not seen.
            var context = SynchronizationContext.Current!;
            var stranger = new Thread(() => context.Post(_ => { }, null));
            stranger.Start();
            stranger.Join();
            await world.DelayAsync(TimeSpan.FromMilliseconds(1));
        });
        Assert.Equal("escape", result.Failure!.Kind);
        Assert.Contains("NodeExecutor.Post", result.Failure.Stack, StringComparison.Ordinal);
    }

    [Fact]
    public void A_world_in_which_nobody_can_go_on_is_stuck()
    {
        var result = Simulation.Simulator.Run(1, _ => new TaskCompletionSource().Task);
        Assert.Equal("stuck", result.Failure!.Kind);
    }

    [Fact]
    public void A_world_that_never_ends_is_ended()
    {
        var result = Simulation.Simulator.Run(1, async world =>
        {
            while (true)
                await world.DelayAsync(TimeSpan.FromSeconds(1));
        }, TimeSpan.FromMinutes(1));
        Assert.Equal("time-limit", result.Failure!.Kind);
    }

    [Fact]
    public void A_failed_check_names_its_kind()
    {
        var result = Simulation.Simulator.Run(1, _ => throw new CheckFailedException("durability.lost", "x is gone"));
        Assert.Equal(("durability.lost", "x is gone"), (result.Failure!.Kind, result.Failure.Message));
    }

    [Fact]
    public void Probes_belong_to_one_simulation()
    {
        Probe.Hit("outside");
        var first = Simulation.Simulator.Run(1, _ =>
        {
            Probe.Hit("rare");
            Probe.Hit("rare");
            return Task.CompletedTask;
        });
        var second = Simulation.Simulator.Run(2, _ => Task.CompletedTask);
        Assert.Equal([new("rare", 2)], first.Probes);
        Assert.Empty(second.Probes);
    }

    [Fact]
    public void A_crash_in_the_middle_of_a_sync_finds_it_unfinished()
    {
        var started = 0;
        var result = Simulation.Simulator.Run(1, async world =>
        {
            world.AddNode(new NodeDefinition("n-1", 1, context => new Syncing(context, () => started++)));
            await world.StartAsync();
            world.BeginFaults(FaultSchedule.Parse("CrashInSync:n-1::5+10:2"));
            await world.DelayAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(NodeState.Running, world.Host("n-1").State);
        });
        Assert.Null(result.Failure);
        Assert.Equal(2, started);
        Assert.Equal(1, result.Probes["fault/CrashInSync"]);
    }

    private sealed class Syncing(NodeContext context, Action starts) : Node(context)
    {
        public override ValueTask StartAsync(CancellationToken cancellation)
        {
            starts();
            Write();
            return ValueTask.CompletedTask;
        }

        public override ValueTask StopAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        private async void Write()
        {
            var file = Context.Disk.Open("f", DiskOpen.OrCreate);
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), Context.Clock);
                file.Append("x"u8);
                await file.SyncAsync();
            }
        }
    }
}
