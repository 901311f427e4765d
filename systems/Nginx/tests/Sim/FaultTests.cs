using System.Diagnostics;

namespace Microcosm.Nginx.Tests;

/// <summary>Rules for <c>nginx.request</c>.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("nginx.request refuse=503", "503")]
    [InlineData("nginx.request nth=1 refuse=\"429 Slow down\"", "429")]
    [InlineData("nginx.request close-before", "0")]
    [InlineData("nginx.request drop-reply", "0")]
    [InlineData("nginx.request location=/ upstream=pages host=shop refuse=503", "503")]
    [InlineData("nginx.request host=sh* refuse=503", "503")]
    [InlineData("nginx.request target=/x refuse=503", "503")]
    [InlineData("nginx.request host=other refuse=503", "200")]
    [InlineData("nginx.request location=/own refuse=503", "200")]
    [InlineData("nginx.request upstream=others refuse=503", "200")]
    public void A_rule_meets_the_requests_that_it_names(string rule, string status)
    {
        SimulatedNginx.Run(1, SimulatedNginx.Pages, async nginx =>
        {
            nginx.Faults.Add(rule);
            Assert.StartsWith(status, await nginx.GetAsync("/x"));
            Assert.Equal(status == "200" ? 0 : 1, nginx.Faults.Fired.Count);
            nginx.Faults.Clear();
            Assert.StartsWith("200 ", await nginx.GetAsync("/x"));
        });
    }

    [Fact]
    public void A_request_to_no_upstream_is_met_by_no_rule_that_names_one()
    {
        SimulatedNginx.Run(2, SimulatedNginx.Pages, async nginx =>
        {
            nginx.Faults.Add("nginx.request upstream=* refuse=503");
            Assert.StartsWith("503 ", await nginx.GetAsync("/"));
            Assert.Equal("200 own", await nginx.GetAsync("/own"));
        });
    }

    [Fact]
    public void A_delay_passes_in_the_nodes_own_time()
    {
        SimulatedNginx.Run(3, SimulatedNginx.Pages, async nginx =>
        {
            nginx.Faults.Add("nginx.request location=/ delay=3s");
            var before = nginx.World.Now;
            Assert.StartsWith("200 page-", await nginx.GetAsync("/"));
            Assert.InRange((nginx.World.Now - before).TotalSeconds, 3, 4);
        });
    }

    [Fact]
    public void A_reply_that_is_dropped_was_fetched()
    {
        SimulatedNginx.Run(4, SimulatedNginx.Pages, async nginx =>
        {
            nginx.Faults.Add("nginx.request drop-reply");
            Assert.Equal("0", await nginx.GetAsync("/"));
            var inside = await nginx.InsideAsync();
            Assert.Equal(1, inside.Upstreams.Sum(s => s.Requests));
            Assert.Equal(0, inside.Upstreams.Sum(s => s.Failures));
        });
    }

    [Fact]
    public void A_refusal_gets_the_error_page_that_the_configuration_has()
    {
        const string Conf = "events { } http { server { listen 80; error_page 503 = @sorry; location / { return 200 fine; } "
            + "location /x { root html; } location @sorry { return 200 sorry; } } }";
        SimulatedNginx.Run(5, Conf, async nginx =>
        {
            nginx.Faults.Add("nginx.request location=/x refuse=503");
            Assert.Equal("200 sorry", await nginx.GetAsync("/x"));
        });
    }

    [Fact]
    public void What_fired_stands_in_the_requests_span()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microcosm.Nginx",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("server.address"), "spans"))
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        SimulatedNginx.Run(6, SimulatedNginx.Pages, async nginx =>
        {
            nginx.Faults.Add("nginx.request nth=1 refuse=503");
            await nginx.GetAsync("/a", "spans");
            await nginx.GetAsync("/b", "spans");
        });
        Assert.Equal(
            ["GET / pages 503 nginx.request nth=1 refuse=\"503\"", "GET / pages 200 "],
            spans.Select(s => $"{s.DisplayName} {s.GetTagItem("http.route")} {s.GetTagItem("microcosm.upstream")} "
                + $"{s.GetTagItem("http.response.status_code")} {s.GetTagItem("microcosm.fault")}"));
    }
}
