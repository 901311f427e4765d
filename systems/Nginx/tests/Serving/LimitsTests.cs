namespace Microcosm.Nginx.Tests;

/// <summary>Rates, requests at a time, and whose they are.</summary>
public sealed class LimitsTests
{
    private const string Rate = "limit_req_zone $arg_key zone=z:64k rate=1r/m;";
    private const string Places =
        "add_header X-Status $limit_req_status always; limit_req_status 429; location / { limit_req zone=z burst=1 nodelay; }"
        + "location /dry { limit_req zone=z; limit_req_dry_run on; }";

    private static readonly (string, string)[] Files = [("a", "a"), ("dry/a", "a")];

    [Fact]
    public async Task Too_many_requests_of_a_key_are_refused()
    {
        await using var nginx = await RunningNginx.StartAsync(Rate, Places, Files);
        Assert.Contains("X-Status: PASSED\r\n", await nginx.GetAsync("/a?key=1"));
        Assert.Contains("X-Status: PASSED\r\n", await nginx.GetAsync("/a?key=1"));
        var refused = await nginx.GetAsync("/a?key=1");
        Assert.StartsWith("HTTP/1.1 429 ", refused);
        Assert.Contains("X-Status: REJECTED\r\n", refused);
        Assert.StartsWith("HTTP/1.1 200 ", await nginx.GetAsync("/a?key=2"));
        Assert.DoesNotContain("X-Status", await nginx.GetAsync("/a"));
        Assert.Contains("X-Status: REJECTED_DRY_RUN\r\n", await nginx.GetAsync("/dry/a?key=1"));
        var log = await nginx.LogAsync("error.log", 2);
        Assert.Matches("\\[error\\] .*: \\*\\d+ limiting requests, excess: [12]\\.\\d{3} by zone \"z\", client: 127", log[0]);
        Assert.Matches("limiting requests, dry run, excess: [12]\\.\\d{3} by zone \"z\", client: 127", log[1]);
    }

    [Fact]
    public async Task What_was_counted_outlives_a_reload_unless_the_zone_changes()
    {
        await using var nginx = await RunningNginx.StartAsync(Rate, Places, Files);
        await nginx.GetAsync("/a?key=1");
        await nginx.GetAsync("/a?key=1");
        await nginx.ReloadAsync(Places, Rate);
        Assert.StartsWith("HTTP/1.1 429 ", await nginx.GetAsync("/a?key=1"));
        var refused = await Assert.ThrowsAsync<ConfigurationException>(
            () => nginx.ReloadAsync(Places, Rate.Replace("$arg_key", "$arg_k", StringComparison.Ordinal)));
        Assert.Equal("limit_req \"z\" uses the \"$arg_k\" key while previously it used the \"$arg_key\" key", refused.Message);
        await nginx.ReloadAsync(Places, Rate.Replace("64k", "128k", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 200 ", await nginx.GetAsync("/a?key=1"));
    }

    [Fact]
    public async Task A_request_over_the_rate_waits()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "limit_req_zone $uri zone=z:64k rate=100r/s;",
            "add_header X-Status $limit_req_status; error_log logs/e.log warn; location / { limit_req zone=z burst=5; }", Files);
        using var client = await nginx.ConnectAsync();
        var once = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
        var last = once.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(once + once + last));
        var answers = await RunningNginx.ReadAsync(client, int.MaxValue);
        Assert.Equal(3, answers.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Contains("X-Status: DELAYED\r\n", answers);
        Assert.Matches("\\[warn\\] .* delaying request, excess: \\d\\.\\d{3}, by zone \"z\"", (await nginx.LogAsync("e.log", 1))[0]);
    }

    [Fact]
    public async Task So_many_requests_of_a_key_may_be_under_way()
    {
        // The first waits for its turn, and is counted meanwhile.
        await using var nginx = await RunningNginx.StartAsync(
            "limit_conn_zone $server_port zone=c:64k;",
            "limit_conn c 1; limit_conn_status 500; add_header X-Status $limit_conn_status always; "
            + "location /wait { auth_basic x; auth_basic_user_file html/users; auth_delay 1h; }", [("a", "a"), ("users", "")]);
        Assert.Contains("X-Status: PASSED\r\n", await nginx.GetAsync("/a"));
        using (var waiting = await nginx.ConnectAsync())
        {
            await waiting.SendAsync("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
            while (!(await nginx.GetAsync("/a")).StartsWith("HTTP/1.1 500 ", StringComparison.Ordinal))
            {
            }
            Assert.Contains("limiting connections by zone \"c\"", (await nginx.LogAsync("error.log", 1))[0]);
        }
        while (!(await nginx.GetAsync("/a")).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
        {
        }
        Assert.Contains(await nginx.LogAsync("access.log", 3), l => l.Contains("\"GET /wait HTTP/1.1\" 499 0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "X-Real-IP: 192.0.2.1\n", "192.0.2.1::127.0.0.1")]
    [InlineData("", "X-Real-IP: 192.0.2.1:99\n", "192.0.2.1:99:127.0.0.1")]
    [InlineData("", "X-Forwarded-For: 192.0.2.1\n", "127.0.0.1")]
    [InlineData("real_ip_header X-Forwarded-For;", "X-Forwarded-For: 192.0.2.1, 192.0.2.2\n", "192.0.2.2::127.0.0.1")]
    [InlineData("real_ip_header X-Forwarded-For; set_real_ip_from 192.0.2.2; real_ip_recursive on;",
        "X-Forwarded-For: 192.0.2.1\nX-Forwarded-For: 192.0.2.2\n", "192.0.2.1::127.0.0.1")]
    [InlineData("real_ip_header X-A;", "X-A: 2001:db8::1\n", "2001:db8::1::127.0.0.1")]
    [InlineData("real_ip_header X-A;", "X-A: garbage\n", "127.0.0.1")]
    public async Task A_trusted_proxy_tells_who_the_client_is(string directives, string fields, string told)
    {
        await using var nginx = await RunningNginx.StartAsync(
            $"set_real_ip_from 127.0.0.0/8; {directives} location / {{ return 200 $remote_addr:$remote_port:$realip_remote_addr; }}");
        var body = (await nginx.GetAsync("/", fields)).Split("\r\n\r\n")[1];
        if (told == "127.0.0.1")
            Assert.Matches("^127\\.0\\.0\\.1:\\d+:127\\.0\\.0\\.1$", body);
        else
            Assert.Equal(told, body);
    }
}
