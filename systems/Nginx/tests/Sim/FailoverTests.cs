using Microcosm.Simulation;

namespace Microcosm.Nginx.Tests;

/// <summary>Servers behind nginx go and come back; whoever asks nginx does not notice.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    [Fact]
    public void A_server_is_killed_and_comes_back_and_no_request_fails_twice_in_the_same_way()
    {
        var first = Run(1);
        Assert.Equal(first, Run(1));
        Assert.NotEqual(first.Trace, Run(2).Trace);

        static (ulong Trace, string Served) Run(ulong seed)
        {
            var served = new List<string>();
            var result = SimulatedNginx.Run(seed, SimulatedNginx.Pages, async nginx =>
            {
                for (var i = 0; i < 200; i++)
                {
                    if (i == 50)
                        await nginx.World.Host("page-1").KillAsync();
                    if (i == 120)
                        await nginx.World.Host("page-1").StartAsync();
                    var answer = await nginx.GetAsync("/");
                    Assert.StartsWith("200 page-", answer);
                    served.Add(answer[^1..]);
                    await nginx.DelayAsync(0.2);
                }
            });
            Assert.DoesNotContain("1", served[50..120]);
            Assert.Equal(2, served[190..].Distinct().Count());
            return (result.TraceHash, string.Concat(served));
        }
    }

    [Fact]
    public void A_server_that_failed_is_left_alone_for_its_time()
    {
        SimulatedNginx.Run(3, SimulatedNginx.Pages, async nginx =>
        {
            await nginx.World.Host("page-1").KillAsync();
            for (var i = 0; i < 4; i++)
                Assert.Equal("200 page-2", await nginx.GetAsync("/"));
            var server = (await nginx.InsideAsync()).Upstreams[0];
            Assert.Equal(("page-1", "failed", 1L), (server.Node, server.State, server.Requests));
            await nginx.World.Host("page-1").StartAsync();
            await nginx.DelayAsync(12);
            var answers = new List<string>();
            for (var i = 0; i < 4; i++)
                answers.Add(await nginx.GetAsync("/"));
            Assert.Contains("200 page-1", answers);
            Assert.Equal("up", (await nginx.InsideAsync()).Upstreams[0].State);
        });
    }

    [Fact]
    public void Without_a_server_it_is_a_bad_gateway_and_a_link_that_is_cut_a_time_out()
    {
        SimulatedNginx.Run(4, SimulatedNginx.Pages, async nginx =>
        {
            nginx.World.Fabric.Links.Cut("nginx-1", "page-1");
            nginx.World.Fabric.Links.Cut("nginx-1", "page-2");
            Assert.StartsWith("504 ", await nginx.GetAsync("/"));
            nginx.World.Fabric.Links.HealAll();
            await nginx.World.Host("page-1").KillAsync();
            await nginx.World.Host("page-2").KillAsync();
            await nginx.DelayAsync(12);
            Assert.StartsWith("502 ", await nginx.GetAsync("/"));
        });
    }

    [Fact]
    public void It_dies_and_comes_back_itself()
    {
        SimulatedNginx.Run(5, SimulatedNginx.Pages, async nginx =>
        {
            Assert.Equal("200 own", await nginx.GetAsync("/own"));
            await nginx.Host.KillAsync();
            Assert.Equal("0", await nginx.GetAsync("/own"));
            await nginx.Host.StartAsync();
            Assert.Equal("200 own", await nginx.GetAsync("/own"));
        });
    }

    [Fact]
    public void With_one_server_that_serves_no_request_fails_whatever_happens_to_the_others()
    {
        var report = SeedRunner.Run(() => new UpstreamWorkload(), new SeedOptions { Count = 60 });
        output.WriteLine(report.ToText());
        report.ThrowIfFailed();
    }
}
