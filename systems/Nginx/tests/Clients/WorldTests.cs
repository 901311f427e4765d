using System.Net;

namespace Microcosm.Nginx.Tests;

/// <summary>nginx of a world on real sockets, and .NET's own client.</summary>
public sealed class WorldTests
{
    private const string Front =
        "events { } http { server { listen 80; location / { proxy_pass http://back; } location /gone { proxy_pass http://back-1:81; } } }";

    private const string Back = "user nobody; events { } http { server { listen 80; return 200 \"back sees $remote_addr\"; } }";

    [Fact]
    public async Task Two_of_them_serve_behind_each_other_and_links_between_them_fail()
    {
        await using var world = await World.StartAsync(w => w.AddNginx(Front, "front").AddNginx(Back, "back"),
            TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(world.System("front").ConnectionString) };
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal("back sees 198.18.0.1", await client.GetStringAsync("/", cancellation));
        Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync("/gone", cancellation)).StatusCode);
        world.Faults.Add("nginx.request node=back-1 nth=1 refuse=418");
        Assert.Equal((HttpStatusCode)418, (await client.GetAsync("/", cancellation)).StatusCode);
        await world.Node("back-1").KillAsync();
        Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync("/", cancellation)).StatusCode);
        await world.Node("back-1").RestartAsync(cancellation);
        Assert.Equal("back sees 198.18.0.1", await client.GetStringAsync("/", cancellation));
        Assert.Contains(world.Node("front-1").Log.Lines, l => l.Message.Contains("connect() failed (111: Connection refused)"));
        Assert.Contains(world.Node("back-1").Log.Lines, l => l.Message.EndsWith("without effect are user", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_world_without_sockets_a_fork_and_a_reload()
    {
        var options = new NginxOptions { Conf = "events { } http { server { listen 80; location / { root html; } } }" };
        options.AddFile("html/index.html", "hello");
        var cancellation = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync(w =>
        {
            w.Options.Ports = PortPolicy.None;
            w.Add(new NginxSystem(options));
        }, cancellation);
        Assert.Equal("http://nginx-1:80", world.System("nginx").ConnectionString);
        Assert.Equal("hello", await GetAsync(world));
        await world.System("nginx").PingAsync(cancellation);
        options.AddFile("html/index.html", "bye");
        await world.Node("nginx-1").ReloadAsync(cancellation);
        Assert.Equal("bye", await GetAsync(world));
        await world.Node("nginx-1").KillAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Node("nginx-1").ReloadAsync(cancellation));
        await using var fork = await world.ForkAsync(cancellation);
        Assert.Equal("bye", await GetAsync(fork));
    }

    [Theory]
    [InlineData("events { } http { server { listen 80; proxy_pass http://a; } }", "\"proxy_pass\" directive is not allowed here in ")]
    [InlineData("events { } http { server { listen unix:/run/x; } }", "unix:/run/x is a socket of the machine")]
    [InlineData("events { } stream { server { listen 53 udp; return x; } }", "\"udp\" on 0.0.0.0:53: the network of a world")]
    [InlineData("events { }", "no server listens anywhere")]
    [InlineData("events { } http { server { listen 80; location / { proxy_pass http://nobody; } } }",
        "host not found in upstream \"nobody\" in ")]
    public async Task What_cannot_be_served_keeps_the_world_from_starting(string conf, string why)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => World.StartAsync(w =>
        {
            w.Options.Ports = PortPolicy.None;
            w.AddNginx(conf);
        }, TestContext.Current.CancellationToken));
        Assert.Contains($"nginx: [emerg] {why}", refused.Message);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    [InlineData("a//b")]
    public void Files_stay_in_their_folder(string path) =>
        Assert.Throws<ArgumentException>(() => new NginxOptions().AddFile(path, ""));

    private static async Task<string> GetAsync(World world)
    {
        var node = world.Node("nginx-1").Address;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => world.ConnectAsync(node, "client", cancellation),
        };
        using var client = new HttpClient(handler);
        return await client.GetStringAsync(new Uri("http://nginx-1/"), TestContext.Current.CancellationToken);
    }
}
