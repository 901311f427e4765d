namespace Microcosm.Nginx.Tests;

/// <summary><c>proxy_http_version 2</c> and <c>grpc_pass</c>: what goes to servers, and what is said of those that break the rules.
/// </summary>
public sealed class Http2UpstreamTests
{
    [Theory]
    [InlineData("/", "GET 127.0.0.1:PORT HTTP/2.0 -")]
    [InlineData("/host", "GET given HTTP/2.0 -")]
    [InlineData("/grpc", "GET 127.0.0.1:PORT HTTP/2.0 trailers")]
    [InlineData("/method", "PUT 127.0.0.1:PORT HTTP/2.0 -")]
    public async Task Host_and_te_are_sent_as_the_module_says(string path, string seen)
    {
        await using var nginx = await RunningNginx.StartAsync(
            """
            http2 on;
            proxy_http_version 2;
            location / { proxy_pass http://127.0.0.1:PORT/in; }
            location /host { proxy_set_header Host given; proxy_pass http://127.0.0.1:PORT/in; }
            location /method { proxy_method PUT; proxy_pass http://127.0.0.1:PORT/in; }
            location /grpc { rewrite ^ /in break; grpc_pass 127.0.0.1:PORT; }
            location /in { if ($http_te = "") { set $te -; } if ($http_te) { set $te $http_te; }
                return 200 "$request_method $http_host $server_protocol $te"; }
            """);
        var answer = await nginx.GetAsync(path, "TE: trailers, deflate\n");
        Assert.Contains(seen.Replace("PORT", $"{nginx.Port}"), answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\nHost: h\nConnection: close\nContent-Length: 5\n\nhello", "5 hello")]
    [InlineData("POST / HTTP/1.1\nHost: h\nConnection: close\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n", "5 hello")]
    [InlineData("POST /streamed HTTP/1.1\nHost: h\nConnection: close\nContent-Length: 5\n\nhello", "5 hello")]
    [InlineData("POST /grpc HTTP/1.1\nHost: h\nConnection: close\nContent-Length: 5\n\nhello", "5 hello")]
    [InlineData("POST /set HTTP/1.1\nHost: h\nConnection: close\nContent-Length: 5\n\nhello", "3 set")]
    [InlineData("POST /none HTTP/1.1\nHost: h\nConnection: close\nContent-Length: 5\n\nhello", " ")]
    public async Task Bodies_are_framed_anew(string request, string seen)
    {
        await using var nginx = await RunningNginx.StartAsync(
            """
            http2 on;
            proxy_http_version 2;
            location / { proxy_pass http://127.0.0.1:PORT/in; }
            location /streamed { proxy_request_buffering off; proxy_pass http://127.0.0.1:PORT/in; }
            location /set { proxy_set_body set; proxy_pass http://127.0.0.1:PORT/in; }
            location /none { proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_pass http://127.0.0.1:PORT/in; }
            location /grpc { rewrite ^ /in break; grpc_pass 127.0.0.1:PORT; }
            location /in {
                proxy_http_version 1.1; proxy_pass http://127.0.0.1:PORT/ok; add_header X-Seen "$http_content_length $request_body";
            }
            location /ok { return 200; }
            """);
        Assert.Contains($"x-seen: {seen}\r\n", await nginx.AskAsync(request), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n",
        "upstream sent too large http2 frame: 4740180 while reading response header from upstream")]
    [InlineData("\0\0\0\u0001\u0004\0\0\0\u0001", "upstream sent no :status header while reading response header from upstream")]
    [InlineData("\0\0\u0004\u0003\0\0\0\0\u0001\0\0\0\u0007",
        "upstream rejected request with error 7 while reading response header from upstream")]
    public async Task A_server_that_breaks_the_rules_is_a_bad_gateway(string answer, string words)
    {
        using var server = new ScriptedServer(_ => answer);
        await using var nginx = await RunningNginx.StartAsync(
            $"error_log logs/error.log; location / {{ proxy_http_version 2; proxy_pass http://127.0.0.1:{server.Port}; }} "
            + $"location /grpc {{ grpc_pass 127.0.0.1:{server.Port}; }}");
        Assert.StartsWith("HTTP/1.1 502 ", await nginx.GetAsync("/"));
        Assert.StartsWith("HTTP/1.1 502 ", await nginx.GetAsync("/grpc"));
        var log = await nginx.LogAsync("error.log", 2);
        Assert.All(log, l => Assert.Contains(words, l, StringComparison.Ordinal));
        Assert.Contains($"upstream: \"grpc://127.0.0.1:{server.Port}\"", log[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-port", "no port in upstream \"h\"")]
    [InlineData("grpc://127.0.0.1", "no port in upstream \"127.0.0.1\"")]
    [InlineData("h:1", "no resolver defined to resolve h")]
    public async Task Variables_name_a_server_with_its_port(string target, string words)
    {
        await using var nginx = await RunningNginx.StartAsync(
            "error_log logs/error.log; location / { set $t " + target.Replace("no-port", "h") + "; grpc_pass $t; }");
        Assert.StartsWith("HTTP/1.1 50", await nginx.GetAsync("/"));
        Assert.Contains(words, (await nginx.LogAsync("error.log", 1))[0], StringComparison.Ordinal);
    }
}
