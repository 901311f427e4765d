namespace Microcosm.Runtime.Tests;

/// <summary>Generations of a node: start, failure, kill, restart from the disk.</summary>
public sealed class NodeHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_node_that_fails_is_restarted_from_its_disk()
    {
        var world = new Harness();
        await world.Host.StartAsync();
        await world.Host.AskAsync(n => ((CountingNode)n).Fail());
        while (world.Host.Restarts == 0 || world.Host.State != NodeState.Running)
        {
            await Task.Yield();
            world.Clock.Advance(TimeSpan.FromMilliseconds(5));
        }
        Assert.Equal(2, await world.Host.AskAsync(n => ((CountingNode)n).Starts).WaitAsync(Patience));
        Assert.IsType<InvariantException>(world.Host.LastFailure);
    }

    [Fact]
    public async Task Nothing_of_a_killed_generation_runs_again()
    {
        var world = new Harness();
        await world.Host.StartAsync();
        var node = (CountingNode)await world.Host.AskAsync(n => (object)n);
        var ran = false;
        using var timer = node.Context.Clock.CreateTimer(_ => ran = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        await world.Host.KillAsync();
        Assert.Equal(NodeState.Killed, world.Host.State);
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        await world.Host.StartAsync();
        await world.Host.AskAsync(n => 0);
        Assert.False(ran);
    }

    [Fact]
    public async Task A_question_that_a_killed_node_did_not_come_to_is_refused()
    {
        var world = new Harness();
        await world.Host.StartAsync();
        world.Host.Pause();
        var asked = world.Host.AskAsync(n => 0);
        await world.Host.KillAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => asked.WaitAsync(Patience));
    }

    [Fact]
    public async Task The_disk_crashes_only_once_the_turn_that_was_under_way_is_over()
    {
        var world = new Harness();
        await world.Host.StartAsync();
        using var hasBegun = new ManualResetEventSlim();
        using var isKilled = new ManualResetEventSlim();
        var crashesSeen = -1;
        var node = (CountingNode)await world.Host.AskAsync(n => (object)n);
        var turn = world.Host.AskAsync(_ =>
        {
            hasBegun.Set();
            isKilled.Wait(Patience);
            return crashesSeen = world.Crashes;
        });
        hasBegun.Wait(Patience);
        var kill = world.Host.KillAsync();
        Assert.True(node.Context.Executor.IsDead);
        isKilled.Set();
        await kill.WaitAsync(Patience);
        await turn.WaitAsync(Patience);
        Assert.Equal((0, 1), (crashesSeen, world.Crashes));
    }

    [Fact]
    public async Task A_node_that_asks_to_be_stopped_ends_in_order_and_stays_down()
    {
        var world = new Harness();
        await world.Host.StartAsync();
        var first = (CountingNode)await world.Host.AskAsync(n => (object)n);
        first.Context.Stop();
        while (world.Host.State != NodeState.Stopped)
            await Task.Yield();
        Assert.True(first.HasStopped);
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        await world.Host.StartAsync();
        // The wish was the first generation's.
        first.Context.Stop();
        Assert.Equal(2, await world.Host.AskAsync(n => ((CountingNode)n).Starts));
        Assert.Equal((NodeState.Running, 0), (world.Host.State, world.Host.Restarts));
    }

    [Fact]
    public async Task A_node_that_cannot_start_says_why()
    {
        var world = new Harness { FailsToStart = true };
        var failure = await Assert.ThrowsAsync<IOException>(() => world.Host.StartAsync());
        Assert.Equal("no disk", failure.Message);
        Assert.Equal(NodeState.Failed, world.Host.State);
    }

    [Fact]
    public async Task A_node_whose_disk_is_broken_is_tried_again_after_longer_and_longer_waits_and_then_left()
    {
        var world = new Harness();
        await world.Host.StartAsync();
        world.Plan.Add("disk.open error=EIO");
        await world.Host.AskAsync(n => ((CountingNode)n).Fail());
        var restarts = 0;
        var waits = new List<double>();
        var since = world.Clock.GetUtcNow();
        while (world.Host.State != NodeState.Failed || restarts == 0)
        {
            await Task.Yield();
            // Only while the supervisor waits: time that runs on while it works would count as a node that was well.
            if (world.Host.State == NodeState.Restarting && world.Clock.PendingTimers > 0)
                world.Clock.Advance(TimeSpan.FromMilliseconds(5));
            if (world.Host.Restarts == restarts)
                continue;
            restarts = world.Host.Restarts;
            waits.Add((world.Clock.GetUtcNow() - since).TotalMilliseconds);
            since = world.Clock.GetUtcNow();
        }
        Assert.Equal(10, restarts);
        Assert.True(waits[^1] > 100 * waits[0], string.Join(' ', waits));
        Assert.Equal("Input/output error : 'starts'", world.Host.LastFailure!.Message);
        Assert.Contains(world.Log.Lines, l => l.Message == "n-1 failed to start: Input/output error : 'starts'");
        Assert.Contains("stays down", world.Log.Lines[^1].Message);

        world.Plan.Clear();
        await world.Host.RestartAsync();
        Assert.Equal(NodeState.Running, world.Host.State);
    }

    [Fact]
    public async Task A_node_that_waits_for_its_restart_can_be_killed_and_started_at_once()
    {
        var world = new Harness();
        await world.Host.StartAsync();
        await world.Host.AskAsync(n => ((CountingNode)n).Fail());
        while (world.Host.State != NodeState.Restarting)
            await Task.Yield();
        await world.Host.KillAsync().WaitAsync(Patience);
        Assert.Equal(NodeState.Killed, world.Host.State);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Host.StartAsync().WaitAsync(Patience);
        Assert.Equal((NodeState.Running, 0), (world.Host.State, world.Host.Restarts));
    }

    [Fact]
    public async Task A_node_that_fails_while_it_stops_has_stopped()
    {
        var world = new Harness();
        await world.Host.StartAsync();
        world.Plan.Add("disk.open error=ENOSPC");
        await world.Host.StopAsync().WaitAsync(Patience);
        Assert.Equal(NodeState.Stopped, world.Host.State);
        Assert.Contains("failed while it stopped: No space left on device", world.Log.Lines[^1].Message);
    }

    [Fact]
    public async Task A_skew_outlives_a_restart()
    {
        var world = new Harness();
        await world.Host.StartAsync();
        world.Host.Clock!.Offset = TimeSpan.FromSeconds(9);
        await world.Host.RestartAsync();
        Assert.Equal(TimeSpan.FromSeconds(9), world.Host.Clock!.Offset);
    }

    [Fact]
    public async Task Starts_failures_and_restarts_are_told()
    {
        using var heard = new Listening("Microcosm.Tests.Life");
        var world = new Harness("Microcosm.Tests.Life");
        await world.Host.StartAsync();
        await world.Host.AskAsync(n => ((CountingNode)n).Fail());
        while (world.Host.Restarts == 0 || world.Host.State != NodeState.Running)
        {
            await Task.Yield();
            world.Clock.Advance(TimeSpan.FromMilliseconds(5));
        }
        Assert.Equal(["node start", "node failure", "node start"], heard.Spans.Select(s => s.DisplayName));
        Assert.Equal([1L, null, 2L], heard.Spans.Select(s => s.GetTagItem("microcosm.node.generation")));
        Assert.Equal(typeof(InvariantException).FullName, heard.Spans[1].GetTagItem("error.type"));
        Assert.Equal((2, 1, 1), (heard.Sum("microcosm.node.starts", "microcosm.node", "n-1"),
            heard.Sum("microcosm.node.failures", "microcosm.node", "n-1"), heard.Sum("microcosm.node.restarts", "microcosm.node", "n-1")));
    }

    private sealed class Harness
    {
        public Harness(string telemetry = "Microcosm.Tests.Nodes")
        {
            Plan = new FaultPlan(new Seed(1), Clock);
            Log = new NodeLog("n-1", Clock);
            var environment = new NodeEnvironment
            {
                Carrier = new SerialCarrier(),
                WorldClock = Clock,
                Disk = new FaultyDisk(new MemoryDisk(), Plan, "n-1", new Seed(1), Clock),
                Seed = new Seed(1),
                Faults = Plan,
                Log = Log,
                Attach = (_, _) => null!,
                Supervisor = new NodeExecutor(new SerialCarrier(), "supervisor"),
                Detach = () => { },
                Crashed = () => Crashes++,
            };
            Host = new NodeHost(new NodeDefinition("n-1", 1, c => new CountingNode(c, FailsToStart))
            {
                Telemetry = new SystemTelemetry(telemetry, "nodes", TelemetryConventions.General),
            }, environment);
        }

        public WorldClock Clock { get; } = new(null, DateTimeOffset.UnixEpoch);

        public NodeHost Host { get; }

        public FaultPlan Plan { get; }

        public NodeLog Log { get; }

        public bool FailsToStart { get; init; }

        public int Crashes { get; private set; }
    }

    private sealed class CountingNode(NodeContext context, bool fails) : Node(context)
    {
        public int Starts { get; private set; }

        public bool HasStopped { get; private set; }

        public bool Fail()
        {
            Context.Executor.Post(() => Invariant.Fail("planted"));
            return true;
        }

        public override async ValueTask StartAsync(CancellationToken cancellation)
        {
            if (fails)
                throw new IOException("no disk");
            using var file = Context.Disk.Open("starts", DiskOpen.OrCreate);
            file.Append([1]);
            await file.SyncAsync(cancellation);
            Starts = (int)file.Length;
        }

        public override ValueTask StopAsync(CancellationToken cancellation)
        {
            Context.Disk.Open("starts", DiskOpen.OrCreate).Dispose();
            HasStopped = true;
            return ValueTask.CompletedTask;
        }
    }
}
