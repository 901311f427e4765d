namespace Microcosm.Nginx.Tests;

/// <summary>Who may ask, and how often.</summary>
public sealed class AccessTests
{
    private const string Users = "a:{PLAIN}secret\nb:$1$salt$x\n";

    // a:secret
    private const string Right = "Authorization: Basic YTpzZWNyZXQ=\n";
    private const string Wrong = "Authorization: Basic YTp3cm9uZw==\n";

    [Fact]
    public async Task A_user_has_to_be_in_the_file()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location / { auth_basic \"closed $uri\"; auth_basic_user_file html/users; error_log logs/e.log info; }"
            + "location /user { return 200 $remote_user; }", ("users", Users), ("index.html", "in"));
        var asked = await nginx.GetAsync("/");
        Assert.StartsWith("HTTP/1.1 401 Unauthorized\r\n", asked);
        Assert.Contains("WWW-Authenticate: Basic realm=\"closed /\"\r\n", asked);
        Assert.EndsWith("\r\n\r\nin", await nginx.GetAsync("/", Right));
        Assert.StartsWith("HTTP/1.1 401 Unauthorized\r\n", await nginx.GetAsync("/", Wrong));
        Assert.EndsWith("\r\n\r\na", await nginx.GetAsync("/user", Wrong));
        var log = await nginx.LogAsync("e.log", 2);
        Assert.Contains("[info]", log[0]);
        Assert.Contains("no user/password was provided for basic authentication, client: 127.0.0.1", log[0]);
        Assert.Contains("[error]", log[1]);
        Assert.Contains(": *", log[1]);
        Assert.Contains("user \"a\": password mismatch, client: 127.0.0.1", log[1]);
    }

    [Theory]
    [InlineData("all", "allow 127.0.0.1; deny all;", Right, "200")]
    [InlineData("all", "deny all;", Right, "403")]
    [InlineData("all", "allow all;", "", "401")]
    [InlineData("any", "deny all;", Right, "200")]
    [InlineData("any", "deny all;", "", "401")]
    [InlineData("any", "allow all;", "", "200")]
    public async Task All_rules_have_to_let_pass_or_any(string satisfy, string rules, string fields, string status)
    {
        await using var nginx = await RunningNginx.StartAsync(
            $"satisfy {satisfy}; {rules} auth_basic x; auth_basic_user_file html/users; location / {{ }}",
            ("users", Users), ("index.html", "in"));
        var answer = await nginx.GetAsync("/", fields);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.Equal(status == "401", answer.Contains("WWW-Authenticate", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("return 204;", "200 OK")]
    [InlineData("return 200 x;", "200 OK")]
    [InlineData("return 403;", "403 Forbidden")]
    [InlineData("return 401;", "401 Unauthorized")]
    [InlineData("return 302 /;", "500 Internal Server Error")]
    [InlineData("return 444;", "500 Internal Server Error")]
    [InlineData("auth_request /ask; error_page 404 = /none;", "500 Internal Server Error")]
    public async Task The_status_of_a_subrequest_decides(string answer, string status)
    {
        await using var nginx = await RunningNginx.StartAsync(
            $"location / {{ auth_request /ask; }} location = /ask {{ internal; {answer} }}", ("index.html", "in"));
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", await nginx.GetAsync("/"));
    }

    [Fact]
    public async Task A_subrequest_sees_the_request_and_may_leave_values()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location / { set $before 1; auth_request /ask; auth_request_set $asked \"$uri $request_method $request_uri $before\"; "
            + "add_header X-Asked $asked; add_header X-Uri $uri; } "
            + "location = /ask { log_subrequest on; access_log logs/s.log; return 200 $http_x_a; }", ("index.html", "in"));
        var answer = await nginx.AskAsync("POST /index.html?q HTTP/1.1\nHost: h\nX-A: 1\nContent-Length: 0\nConnection: close\n\n");
        Assert.StartsWith("HTTP/1.1 405 Not Allowed\r\n", answer);
        answer = await nginx.GetAsync("/index.html?q", "X-A: 1\n");
        Assert.Contains("X-Asked: /ask GET /index.html?q 1\r\nX-Uri: /index.html\r\n", answer);
        Assert.EndsWith("\r\n\r\nin", answer);
        Assert.Equal(2, (await nginx.LogAsync("s.log", 2)).Length);
    }

    [Fact]
    [Trait("Limit", "subrequest depth")]
    public async Task A_mirror_is_asked_the_same_and_subrequests_of_subrequests_end()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "log_format f \"$request_method $uri $args $request_body $status\";",
            "location / { mirror /m; } location /m { log_subrequest on; access_log logs/m.log f; return 204; } "
            + "location /cycle { mirror /cycle; log_subrequest on; access_log logs/c.log f; }",
            [("index.html", "in"), ("cycle", "c")]);
        Assert.EndsWith("\r\n\r\nin", await nginx.GetAsync("/index.html?q"));
        Assert.Equal("GET /m q - 204", (await nginx.LogAsync("m.log", 1))[0]);
        await nginx.AskAsync("POST /index.html HTTP/1.1\nHost: h\nContent-Length: 4\nConnection: close\n\nbody");
        Assert.Equal("POST /m - body 204", (await nginx.LogAsync("m.log", 2))[1]);
        Assert.EndsWith("\r\n\r\nc", await nginx.GetAsync("/cycle"));
        var log = await nginx.LogAsync("c.log", 51);
        Assert.Equal(1, log.Count(l => l == "GET /cycle - - 500"));
        Assert.Contains("subrequests cycle while processing \"/cycle\"", (await nginx.LogAsync("error.log", 1))[0]);
    }
}
