using Microcosm.Kafka.Tests.Operations;

namespace Microcosm.Kafka.Tests.External;

/// <summary>A cluster of ours in one world, and the proxy of it in another.</summary>
internal sealed class Proxied(World cluster, World world) : IAsyncDisposable
{
    /// <summary>The cluster's own.</summary>
    public World Cluster => cluster;

    /// <summary>The proxy's.</summary>
    public World World => world;

    public RunningNode Proxy => world.Node("kafka-proxy");

    public static async Task<Proxied> StartAsync(
        int nodes = 1, Action<KafkaOptions>? configure = null, Action<ExternalKafkaOptions>? configureProxy = null)
    {
        var cluster = await World.StartAsync(w => w.AddKafka(o =>
        {
            o.Nodes = nodes;
            // On a loaded machine heartbeats come late; a broker that is killed is missed by its connection.
            o.BrokerSessionTimeoutMs = 60_000;
            o.Set("group.consumer.min.heartbeat.interval.ms", "100");
            o.Set("group.consumer.heartbeat.interval.ms", "100");
            configure?.Invoke(o);
        }), TestContext.Current.CancellationToken);
        return new(cluster, await ProxyAsync(cluster.System("kafka").ConnectionString, configure: configureProxy));
    }

    /// <summary>A world with nothing but the proxy of a cluster.</summary>
    /// <param name="isPortable">On Kestrel's sockets.</param>
    public static Task<World> ProxyAsync(
        string bootstrapServers, bool isPortable = false, Action<ExternalKafkaOptions>? configure = null) => World.StartAsync(w =>
    {
        w.Options.PortableSockets = isPortable;
        w.AddExternalKafka(bootstrapServers, configure);
    }, TestContext.Current.CancellationToken);

    /// <summary>A client of the proxy, by a socket as clients are.</summary>
    public Task<RawClient> ConnectAsync() => ConnectAsync(Proxy.Socket!);

    /// <summary>The same, to the port that stands for a broker, of which this is told first.</summary>
    public async Task<RawClient> ConnectAsync(int broker)
    {
        await using var client = await ConnectAsync();
        var metadata = await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 9);
        var at = metadata.Brokers.Single(b => b.NodeId == broker);
        return await ConnectAsync(System.Net.IPEndPoint.Parse($"{at.Host}:{at.Port}"));
    }

    public static async Task<RawClient> ConnectAsync(System.Net.IPEndPoint at)
    {
        var client = new System.Net.Sockets.TcpClient { NoDelay = true };
        await client.ConnectAsync(at, TestContext.Current.CancellationToken);
        return new RawClient(client.GetStream());
    }

    /// <summary>True once the proxy's log has a line with such words.</summary>
    public static bool Said(World world, string words) =>
        world.Node("kafka-proxy").Log.Lines.Any(l => l.Message.Contains(words, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await cluster.DisposeAsync();
    }
}
