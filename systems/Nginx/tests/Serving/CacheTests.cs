namespace Microcosm.Nginx.Tests;

/// <summary>Responses that are kept.</summary>
public sealed class CacheTests
{
    private const string Zone = "proxy_cache_path cache levels=1:2 keys_zone=z:1m; ";

    [Fact]
    public async Task A_response_is_fetched_once_and_found_by_the_next_process_too()
    {
        using var server = new ScriptedServer(
            _ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\nCache-Control: max-age=100\r\n\r\nok");
        var directives = $"location / {{ proxy_pass http://127.0.0.1:{server.Port}; proxy_cache z; "
            + "add_header X-Cache $upstream_cache_status; }";
        await using var nginx = await RunningNginx.StartAsync(Zone, directives, []);
        Assert.Contains("X-Cache: MISS\r\n", await nginx.GetAsync("/a"));
        var hit = await nginx.GetAsync("/a");
        Assert.Contains("X-A: b\r\n", hit);
        Assert.Contains("X-Cache: HIT\r\n", hit);
        Assert.EndsWith("\r\n\r\nok", hit);
        Assert.Contains("X-Cache: MISS\r\n", await nginx.GetAsync("/b"));
        await nginx.ReloadAsync(directives, Zone);
        Assert.Contains("X-Cache: HIT\r\n", await nginx.GetAsync("/b"));
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(2, Directory.GetFiles(nginx.Folder + "cache", "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_one_request()
    {
        using var server = new ScriptedServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var nginx = await RunningNginx.StartAsync(Zone,
            $"location / {{ proxy_pass http://127.0.0.1:{server.Port}; proxy_cache z; proxy_cache_valid 1m; proxy_cache_lock on; }}", []);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => nginx.GetAsync("/a")));
        Assert.All(answers, a => Assert.EndsWith("\r\n\r\nok", a));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_old_response_stands_in_for_a_server_that_fails()
    {
        var isUp = true;
        using var server = new ScriptedServer(_ => isUp ? "HTTP/1.1 200 OK\r\nX-Accel-Expires: @1\r\nContent-Length: 2\r\n\r\nok" : "");
        await using var nginx = await RunningNginx.StartAsync(Zone,
            $"location / {{ proxy_pass http://127.0.0.1:{server.Port}; proxy_cache z; proxy_cache_use_stale error; "
            + "add_header X-Cache $upstream_cache_status; }", []);
        Assert.Contains("X-Cache: MISS\r\n", await nginx.GetAsync("/a"));
        Assert.Contains("X-Cache: EXPIRED\r\n", await nginx.GetAsync("/a"));
        isUp = false;
        var stale = await nginx.GetAsync("/a");
        Assert.Contains("X-Cache: STALE\r\n", stale);
        Assert.EndsWith("\r\n\r\nok", stale);
    }

    [Fact]
    public async Task A_server_is_asked_whether_an_old_response_holds()
    {
        using var server = new ScriptedServer(request => request.Contains("If-None-Match: \"e\"\r\n", StringComparison.Ordinal)
            ? "HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=100\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nX-Accel-Expires: @1\r\nETag: \"e\"\r\nContent-Length: 2\r\n\r\nok");
        await using var nginx = await RunningNginx.StartAsync(Zone,
            $"location / {{ proxy_pass http://127.0.0.1:{server.Port}; proxy_cache z; proxy_cache_revalidate on; "
            + "add_header X-Cache $upstream_cache_status; }", []);
        await nginx.GetAsync("/a");
        var renewed = await nginx.GetAsync("/a");
        Assert.Contains("X-Cache: REVALIDATED\r\n", renewed);
        Assert.EndsWith("\r\n\r\nok", renewed);
        Assert.Contains("X-Cache: HIT\r\n", await nginx.GetAsync("/a"));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nCache-Control: max-age=100\r\n\r\npart")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nCache-Control: max-age=100\r\n\r\n4\r\npart\r\n")]
    public async Task A_response_that_breaks_off_is_not_kept(string answer)
    {
        using var server = new ScriptedServer(_ => answer);
        await using var nginx = await RunningNginx.StartAsync(Zone,
            $"location / {{ proxy_pass http://127.0.0.1:{server.Port}; proxy_cache z; }}", []);
        await nginx.GetAsync("/a");
        await nginx.GetAsync("/a");
        Assert.Equal(2, server.Requests.Count);
        Assert.DoesNotContain(Directory.GetFiles(nginx.Folder, "*", SearchOption.AllDirectories),
            f => !f.Contains("/logs/", StringComparison.Ordinal) && !f.Contains("/html/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_damaged_is_fetched_again()
    {
        using var server = new ScriptedServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var nginx = await RunningNginx.StartAsync(Zone,
            $"location / {{ proxy_pass http://127.0.0.1:{server.Port}; proxy_cache z; proxy_cache_valid 1m; }}", []);
        await nginx.GetAsync("/a");
        var file = Directory.GetFiles(nginx.Folder + "cache", "*", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, new byte[5]);
        Assert.EndsWith("\r\n\r\nok", await nginx.GetAsync("/a"));
        Assert.EndsWith("\r\n\r\nok", await nginx.GetAsync("/a"));
        Assert.Equal(2, server.Requests.Count);
    }
}
