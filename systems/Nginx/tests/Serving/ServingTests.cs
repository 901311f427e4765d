using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>Requests over real sockets: what is sent, logged, and kept of the connection.</summary>
public sealed class ServingTests
{
    [Fact]
    public async Task A_file_has_nginx_fields_in_nginx_order()
    {
        await using var nginx = await RunningNginx.StartAsync("location / { }", ("a.html", "hello"));
        var answer = await nginx.GetAsync("/a.html");
        var names = answer.Split("\r\n\r\n")[0].Split("\r\n")[1..].Select(l => l.Split(':')[0]);
        Assert.StartsWith("HTTP/1.1 200 OK\r\nServer: nginx/", answer);
        Assert.Equal(
            ["Server", "Date", "Content-Type", "Content-Length", "Last-Modified", "Connection", "ETag", "Accept-Ranges"], names);
        Assert.EndsWith("\r\n\r\nhello", answer);
    }

    [Theory]
    [InlineData("/missing", "404 Not Found")]
    [InlineData("/folder", "301 Moved Permanently")]
    [InlineData("/folder/", "403 Forbidden")]
    [InlineData("/with-index/", "200 OK")]
    [InlineData("/a.html/", "404 Not Found")]
    [InlineData("/%00", "400 Bad Request")]
    [InlineData("/../etc/passwd", "400 Bad Request")]
    [InlineData("/%2e%2e/etc/passwd", "400 Bad Request")]
    [InlineData("/folder/../a.html", "200 OK")]
    [InlineData("//a.html", "200 OK")]
    public async Task A_path_has_its_status(string path, string status)
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location / { }", ("a.html", "a"), ("folder/b", "b"), ("with-index/index.html", "i"));
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", await nginx.GetAsync(path));
    }

    [Theory]
    [InlineData("bytes=1-3", "206 Partial Content", "bytes 1-3/10", "123")]
    [InlineData("bytes=-2", "206 Partial Content", "bytes 8-9/10", "89")]
    [InlineData("bytes=7-", "206 Partial Content", "bytes 7-9/10", "789")]
    [InlineData("bytes=7-100", "206 Partial Content", "bytes 7-9/10", "789")]
    [InlineData("bytes=10-", "416 Requested Range Not Satisfiable", "bytes */10", "")]
    public async Task A_range_of_a_file(string range, string status, string contentRange, string body)
    {
        await using var nginx = await RunningNginx.StartAsync("location / { }", ("a", "0123456789"));
        var answer = await nginx.GetAsync("/a", $"Range: {range}\n");
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer);
        Assert.Contains($"Content-Range: {contentRange}\r\n", answer);
        Assert.EndsWith(body, answer);
    }

    [Fact]
    public async Task Several_ranges_come_in_parts()
    {
        await using var nginx = await RunningNginx.StartAsync("location / { }", ("a.html", "0123456789"));
        var answer = await nginx.GetAsync("/a.html", "Range: bytes=0-1,8-\n");
        Assert.Contains("Content-Type: multipart/byteranges; boundary=00000000000000000001\r\n", answer);
        Assert.EndsWith(
            "\r\n--00000000000000000001\r\nContent-Type: text/html\r\nContent-Range: bytes 0-1/10\r\n\r\n01"
            + "\r\n--00000000000000000001\r\nContent-Type: text/html\r\nContent-Range: bytes 8-9/10\r\n\r\n89"
            + "\r\n--00000000000000000001--\r\n", answer);
    }

    [Fact]
    public async Task What_has_not_been_modified_is_not_sent_again()
    {
        await using var nginx = await RunningNginx.StartAsync("location / { }", ("a", "hello"));
        var tag = (await nginx.GetAsync("/a")).Split("ETag: ")[1].Split("\r\n")[0];
        Assert.StartsWith("HTTP/1.1 304 Not Modified\r\n", await nginx.GetAsync("/a", $"If-None-Match: \"x\", W/{tag}\n"));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await nginx.GetAsync("/a", "If-None-Match: \"x\"\n"));
        Assert.StartsWith("HTTP/1.1 412 Precondition Failed\r\n", await nginx.GetAsync("/a", "If-Match: \"x\"\n"));
    }

    [Fact]
    public async Task Rewrites_change_the_path_and_cycles_end()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location /old/ { rewrite ^/old/(.*)$ /new/$1?b=2 last; } location /new/ { return 200 \"$uri $args\"; } "
            + "location /cycle { rewrite ^ /cycle last; }");
        Assert.EndsWith("\r\n\r\n/new/x b=2&a=1", await nginx.GetAsync("/old/x?a=1"));
        Assert.StartsWith("HTTP/1.1 500 Internal Server Error\r\n", await nginx.GetAsync("/cycle"));
        Assert.Contains("rewrite or internal redirection cycle", (await nginx.LogAsync("error.log", 1))[0]);
    }

    [Theory]
    [InlineData("error_page 404 /page;", "404 Not Found", "page GET")]
    [InlineData("error_page 404 =200 /page;", "200 OK", "page GET")]
    [InlineData("error_page 404 = /page;", "200 OK", "page GET")]
    [InlineData("error_page 404 @named;", "404 Not Found", "named /x")]
    [InlineData("error_page 404 http://elsewhere/;", "302 Moved Temporarily", null)]
    public async Task An_error_has_its_page(string directive, string status, string? body)
    {
        await using var nginx = await RunningNginx.StartAsync(
            directive + " location /x { return 404; } location /page { return 200 \"page $request_method\"; } "
            + "location @named { return 200 \"named $uri\"; }");
        var answer = await nginx.AskAsync("POST /x HTTP/1.1\nHost: h\nContent-Length: 0\nConnection: close\n\n");
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer);
        if (body is not null)
            Assert.EndsWith("\r\n\r\n" + body, answer);
        else
            Assert.Contains("Location: http://elsewhere/\r\n", answer);
    }

    [Fact]
    public async Task What_stands_outside_of_locations_is_done_once()
    {
        await using var nginx = await RunningNginx.StartAsync("set $n x$n; rewrite ^/(.*)$ /a/$1; add_header X-N $uri;", ("a/b", "file"));
        Assert.Contains("X-N: /a/b\r\n", await nginx.GetAsync("/b"));
    }

    [Fact]
    public async Task A_redirect_keeps_its_place_behind_an_error_page_and_paths_are_escaped()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location /x { error_page 302 /page; return 302 /there; } location /page { return 200 page; } "
            + "absolute_redirect off; location '/a b/' { proxy_pass http://127.0.0.1:1; }");
        var answer = await nginx.GetAsync("/x");
        Assert.StartsWith("HTTP/1.1 302 ", answer);
        Assert.Contains("Location: /there\r\n", answer);
        Assert.EndsWith("\r\n\r\npage", answer);
        Assert.Contains("Location: /a%20b/?q\r\n", await nginx.GetAsync("/a%20b?q"));
    }

    [Fact]
    public async Task Who_names_no_host_gets_the_server_without_a_name()
    {
        await using var nginx = await RunningNginx.StartWholeAsync(
            "server { listen 127.0.0.1:PORT; server_name a ~.; return 200 first; } "
            + "server { listen 127.0.0.1:PORT; server_name \"\"; return 200 nameless; }");
        Assert.EndsWith("\r\n\r\nnameless", await nginx.AskAsync("GET / HTTP/1.0\n\n"));
        Assert.EndsWith("\r\n\r\nfirst", await nginx.AskAsync("GET / HTTP/1.0\nHost: b\n\n"));
    }

    [Fact]
    public async Task The_first_of_the_files_that_is_there_answers()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location / { try_files $uri $uri/ /fallback?u=$uri; } location /fallback { return 200 \"none of $args\"; } "
            + "location /code/ { try_files $uri =404; }", ("a", "file"), ("folder/index.html", "index"));
        Assert.EndsWith("\r\n\r\nfile", await nginx.GetAsync("/a"));
        Assert.EndsWith("\r\n\r\nindex", await nginx.GetAsync("/folder/"));
        Assert.EndsWith("\r\n\r\nnone of u=/b", await nginx.GetAsync("/b"));
        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", await nginx.GetAsync("/code/x"));
    }

    [Fact]
    public async Task Fields_are_added_to_good_answers_and_to_all_where_it_says_so()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "add_header X-Good 1; add_header X-Any $uri always; expires 1h; location /ok { return 200; } location /bad { return 400; }");
        var good = await nginx.GetAsync("/ok");
        Assert.Contains("X-Good: 1\r\n", good);
        Assert.Contains("X-Any: /ok\r\n", good);
        Assert.Contains("Cache-Control: max-age=3600\r\n", good);
        var bad = await nginx.GetAsync("/bad");
        Assert.DoesNotContain("X-Good", bad);
        Assert.Contains("X-Any: /bad\r\n", bad);
        Assert.DoesNotContain("Cache-Control", bad);
    }

    [Theory]
    [InlineData("allow 127.0.0.1; deny all;", "200 OK")]
    [InlineData("deny 127.0.0.0/8;", "403 Forbidden")]
    public async Task A_rule_decides_who_may_ask(string rules, string status)
    {
        await using var nginx = await RunningNginx.StartAsync(rules + " location / { }", ("a", "a"));
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", await nginx.GetAsync("/a"));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\n\n", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1\nHost: a\nHost: b\n\n", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1\nHost:\n\n", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1\nHost: h\nContent-Length: 1\nTransfer-Encoding: chunked\n\n", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1\nHost: h\nContent-Length: 1048577\n\n", "413 Request Entity Too Large")]
    [InlineData("TRACE / HTTP/1.1\nHost: h\n\n", "405 Not Allowed")]
    [InlineData("GET / HTTP/9.9\nHost: h\n\n", "505 HTTP Version Not Supported")]
    [InlineData("DELETE /a HTTP/1.1\nHost: h\nConnection: close\n\n", "405 Not Allowed")]
    public async Task Bad_input_is_answered_and_the_connection_ends(string request, string status)
    {
        await using var nginx = await RunningNginx.StartAsync("location / { }", ("a", "a"));
        var answer = await nginx.AskAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer);
        Assert.Contains("Connection: close\r\n", answer);
        Assert.Contains($"<center><h1>{(status.StartsWith("505", StringComparison.Ordinal) ? "505" : status[..3])}", answer);
    }

    [Fact]
    public async Task Each_request_has_its_line_in_the_access_log()
    {
        await using var nginx = await RunningNginx.StartAsync("location / { return 204; }");
        await nginx.AskAsync("GET /x?y=\"1 HTTP/1.1\nHost: h\nConnection: close\nUser-Agent: t\n\n");
        var line = (await nginx.LogAsync("access.log", 1))[0];
        Assert.Matches("^127\\.0\\.0\\.1 - - \\[.*\\] \"GET /x\\?y=\\\\x221 HTTP/1\\.1\" 204 0 \"-\" \"t\"$", line);
    }

    [Fact]
    public async Task A_large_file_comes_whole_to_a_slow_client()
    {
        var content = string.Concat(Enumerable.Range(0, 500_000).Select(i => $"{i:D7}\n"));
        await using var nginx = await RunningNginx.StartAsync("location / { }", ("large", content));
        using var client = await nginx.ConnectAsync();
        client.ReceiveBufferSize = 65536;
        await client.SendAsync("GET /large HTTP/1.0\r\n\r\n"u8.ToArray());
        var answer = await RunningNginx.ReadAsync(client, int.MaxValue);
        Assert.Equal(content, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    [Fact]
    public async Task HTTP2_is_spoken_where_it_is_on()
    {
        await using var nginx = await RunningNginx.StartAsync("http2 on; location / { return 200 $server_protocol; }");
        using var client = new HttpClient { DefaultRequestVersion = System.Net.HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var probe = await nginx.ConnectAsync();
        Assert.Equal("HTTP/2.0", await client.GetStringAsync($"http://{probe.RemoteEndPoint}/"));
        Assert.EndsWith("\r\n\r\nHTTP/1.1", await nginx.GetAsync("/"));
    }

    [Fact]
    public async Task A_reload_changes_what_is_served_and_closes_no_connection()
    {
        await using var nginx = await RunningNginx.StartAsync("location / { return 200 old; }");
        using var client = await nginx.ConnectAsync();
        var request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await client.SendAsync(request);
        var old = await RunningNginx.ReadAsync(client, 100);
        Assert.EndsWith("old", old);
        await nginx.ReloadAsync("location / { return 200 new; }");
        await client.SendAsync(request);
        Assert.EndsWith("new", await RunningNginx.ReadAsync(client, old.Length));
    }

    [Theory]
    [InlineData("/", "HTTP/1.1 200 OK", "content=\"0; URL=http://x/a%20%22~b\">")]
    [InlineData("/page", "HTTP/1.1 200 OK", "content=\"0; URL=http://y/\">")]
    [InlineData("/other", "HTTP/1.1 303 See Other", "303 See Other</h1>")]
    public async Task An_old_browser_is_sent_elsewhere_by_a_page_where_that_is_asked_for(string path, string line, string text)
    {
        await using var nginx = await RunningNginx.StartAsync("msie_refresh on; location / { return 301 'http://x/a \"~b'; } "
            + "location /other { return 303 /x; } location /page { return 404; error_page 404 =307 http://y/; }");
        var answer = await nginx.GetAsync(path, "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0)\n");
        Assert.StartsWith(line, answer);
        Assert.Contains(text.Replace("~", "%7E"), answer);
        Assert.Equal(line.EndsWith("OK", StringComparison.Ordinal), !answer.Contains("Location:", StringComparison.Ordinal));
        Assert.DoesNotContain("Refresh", await nginx.GetAsync(path));
    }

    [Fact]
    public async Task A_server_that_is_drained_answers_what_was_asked_and_ends_idle_connections()
    {
        await using var nginx = await RunningNginx.StartAsync("location / { return 200 x; }");
        using var idle = await nginx.ConnectAsync();
        await idle.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        await RunningNginx.ReadAsync(idle, 100);
        await nginx.Server.DrainAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("", await RunningNginx.ReadAsync(idle, 1));
    }

    [Fact]
    public async Task What_is_not_carried_out_of_the_main_level_is_not_served() => Assert.StartsWith("\"ssl_object_cache_inheritable off\"",
        (await Assert.ThrowsAsync<ConfigurationException>(
            () => RunningNginx.StartAsync("events { } ssl_object_cache_inheritable off;" + RunningNginx.MainEnd, "", []))).Message);

    [Theory]
    [InlineData("read_ahead 1k;", "the \"read_ahead\" directive is not carried out yet")]
    [InlineData("location /a { proxy_bind 127.0.0.2 transparent; }", "\"transparent\" of \"proxy_bind\" is not carried out yet")]
    [InlineData("location /a { grpc_bind 127.0.0.2 transparent; }", "\"transparent\" of \"grpc_bind\" is not carried out yet")]
    [InlineData("location / { return 200 $tcpinfo_rtt; }", "the \"tcpinfo_rtt\" variable is not there yet")]
    public async Task What_is_not_carried_out_is_not_served(string directives, string message)
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => RunningNginx.StartAsync(directives));
        Assert.StartsWith(message, refused.Message);
    }
}
