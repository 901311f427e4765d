namespace Microcosm.Nginx.Tests;

/// <summary>Whether a connection is kept, and what a location makes of its methods.</summary>
public sealed class ConnectionTests
{
    private const string Safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_7) Safari/534.48.3";

    [Theory]
    [InlineData("GET", "MSIE 5.0", "", true)]
    [InlineData("POST", "MSIE 5.0", "", false)]
    [InlineData("POST", "MSIE 6.0; SV1", "", true)]
    [InlineData("POST", "MSIE 6.0; Opera", "", true)]
    [InlineData("POST", "MSIE 7.0", "", true)]
    [InlineData("POST", "MSIE 5.0", "keepalive_disable none;", true)]
    [InlineData("GET", Safari, "", true)]
    [InlineData("GET", Safari, "keepalive_disable safari;", false)]
    [InlineData("GET", Safari + " Chrome/1", "keepalive_disable safari;", true)]
    [InlineData("GET", "x", "keepalive_timeout 0;", false)]
    [InlineData("GET", "x", "keepalive_requests 1;", false)]
    public async Task A_location_says_whether_the_connection_is_kept(string method, string agent, string directive, bool isKept)
    {
        await using var nginx = await RunningNginx.StartAsync($"location / {{ {directive} return 200 x; }}");
        using var client = await nginx.ConnectAsync();
        await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(
            $"{method} / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nUser-Agent: {agent}\r\n\r\n"));
        Assert.Contains(isKept ? "Connection: keep-alive\r\n" : "Connection: close\r\n", await RunningNginx.ReadAsync(client, 100));
    }

    [Fact]
    public async Task Methods_that_a_location_excepts_have_settings_of_their_own()
    {
        await using var nginx = await RunningNginx.StartAsync("location / { limit_except GET { deny all; } }", ("index.html", "in"));
        Assert.EndsWith("\r\n\r\nin", await nginx.GetAsync("/"));
        Assert.StartsWith("HTTP/1.1 200 ", await nginx.AskAsync("HEAD / HTTP/1.0\n\n"));
        Assert.StartsWith("HTTP/1.1 403 ", await nginx.AskAsync("POST / HTTP/1.0\n\n"));
        Assert.StartsWith("HTTP/1.1 403 ", await nginx.AskAsync("ODD / HTTP/1.0\n\n"));
    }

    [Fact]
    public async Task A_pipelined_request_is_known_as_one()
    {
        await using var nginx = await RunningNginx.StartAsync("location / { return 200 $pipe; }");
        var answers = await nginx.AskAsync("GET / HTTP/1.1\nHost: h\n\nGET / HTTP/1.1\nHost: h\nConnection: close\n\n");
        Assert.Contains("\r\n\r\n.HTTP/1.1", answers);
        Assert.EndsWith("\r\n\r\np", answers);
    }
}
