using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Http.Tests;

/// <summary>The same sessions on the nodes of a simulated world: a client, a proxy, an origin.</summary>
public sealed class WorldTests
{
    private static readonly NodeEndPoint Proxy = new("proxy", 80);
    private static readonly NodeEndPoint Origin = new("origin", 80);

    [Fact]
    public void A_request_passes_two_nodes_and_the_same_seed_gives_the_same_run()
    {
        var first = Run(1, AskTwice);
        Assert.Equal(first.TraceHash, Run(1, AskTwice).TraceHash);

        static async Task AskTwice(SimulatedWorld world, HttpWorker client)
        {
            var pool = new IdlePool([client], 1);
            for (var i = 0; i < 2; i++)
                Assert.Equal("200 " + Large.Text, await AskAsync(world, client, Proxy, pool));
            Assert.Equal(1, pool.Count);
        }
    }

    [Fact]
    public void An_origin_that_is_cut_off_is_a_gateway_timeout_in_the_worlds_own_time() => Run(2, async (world, client) =>
    {
        await AskAsync(world, client, Proxy, null);
        world.Fabric.Links.Cut("proxy", "origin");
        var before = world.Now;
        Assert.Equal("504 ", await AskAsync(world, client, Proxy, null));
        Assert.InRange((world.Now - before).TotalSeconds, 60, 61);
        world.Fabric.Links.HealAll();
    });

    [Fact]
    public void An_origin_that_was_killed_is_a_bad_gateway_until_it_is_back() => Run(3, async (world, client) =>
    {
        await AskAsync(world, client, Proxy, null);
        await world.Host("origin").KillAsync();
        Assert.Equal("502 ", await AskAsync(world, client, Proxy, null));
        await world.Host("origin").StartAsync();
        Assert.StartsWith("200 ", await AskAsync(world, client, Proxy, null));
    });

    [Fact]
    public void Where_nobody_listens_the_connection_is_refused() => Run(4, async (world, client) =>
        Assert.Equal("ConnectFailed 111", await AskAsync(world, client, new NodeEndPoint("origin", 81), null)));

    private static SimulationResult Run(ulong seed, Func<SimulatedWorld, HttpWorker, Task> body)
    {
        var result = Simulator.Run(seed, async world =>
        {
            world.AddNode(new NodeDefinition("origin", 80, c => new HttpNode(c, _ => new Large())));
            world.AddNode(new NodeDefinition("proxy", 80, c => new HttpNode(c, w => new Tests.Proxy(w, Origin, new IdlePool([w], 1)))));
            var client = world.AddClient("client");
            await world.StartAsync();
            await body(world, new NodeHttpNetwork(client).Workers[0]);
        });
        Assert.True(result.Failure is null, result.ToText());
        return result;
    }

    private static async Task<string> AskAsync(SimulatedWorld world, HttpWorker client, NodeEndPoint peer, IdlePool? pool)
    {
        var question = new Question();
        client.Executor.Post(() => question.Ask(client, peer, pool, UpstreamOptions.Default with { ReadTimeoutMs = 300_000 }));
        return await question.Answer;
    }

    // More than a pipe takes at once.
    private sealed class Large : IHttpApplication
    {
        public static string Text { get; } = new('x', 600_000);

        public void Begin(HttpExchange exchange)
        {
            exchange.Respond(200, -1);
            exchange.Write(Encoding.ASCII.GetBytes(Text));
            exchange.End();
        }
    }
}
