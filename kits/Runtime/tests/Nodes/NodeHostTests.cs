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
    public async Task A_node_that_cannot_start_says_why()
    {
        var world = new Harness { FailsToStart = true };
        var failure = await Assert.ThrowsAsync<IOException>(() => world.Host.StartAsync());
        Assert.Equal("no disk", failure.Message);
        Assert.Equal(NodeState.Failed, world.Host.State);
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
            var environment = new NodeEnvironment
            {
                Carrier = new SerialCarrier(),
                WorldClock = Clock,
                Disk = new MemoryDisk(),
                Seed = new Seed(1),
                Faults = new FaultPlan(new Seed(1), Clock),
                Log = new NodeLog("n-1", Clock),
                Attach = (_, _) => null!,
                Supervisor = new NodeExecutor(new SerialCarrier(), "supervisor"),
                Detach = () => { },
                Crashed = () => { },
            };
            Host = new NodeHost(new NodeDefinition("n-1", 1, c => new CountingNode(c, FailsToStart))
            {
                Telemetry = new SystemTelemetry(telemetry, "nodes", TelemetryConventions.General),
            }, environment);
        }

        public WorldClock Clock { get; } = new(null, DateTimeOffset.UnixEpoch);

        public NodeHost Host { get; }

        public bool FailsToStart { get; init; }
    }

    private sealed class CountingNode(NodeContext context, bool fails) : Node(context)
    {
        public int Starts { get; private set; }

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

        public override ValueTask StopAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
