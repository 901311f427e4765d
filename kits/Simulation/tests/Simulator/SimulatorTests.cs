using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Register;
using Microcosm.Simulation.Tests.Samples.Wire;
using Microsoft.AspNetCore.Connections;

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
    public void Nodes_that_never_let_time_pass_are_ended()
    {
        var result = Simulation.Simulator.Run(1, async world =>
        {
            var (ping, pong) = (world.AddClient("ping"), world.AddClient("pong"));
            void Answer(NodeContext from, NodeContext to) => to.Executor.Post(() => Answer(to, from));
            Answer(ping, pong);
            await world.DelayAsync(TimeSpan.FromSeconds(1));
        });
        Assert.Equal("livelock", result.Failure!.Kind);
        Assert.Matches("ping|pong", result.Failure.Message);
        Assert.Equal(TimeSpan.Zero, result.Elapsed);
    }

    [Fact]
    public void Timers_that_are_due_at_once_for_ever_are_ended()
    {
        var result = Simulation.Simulator.Run(1, async world =>
        {
            var client = world.AddClient("client");
            ITimer? timer = null;
            timer = client.Clock.CreateTimer(_ => timer!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan), null,
                TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            await world.DelayAsync(TimeSpan.FromSeconds(2));
        });
        Assert.Equal(("livelock", TimeSpan.FromSeconds(1)), (result.Failure!.Kind, result.Elapsed));
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
    public void A_fault_that_waits_for_a_moment_meets_the_node_that_comes_to_it()
    {
        var result = Simulation.Simulator.Run(1, async world =>
        {
            foreach (var name in (string[])["n-1", "n-2"])
                world.AddNode(new NodeDefinition(name, LineNode.Port, context => new Answering(context)));
            await world.StartAsync();
            world.BeginFaults(FaultSchedule.Parse("Crash:@rings::5+100:0"));
            world.Comes("n-1", "rings");
            await world.DelayAsync(TimeSpan.FromMilliseconds(50));
            // Before the fault began, and another moment: neither counts.
            world.Comes("n-1", "sings");
            await world.DelayAsync(TimeSpan.FromMilliseconds(50));
            Assert.Equal(NodeState.Running, world.Host("n-1").State);
            world.Comes("n-2", "rings");
            world.Comes("n-1", "rings");
            await world.DelayAsync(TimeSpan.FromMilliseconds(50));
            Assert.Equal((NodeState.Running, NodeState.Killed), (world.Host("n-1").State, world.Host("n-2").State));
            await world.DelayAsync(TimeSpan.FromMilliseconds(200));
            Assert.Equal(NodeState.Running, world.Host("n-2").State);
        });
        Assert.Null(result.Failure);
        Assert.Equal(1, result.Probes["fault/@rings"]);
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

    [Fact]
    public void A_reset_ends_the_connections_between_two_and_no_others_and_happens_again_from_its_seed()
    {
        var first = RunReset();
        Assert.Null(first.Failure);
        Assert.Equal((1, 1), (first.Probes["fault/Reset"], first.Probes["fault/connection-was-reset"]));
        Assert.Equal(first.TraceHash, RunReset().TraceHash);
        var calm = RunReset(FaultSchedule.None);
        Assert.Equal("client-1 was not reset", calm.Failure!.Message);
        Assert.NotEqual(first.TraceHash, calm.TraceHash);
    }

    private static SimulationResult RunReset(FaultSchedule? schedule = null) => Simulation.Simulator.Run(1, async world =>
    {
        world.AddNode(new NodeDefinition("n-1", LineNode.Port, context => new Answering(context)));
        NodeContext[] clients = [world.AddClient("client-1"), world.AddClient("client-2")];
        await world.StartAsync();
        world.BeginFaults(schedule ?? FaultSchedule.Parse("Reset:client-1:n-1:100+0:0"));
        await Task.WhenAll(clients.Select(c => world.RunAsync(c, async () =>
        {
            await using var connection = await LineConnection.OpenAsync(c, "n-1", LineNode.Port, default);
            // Asked again and again: one request is under way when it happens.
            var error = await Record.ExceptionAsync(async () =>
            {
                while (world.Now < TimeSpan.FromSeconds(1))
                    Assert.Equal("hello", await connection.AskAsync("hello", default));
            });
            if (error is ConnectionResetException != (c.Name == "client-1"))
                throw new CheckFailedException("reset", $"{c.Name} was {(error is null ? "not " : "")}reset");
            await using var anew = await LineConnection.OpenAsync(c, "n-1", LineNode.Port, default);
            Assert.Equal("again", await anew.AskAsync("again", default));
        })));
    });

    private sealed class Answering(NodeContext context) : LineNode(context)
    {
        protected override ValueTask RecoverAsync() => ValueTask.CompletedTask;

        protected override ValueTask<string?> HandleAsync(string[] words) => new(string.Join(' ', words));
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
