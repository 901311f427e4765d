namespace Microcosm.Nginx.Tests;

/// <summary>Active checks in a simulated world: no request is spent to find out that a server is gone.</summary>
public sealed class HealthTests
{
    private const string Conf =
        "events { } http { upstream pages { zone pages 64k; server page-1 max_fails=0; server page-2; } "
        + "server { listen 80; server_name shop; location / { proxy_pass http://pages; proxy_next_upstream off; "
        + "proxy_connect_timeout 500ms; health_check interval=1s jitter=100ms fails=2 passes=2 mandatory; } } }";

    [Fact]
    public void A_server_that_died_is_found_by_its_checks_and_comes_back_by_them()
    {
        var first = Run(1);
        Assert.Equal(first, Run(1));

        static (ulong Trace, string Served) Run(ulong seed)
        {
            var served = "";
            var result = SimulatedNginx.Run(seed, Conf, async nginx =>
            {
                await nginx.DelayAsync(1);
                await AskAsync();
                await nginx.World.Host("page-1").KillAsync();
                await nginx.DelayAsync(4);
                var server = (await nginx.InsideAsync()).Upstreams[0];
                Assert.Equal(("page-1", "unhealthy", true), (server.Node, server.State, server.FailedChecks >= 2));
                await AskAsync();
                await nginx.World.Host("page-1").StartAsync();
                await nginx.DelayAsync(4);
                Assert.Equal("up", (await nginx.InsideAsync()).Upstreams[0].State);
                await AskAsync();

                async Task AskAsync()
                {
                    for (var i = 0; i < 10; i++)
                    {
                        var answer = await nginx.GetAsync("/");
                        Assert.StartsWith("200 page-", answer);
                        served += answer[^1];
                    }
                }
            });
            Assert.Equal("2222222222", served[10..20]);
            Assert.Contains('1', served[..10]);
            Assert.Contains('1', served[20..]);
            return (result.TraceHash, served);
        }
    }

    [Fact]
    public void A_server_that_is_still_to_be_checked_is_not_asked()
    {
        SimulatedNginx.Run(2, Conf.Replace("fails=2", "fails=3"), async nginx =>
        {
            await nginx.DelayAsync(1);
            nginx.World.Fabric.Links.Cut("nginx-1", "page-1");
            await nginx.Host.ReloadAsync();
            Assert.Equal(["checking", "checking"], (await nginx.InsideAsync()).Upstreams.Select(u => u.State));
            await nginx.DelayAsync(0.3);
            for (var i = 0; i < 4; i++)
                Assert.Equal("200 page-2", await nginx.GetAsync("/"));
            nginx.World.Fabric.Links.HealAll();
        });
    }
}
