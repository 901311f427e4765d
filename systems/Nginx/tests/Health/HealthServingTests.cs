namespace Microcosm.Nginx.Tests;

/// <summary>health_check and match, as NGINX Plus documents them; nginx itself calls them unknown directives.</summary>
public sealed class HealthServingTests
{
    [Fact]
    public async Task A_check_asks_as_its_location_does_and_a_server_that_fails_it_is_not_asked()
    {
        using var good = new ScriptedServer(_ => "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
        using var bad = new ScriptedServer(r => r.StartsWith("GET /up ", StringComparison.Ordinal)
            ? "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ndown"
            : "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad");
        await using var nginx = await RunningNginx.StartAsync(
            $"upstream u {{ zone u 64k; server 127.0.0.1:{good.Port}; server 127.0.0.1:{bad.Port}; }} "
            + "match up { status 200; header Content-Type ~ ^text/; body ~ \"^ok$\"; } error_log logs/error.log info;",
            "location / { proxy_pass http://u; health_check uri=/up match=up interval=20ms mandatory; "
            + "proxy_set_header X-Own own; proxy_set_header X-Host $proxy_host; proxy_set_header X-None $remote_addr; }", []);
        var line = (await nginx.LogAsync("error.log", 2)).Single(l => l.Contains("unhealthy", StringComparison.Ordinal));
        Assert.Contains("[warn]", line);
        Assert.EndsWith($"peer is unhealthy while checking body, health check \"up\" of peer 127.0.0.1:{bad.Port} in upstream \"u\"", line);
        for (var i = 0; i < 4; i++)
            Assert.EndsWith("\r\n\r\nok", await nginx.GetAsync("/"));
        Assert.DoesNotContain(bad.Requests, r => r.StartsWith("GET / ", StringComparison.Ordinal));
        Assert.Equal("GET /up HTTP/1.1\r\nHost: u\r\nConnection: close\r\nX-Own: own\r\nX-Host: u\r\n\r\n", bad.Requests[0]);
    }

    [Fact]
    public async Task Without_a_healthy_server_it_is_a_bad_gateway()
    {
        await using var nginx = await RunningNginx.StartAsync(
            $"upstream u {{ zone u 64k; server 127.0.0.1:{ScriptedServer.FreePort()}; }} error_log logs/error.log warn;",
            "location / { proxy_pass http://u; health_check mandatory; }", []);
        Assert.Contains("peer is unhealthy while connecting, health check \"\" of peer", (await nginx.LogAsync("error.log", 1))[0]);
        Assert.StartsWith("HTTP/1.1 502 ", await nginx.GetAsync("/"));
        Assert.Contains("no live upstreams while connecting to upstream", (await nginx.LogAsync("error.log", 2))[1]);
    }

    [Fact]
    public async Task A_reload_checks_by_the_new_rule_and_trusts_where_it_is_told_to()
    {
        var isUp = true;
        using var server = new ScriptedServer(_ => $"HTTP/1.1 {(isUp ? 200 : 500)} X\r\nContent-Length: 2\r\n\r\nok");
        var http = $"upstream u {{ zone u 64k; server 127.0.0.1:{server.Port}; }} error_log logs/error.log info; ";
        await using var nginx = await RunningNginx.StartAsync(http, "location / { proxy_pass http://u; health_check mandatory; }", []);
        Assert.Contains("peer is healthy, health check", (await nginx.LogAsync("error.log", 1))[0]);
        // Nobody answers checks of the next generation on that port, and one failure is not yet too much.
        await nginx.ReloadAsync(
            "location / { proxy_pass http://u; "
            + $"health_check mandatory persistent fails=1000 interval=5ms port={ScriptedServer.FreePort()}; }}",
            http);
        Assert.StartsWith("HTTP/1.1 200 ", await nginx.GetAsync("/"));
        await nginx.ReloadAsync(
            $"location / {{ proxy_pass http://u; health_check mandatory interval=1h port={ScriptedServer.FreePort()}; }}", http);
        Assert.StartsWith("HTTP/1.1 502 ", await nginx.GetAsync("/"));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData(
        "", "health_check_timeout 2s; match talk { send \"GET /\\x74alk HTTP/1.0\\r\\n\\r\\n\"; expect ~ \"200 (good)\"; } ", "match=talk")]
    [InlineData("", "match talk { send \"GET /talk HTTP/1.0\\r\\n\\r\\n\"; expect \"200 good\"; } ", "match=talk")]
    [InlineData("checking data", "match talk { send \"GET /talk HTTP/1.0\\r\\n\\r\\n\"; expect \"200 bad\"; } ", "match=talk")]
    public async Task The_stream_part_connects_and_may_talk(string fault, string match, string rule)
    {
        using var server = new ScriptedServer(_ => "HTTP/1.1 200 good\r\nContent-Length: 2\r\n\r\nok");
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"error_log logs/error.log info; upstream u {{ zone u 64k; server 127.0.0.1:{server.Port}; "
            + $"server 127.0.0.1:{ScriptedServer.FreePort()}; }} {match} "
            + $"server {{ listen 127.0.0.1:PORT; proxy_pass u; health_check mandatory {rule}; }}");
        var lines = await nginx.LogAsync("error.log", 2);
        Assert.Contains(lines, l => l.Contains("peer is unhealthy while connecting, health check"));
        Assert.Contains(lines, l => l.Contains($"127.0.0.1:{server.Port} in upstream \"u\"")
            && l.Contains(fault.Length == 0 ? "peer is healthy" : $"peer is unhealthy while {fault}"));
        if (fault.Length > 0)
            return;
        for (var i = 0; i < 3; i++)
            Assert.EndsWith("ok", await nginx.AskAsync("GET / HTTP/1.0\n\n"));
        Assert.Equal(rule.Length > 0, server.Requests.Any(r => r.StartsWith("GET /talk", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Checks_over_grpc_are_refused()
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => RunningNginx.StartAsync(
            "upstream u { zone u 64k; server 127.0.0.1:1; }", "location / { proxy_pass http://u; health_check type=grpc; }", []));
        Assert.StartsWith("\"type=grpc\" of \"health_check\" is not carried out yet", refused.Message);
    }
}
