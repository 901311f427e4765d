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

    [Fact]
    public async Task Where_there_is_no_room_idle_connections_go_and_others_are_refused()
    {
        // Four, of which what is listened on and one more take two.
        await using var nginx = await RunningNginx.StartAsync(
            "error_log logs/error.log warn; events { worker_connections 4; }" + RunningNginx.MainEnd,
            "location / { return 200 x; } "
            + "location /wait { error_log logs/wait.log info; auth_basic x; auth_basic_user_file html/users; auth_delay 1h; }",
            [("users", "")]);
        using var idle = await nginx.ConnectAsync();
        await idle.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        await RunningNginx.ReadAsync(idle, 100);
        using var waiting = await nginx.ConnectAsync();
        await waiting.SendAsync("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        using var another = await nginx.ConnectAsync();
        await another.SendAsync("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        Assert.Equal("", await RunningNginx.ReadAsync(idle, 1));
        // Each says that it has no user, and that it waits.
        await nginx.LogAsync("wait.log", 4);
        using var refused = await nginx.ConnectAsync();
        Assert.Equal("", await RunningNginx.ReadAsync(refused, 1));
        var log = await nginx.LogAsync("error.log", 2);
        Assert.Contains("[warn]", log[0]);
        Assert.EndsWith(": 4 worker_connections are not enough, reusing connections", log[0]);
        Assert.Matches(
            "\\[alert\\] .*: 4 worker_connections are not enough while accepting new connection on 127\\.0\\.0\\.1:\\d+$", log[1]);
    }

    [Theory]
    [InlineData("/after", "location /after { log_subrequest on; access_log logs/after.log; }")]
    [InlineData("@after", "location @after { log_subrequest on; access_log logs/after.log; }")]
    public async Task Something_is_asked_when_a_request_is_over(string place, string location)
    {
        await using var nginx = await RunningNginx.StartAsync($"location / {{ post_action {place}; return 200 x; }} {location}");
        Assert.EndsWith("\r\n\r\nx", await nginx.GetAsync("/a"));
        Assert.Contains("\"GET /a HTTP/1.1\" 404", (await nginx.LogAsync("after.log", 1))[0]);
    }
}
