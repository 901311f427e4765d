using System.Net;
using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Http.Tests;

/// <summary>Checks over a simulated world, and over real loops.</summary>
public sealed class HealthWorldTests
{
    [Fact]
    public void A_node_that_dies_is_left_out_until_it_is_back()
    {
        var first = Run(1);
        Assert.Equal(first, Run(1));

        static (ulong Trace, string Told) Run(ulong seed)
        {
            var told = new StringBuilder();
            var result = Simulator.Run(seed, async world =>
            {
                world.AddNode(new NodeDefinition("origin", 80, c => new HttpNode(c, _ => new Hello())));
                var client = world.AddClient("client");
                await world.StartAsync();
                var worker = new NodeHttpNetwork(client).Workers[0];
                var lots = world.Seed.Stream("lots");
                var checker = new HealthChecker(worker, new NodeEndPoint("origin", 80), Probe(),
                    new HealthCheckOptions { IntervalMs = 1000, JitterMs = 100, Fails = 2 }, () => lots.Next(1000) / 1000.0,
                    (c, r, isOther) => told.Append(isOther ? $"{c.Check.State} {r.Fault};" : ""));
                worker.Executor.Post(checker.Begin);
                await Delay(client, 5);
                await world.Host("origin").KillAsync();
                await Delay(client, 5);
                await world.Host("origin").StartAsync();
                await Delay(client, 5);
                world.Fabric.Links.Cut("client", "origin");
                await Delay(client, 30);
                worker.Executor.Post(checker.End);
                await Delay(client, 1);
            });
            Assert.True(result.Failure is null, result.ToText());
            Assert.StartsWith("Unhealthy connecting;Healthy ;Unhealthy ", told.ToString());
            return (result.TraceHash, told.ToString());
        }
    }

    [Fact]
    public async Task Over_loops_a_server_is_healthy_that_answers_as_it_should()
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
        await using var network = new LoopHttpNetwork(1, TimeProvider.System);
        var listener = await network.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions(), w => new Sessions(w));
        Assert.Null((await AskAsync(Probe(), listener.Address)).Fault);
        Assert.Null((await AskAsync(new TcpProbe(ConnectOptions.Default), listener.Address)).Fault);
        await listener.CloseAsync();
        Assert.Equal("connecting", (await AskAsync(Probe(), listener.Address)).Fault);
        Assert.Equal("connecting", (await AskAsync(new TcpProbe(ConnectOptions.Default), listener.Address)).Fault);

        Task<HealthResult> AskAsync(HealthProbe probe, EndPoint peer)
        {
            var done = new TaskCompletionSource<HealthResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            var worker = network.Workers[0];
            worker.Executor.Post(() => probe.Begin(worker, peer, done.SetResult));
            return done.Task;
        }
    }

    private static HttpProbe Probe() => new(UpstreamOptions.Default with { ConnectTimeoutMs = 500 })
    {
        Expectation = new() { Body = [b => b.SequenceEqual("hello"u8)] }, Fields = f => f.Add(KnownHeader.Host, "h"u8),
    };

    private static Task Delay(NodeContext node, double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), node.Clock);

    private sealed class Sessions(HttpWorker worker) : ISessionFactory
    {
        public Session Accept(SessionTransport transport) =>
            new Http1Connection(worker, transport, new Hello(), HttpServerOptions.Default);
    }

    private sealed class Hello : IHttpApplication
    {
        public void Begin(HttpExchange exchange)
        {
            exchange.Respond(200, 5);
            exchange.Write("hello"u8);
            exchange.End();
        }
    }
}
