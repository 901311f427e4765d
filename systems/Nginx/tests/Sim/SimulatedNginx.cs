using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Nginx.Tests;

/// <summary>A simulated world: nginx, two small servers behind it, and a client.</summary>
internal sealed class SimulatedNginx
{
    /// <summary>The two servers as an upstream.</summary>
    public const string Pages =
        "events { } http { upstream pages { server page-1; server page-2; } server { listen 80; server_name shop; "
        + "location / { proxy_pass http://pages; proxy_connect_timeout 1s; } location /own { return 200 own; } } }";

    private readonly SimulatedWorld _world;
    private readonly NodeContext _client;
    private readonly SimulatedBrowser _browser;

    private SimulatedNginx(SimulatedWorld world, NginxOptions options)
    {
        (_world, Options) = (world, options);
        foreach (var name in (string[])["page-1", "page-2"])
            world.AddNode(new NodeDefinition(name, 80, context => new TinyHttpNode(context, 80)));
        foreach (var node in new NginxSystem(options).Nodes)
            world.AddNode(node);
        _client = world.AddClient("client");
        _browser = new SimulatedBrowser(_client);
    }

    public SimulatedWorld World => _world;

    public NginxOptions Options { get; }

    public NodeHost Host => _world.Host("nginx-1");

    public FaultPlan Faults => _world.FaultsOf("nginx-1");

    /// <summary>Runs it, as a client; fails where the run does.</summary>
    public static SimulationResult Run(ulong seed, string conf, Func<SimulatedNginx, Task> body, Action<NginxOptions>? configure = null)
    {
        var result = Simulator.Run(seed, async world =>
        {
            var options = new NginxOptions { Conf = conf };
            configure?.Invoke(options);
            var nginx = new SimulatedNginx(world, options);
            await world.StartAsync();
            await world.RunAsync(nginx._client, () => body(nginx));
            // In order: its folder goes.
            await nginx.Host.StopAsync();
        });
        Assert.True(result.Failure is null, result.ToText());
        return result;
    }

    /// <summary>Status and body, or 0 and what went wrong.</summary>
    public async Task<string> GetAsync(string path, string host = "shop")
    {
        var (status, body) = await _browser.GetAsync(new NodeEndPoint("nginx-1", 80), path, host);
        return status == 0 ? "0" : $"{status} {body}";
    }

    public async Task<NginxInside> InsideAsync() => (NginxInside)(await Host.AskAsync(n => n.Inside()))!;

    public Task DelayAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _client.Clock);
}
