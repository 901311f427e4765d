namespace Microcosm.Nginx.Tests;

/// <summary>Requests that are passed on, to servers that behave and to some that do not.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("/keep/a%20b?x=1", "/keep/a%20b?x=1")]
    [InlineData("/cut/a%20b?x=1", "/in/a%20b?x=1")]
    [InlineData("/rewritten/a", "/other/a")]
    [InlineData("/variable/a?x", "/in/by-variable?x")]
    [InlineData("/in/set?x", "/in/set?y")]
    public async Task The_target_is_that_of_the_client_or_the_url(string asked, string passed)
    {
        await using var nginx = await RunningNginx.StartAsync(
            """
            location /keep/ { proxy_pass http://127.0.0.1:PORT; }
            location /cut/ { proxy_pass http://127.0.0.1:PORT/in/; }
            location /rewritten/ { rewrite ^/rewritten/(.*)$ /other/$1 break; proxy_pass http://127.0.0.1:PORT; }
            location /variable/ { proxy_pass http://127.0.0.1:PORT/in/by-variable$is_args$args; }
            location /in/ { return 200 $request_uri; }
            location /in/set { if ($http_host != localhost) { return 200 $request_uri; } set $args y; proxy_pass http://127.0.0.1:PORT; }
            location /other/ { return 200 $request_uri; }
            location ~ ^/keep/ { if ($http_connection = close) { return 200 $request_uri; } proxy_pass http://127.0.0.1:PORT; }
            """);
        Assert.EndsWith("\r\n\r\n" + passed, await nginx.GetAsync(asked));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhello")]
    public async Task All_bytes_of_a_response_are_counted(string answer)
    {
        using var server = new ScriptedServer(_ => answer);
        await using var nginx = await RunningNginx.StartAsync("log_format b $upstream_bytes_received;",
            $"access_log logs/b.log b; location / {{ proxy_http_version 1.1; proxy_pass http://127.0.0.1:{server.Port}; }}", []);
        Assert.Contains("hello", await nginx.GetAsync("/"));
        Assert.Equal([$"{answer.Length}"], await nginx.LogAsync("b.log", 1));
    }

    [Fact]
    public async Task Fields_of_the_clients_connection_stay_behind()
    {
        using var server = new ScriptedServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var nginx = await RunningNginx.StartAsync(
            $"location / {{ proxy_pass http://127.0.0.1:{server.Port}; "
            + "proxy_set_header X-Real $remote_addr; proxy_set_header X-None \"\"; }");
        await nginx.GetAsync("/a", "X-None: x\nKeep-Alive: 5\nTE: trailers\nUpgrade: x\nX-Own: y\nProxy-Connection: z\n");
        var head = server.Requests[0].Split("\r\n\r\n")[0].Split("\r\n");
        Assert.Equal(["GET /a HTTP/1.1", $"Host: 127.0.0.1:{server.Port}", "X-Real: 127.0.0.1", "X-Own: y"], head);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "502 Bad Gateway")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "502 Bad Gateway")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "502 Bad Gateway")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "502 Bad Gateway")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "502 Bad Gateway")]
    [InlineData("HTTP/1.1 200 OK\r\nX: 1", "502 Bad Gateway")]
    [InlineData("", "502 Bad Gateway")]
    public async Task A_server_that_answers_garbage_is_a_bad_gateway(string answer, string status)
    {
        using var server = new ScriptedServer(_ => answer);
        await using var nginx = await RunningNginx.StartAsync($"location / {{ proxy_pass http://127.0.0.1:{server.Port}; }}");
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", await nginx.GetAsync("/"));
    }

    [Fact]
    public async Task A_head_that_is_larger_than_the_buffer_is_a_bad_gateway()
    {
        using var server = new ScriptedServer(_ => $"HTTP/1.1 200 OK\r\nX: {new string('x', 5000)}\r\nContent-Length: 0\r\n\r\n");
        await using var nginx = await RunningNginx.StartAsync(
            $"error_log logs/error.log; location / {{ proxy_pass http://127.0.0.1:{server.Port}; }} "
            + $"location /large {{ proxy_buffer_size 8k; proxy_pass http://127.0.0.1:{server.Port}; }}");
        Assert.StartsWith("HTTP/1.1 502 ", await nginx.GetAsync("/"));
        Assert.Contains("upstream sent too big header while reading response header from upstream",
            (await nginx.LogAsync("error.log", 1))[0]);
        Assert.StartsWith("HTTP/1.1 200 ", await nginx.GetAsync("/large"));
    }

    [Fact]
    public async Task A_slow_client_gets_all_of_a_body_that_its_file_does_not_hold_at_once()
    {
        var body = string.Concat(Enumerable.Range(0, 3_000_000).Select(i => $"{i:D8}"));
        await using var nginx = await RunningNginx.StartAsync(
            "error_log logs/error.log warn; location = /body { } "
            + "location / { proxy_pass http://127.0.0.1:PORT/body; proxy_max_temp_file_size 64k; }",
            ("body", body));
        using var client = await nginx.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        Assert.Contains("is buffered to a temporary file", (await nginx.LogAsync("error.log", 1))[0]);
        var seen = await RunningNginx.ReadAsync(client, int.MaxValue);
        Assert.EndsWith("\r\n\r\n" + body, seen);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\nxyz\r\n")]
    public async Task A_body_that_breaks_off_is_seen_to_break_off(string answer)
    {
        using var server = new ScriptedServer(_ => answer);
        await using var nginx = await RunningNginx.StartAsync($"location / {{ proxy_pass http://127.0.0.1:{server.Port}; }}");
        var seen = await nginx.AskAsync("GET / HTTP/1.1\nHost: h\n\n");
        Assert.Contains("part", seen);
        Assert.False(seen.EndsWith("0\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_server_is_asked_where_one_is_not_there()
    {
        using var server = new ScriptedServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var gone = ScriptedServer.FreePort();
        await using var nginx = await RunningNginx.StartAsync(
            $"upstream u {{ server 127.0.0.1:{gone}; server 127.0.0.1:{server.Port}; }} ",
            "location / { proxy_pass http://u; add_header X-Tried $upstream_addr; add_header X-Status $upstream_status; }", []);
        for (var i = 0; i < 4; i++)
            Assert.StartsWith("HTTP/1.1 200 ", await nginx.GetAsync("/"));
        // Who failed once is left alone for ten seconds.
        var last = await nginx.GetAsync("/");
        Assert.Contains($"X-Tried: 127.0.0.1:{server.Port}\r\n", last);
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task What_may_have_been_done_is_not_asked_twice()
    {
        using var server = new ScriptedServer(_ => "");
        await using var nginx = await RunningNginx.StartAsync(
            $"upstream u {{ server 127.0.0.1:{server.Port} max_fails=0; server 127.0.0.1:{server.Port} max_fails=0; }} ",
            "location / { proxy_pass http://u; } location /again { proxy_pass http://u; proxy_next_upstream error non_idempotent; }", []);
        await nginx.AskAsync("POST / HTTP/1.1\nHost: h\nContent-Length: 1\nConnection: close\n\nx");
        Assert.Single(server.Requests);
        await nginx.AskAsync("POST /again HTTP/1.1\nHost: h\nContent-Length: 1\nConnection: close\n\nx");
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_body_that_went_to_a_server_that_failed_is_not_waited_for()
    {
        using var server = new ScriptedServer(_ => "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n");
        await using var nginx = await RunningNginx.StartAsync(
            $"location / {{ proxy_request_buffering off; proxy_pass http://127.0.0.1:{server.Port}; proxy_intercept_errors on; "
            + "error_page 502 = /pass; } location /pass { proxy_pass http://127.0.0.1:PORT/good; } location /good { return 200 good; }");
        using var client = await nginx.ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\nab"u8.ToArray());
        await server.Asked;
        await client.SendAsync("cd"u8.ToArray());
        Assert.EndsWith("\r\n\r\ngood", await RunningNginx.ReadAsync(client, int.MaxValue));
    }

    [Fact]
    public async Task Connections_to_a_server_are_used_again()
    {
        using var server = new ScriptedServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", keepsAlive: true);
        await using var nginx = await RunningNginx.StartAsync(
            $"upstream u {{ server 127.0.0.1:{server.Port}; keepalive 4; }} ", "location / { proxy_pass http://u; }", []);
        for (var i = 0; i < 5; i++)
            Assert.EndsWith("ok", await nginx.GetAsync("/"));
        Assert.Equal((5, 1), (server.Requests.Count, server.Connections));
    }

    [Fact]
    public async Task A_body_waits_in_a_file_while_the_client_is_slow()
    {
        const int length = 8 << 20;
        using var server = new ScriptedServer(_ => $"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{new string('x', length)}");
        await using var nginx = await RunningNginx.StartAsync(
            $"error_log logs/error.log warn; location / {{ proxy_pass http://127.0.0.1:{server.Port}; }}");
        using var client = await nginx.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"u8.ToArray());
        // Nothing is read until the server has been able to send all.
        Assert.Contains("an upstream response is buffered to a temporary file", (await nginx.LogAsync("error.log", 1))[0]);
        await server.Served;
        var answer = await RunningNginx.ReadAsync(client, int.MaxValue);
        Assert.Equal(length, answer.Length - answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4);
        Assert.Empty(Directory.GetFiles(nginx.Folder + "proxy_temp", "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_client_that_leaves_is_499_and_its_server_is_let_go()
    {
        using var server = new ScriptedServer(_ => null);
        await using var nginx = await RunningNginx.StartAsync(
            "log_format s $status; ", $"access_log logs/a.log s; location / {{ proxy_pass http://127.0.0.1:{server.Port}; }}", []);
        using (var client = await nginx.ConnectAsync())
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
            await server.Asked;
        }
        Assert.Equal("499", (await nginx.LogAsync("a.log", 1))[0]);
        await server.Left;
    }

    [Fact]
    public async Task Places_and_cookies_are_made_ours()
    {
        using var server = new ScriptedServer(_ => "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://inner/a/b\r\n"
            + "Set-Cookie: a=b; Path=/a/; Domain=inner\r\nSet-Cookie: c=d\r\n\r\n");
        await using var nginx = await RunningNginx.StartAsync(
            $"location / {{ proxy_pass http://127.0.0.1:{server.Port}; proxy_redirect http://inner/a/ https://outer/; "
            + "proxy_cookie_path /a/ /; proxy_cookie_domain inner outer; proxy_cookie_flags a secure samesite=strict; }");
        var answer = await nginx.GetAsync("/");
        Assert.Contains("Location: https://outer/b\r\n", answer);
        Assert.Contains("Set-Cookie: a=b; Path=/; Domain=outer; Secure; SameSite=Strict\r\n", answer);
        Assert.Contains("Set-Cookie: c=d\r\n", answer);
    }
}
