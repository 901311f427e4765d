namespace Microcosm.Nginx.Tests;

/// <summary>Names that are looked up while nginx serves.</summary>
public sealed class ResolverTests
{
    [Fact]
    public async Task A_name_that_variables_gave_is_looked_up()
    {
        using var names = new TestNameServer(n => n == "there.test" ? ["127.0.0.1"] : null);
        await using var nginx = await RunningNginx.StartAsync(
            $"resolver 127.0.0.1:{names.Port}; error_log logs/error.log; "
            + "location / { proxy_pass http://$arg_h:PORT/in; } location /in { return 200 $http_host; }");
        Assert.EndsWith($"there.test:{nginx.Port}", await nginx.GetAsync("/?h=there.test"));
        Assert.StartsWith("HTTP/1.1 502 ", await nginx.GetAsync("/?h=gone.test"));
        Assert.Contains("gone.test could not be resolved (3: Host not found)", (await nginx.LogAsync("error.log", 1))[0]);
    }

    [Fact]
    public async Task A_client_that_leaves_waits_for_no_name()
    {
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)silent.Client.LocalEndPoint!).Port;
        await using var nginx = await RunningNginx.StartAsync(
            "log_format s $status; ",
            $"resolver 127.0.0.1:{port}; access_log logs/a.log s; location / {{ proxy_pass http://$arg_h:PORT/in; }}", []);
        using (var client = await nginx.ConnectAsync())
        {
            await client.SendAsync("GET /?h=a.test HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
            await silent.ReceiveAsync();
        }
        Assert.Equal("499", (await nginx.LogAsync("a.log", 1))[0]);
    }

    [Fact]
    public async Task A_name_of_an_upstream_follows_its_addresses()
    {
        string[]? addresses = ["127.0.0.1"];
        using var names = new TestNameServer(_ => Volatile.Read(ref addresses));
        await using var nginx = await RunningNginx.StartAsync(
            $"resolver 127.0.0.1:{names.Port}; upstream u {{ zone u 64k; server a.test:PORT resolve max_fails=0; }} ",
            "location / { proxy_pass http://u/in; add_header X-Addr $upstream_addr always; } location /in { return 200 ok; }", []);
        await UntilAsync(nginx, $"X-Addr: 127.0.0.1:{nginx.Port}\r\n");
        await nginx.ReloadAsync(
            "location / { proxy_pass http://u/in; add_header X-Addr $upstream_addr always; } location /in { return 200 ok; }",
            $"resolver 127.0.0.1:{names.Port}; upstream u {{ zone u 64k; server a.test:PORT resolve max_fails=0; }} ");
        // What was known holds at once.
        Assert.Contains($"X-Addr: 127.0.0.1:{nginx.Port}\r\n", await nginx.GetAsync("/"));
        Volatile.Write(ref addresses, ["127.0.0.2"]);
        await UntilAsync(nginx, $"X-Addr: 127.0.0.2:{nginx.Port}\r\n");
        Volatile.Write(ref addresses, null);
        await UntilAsync(nginx, "X-Addr: u\r\n");
    }

    private static async Task UntilAsync(RunningNginx nginx, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await nginx.GetAsync("/")).Contains(text, StringComparison.Ordinal))
        {
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
