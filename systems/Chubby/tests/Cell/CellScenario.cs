using System.Text;
using Microcosm.Chubby.Client;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Cell.Tests;

/// <summary>A cell and clients in the simulator.</summary>
internal sealed class CellScenario(SimulatedWorld world, NodeContext main, int replicas)
{
    public const int LeaseMs = 2_000;

    public SimulatedWorld World => world;

    /// <summary>Runs a story on a client's executor; what it throws fails the test.</summary>
    public static void Run(Func<CellScenario, Task> story, int replicas = 3)
    {
        var result = Simulator.Run(1, async world =>
        {
            var system = new ChubbySystem(new ChubbyOptions { Replicas = replicas, TickTime = 400, LeaseMs = LeaseMs });
            foreach (var node in system.Nodes)
                world.AddNode(node);
            var main = world.AddClient("main");
            var scenario = new CellScenario(world, main, replicas);
            await world.StartAsync();
            await world.RunAsync(main, () => story(scenario));
        });
        Assert.True(result.Failure is null, $"{result.Failure}\n{string.Join('\n', result.Log)}");
    }

    /// <summary>A client with a session, under a name that links know. Its code runs where the story does.</summary>
    public Task<ChubbyClient> ClientAsync(string name) => ChubbyClient.ConnectAsync(new ChubbyClientOptions
    {
        Members = replicas,
        Clock = main.Clock,
        GracePeriod = TimeSpan.FromSeconds(6),
        ConnectTimeout = TimeSpan.FromMilliseconds(500),
        Connect = (i, cancellation) => ConnectAsync(name, i + 1, cancellation),
    });

    /// <summary>The bare protocol to the first member.</summary>
    public async Task<MemberLink> LinkAsync(string name)
    {
        var link = new MemberLink(await ConnectAsync(name, 1, CancellationToken.None));
        _ = link.ReadAsync();
        return link;
    }

    public Task DelayAsync(int ms) => Task.Delay(TimeSpan.FromMilliseconds(ms), main.Clock);

    public async Task UntilAsync(Func<bool> isSo)
    {
        for (var i = 0; i < 3_000 && !isSo(); i++)
            await DelayAsync(10);
        Assert.True(isSo(), "it never came to be so");
    }

    /// <summary>The member that is master.</summary>
    public async Task<string> MasterAsync()
    {
        for (var i = 0; i < 1_000; i++)
        {
            foreach (var name in world.Nodes.Where(n => world.Host(n).State == NodeState.Running))
            {
                if (await world.Host(name).AskAsync(n => ((ChubbyNode)n).Member.Master.Epoch) != 0)
                    return name;
            }
            await DelayAsync(10);
        }
        throw new CheckFailedException("test", "nobody is master");
    }

    public async ValueTask<ChubbyTransport> ConnectAsync(string name, int member, CancellationToken cancellation) =>
        ChubbyTransport.Of(await world.Fabric.ConnectAsync(name,
            new NodeEndPoint(ChubbyNode.NameOf(member), ChubbyNode.CellPortOf(member)), cancellation));

    public void Cut(string client)
    {
        foreach (var node in world.Nodes)
            world.Fabric.Links.Cut(client, node);
    }

    public static async Task<string> ReadAsync(ChubbyHandle handle) =>
        Encoding.UTF8.GetString((await handle.GetContentsAndStatAsync()).Bytes.Span);

    public static Task WriteAsync(ChubbyHandle handle, string contents) => handle.SetContentsAsync(Encoding.UTF8.GetBytes(contents));
}
