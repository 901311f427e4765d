using System.Net;
using System.Net.Sockets;
using Microcosm.Kafka.Tests.Operations;
using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.External;

/// <summary>Clusters that cannot be reached, and brokers that come and go.</summary>
public sealed class UpstreamTests
{
    [Fact]
    public async Task A_cluster_that_cannot_be_reached_keeps_the_world_from_starting()
    {
        var (first, second) = (FreePort(), FreePort());
        var error = await Assert.ThrowsAsync<IOException>(() => Proxied.ProxyAsync($"127.0.0.1:{first},localhost:{second}"));
        Assert.Equal($"No external Kafka at 127.0.0.1:{first},localhost:{second}: 127.0.0.1:{first}: Connection refused, "
            + $"localhost:{second}: Connection refused", error.Message);
    }

    [Fact]
    public async Task The_first_bootstrap_server_that_can_be_reached_counts()
    {
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, 5));
        await using var world = await Proxied.ProxyAsync($"127.0.0.1:{FreePort()},{broker.Address}");
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        Assert.Equal([5], (await client.CallAsync(999, [], 0, isFlexible: false))[4..]);
    }

    // A TLS alert, as an answer to what is no TLS; an end; another protocol.
    [Theory]
    [InlineData("15 03 03 00 02 02 46 00 00 00 00 00", "Kafka answered ApiVersions with")]
    [InlineData("", "it closed the connection instead of an answer, as who wants another security.protocol than PLAINTEXT")]
    [InlineData("48 54 54 50 2f 31 2e 31 20 34 30 30 0d 0a", "Kafka answered ApiVersions with '485454502F312E312034'")]
    public async Task A_server_that_is_no_Kafka_without_TLS_keeps_the_world_from_starting(string answer, string why)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync();
        var error = await Assert.ThrowsAsync<IOException>(() => Proxied.ProxyAsync($"{listener.LocalEndpoint}"));
        Assert.StartsWith($"No external Kafka at {listener.LocalEndpoint}: {listener.LocalEndpoint}: {why}", error.Message);
        await served;

        async Task ServeAsync()
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().ReadExactlyAsync(new byte[14]);
            await client.GetStream().WriteAsync(Convert.FromHexString(answer.Replace(" ", "", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("", "No resolvable bootstrap urls given in bootstrap.servers")]
    [InlineData("localhost", "Invalid url in bootstrap.servers: localhost")]
    [InlineData("a:1,localhost:0", "Invalid url in bootstrap.servers: localhost:0")]
    [InlineData("::1:9092", "Invalid url in bootstrap.servers: ::1:9092")]
    public void Bootstrap_servers_that_are_none_are_refused(string servers, string why) =>
        Assert.Equal(why, Assert.Throws<ArgumentException>(() => new ExternalKafkaOptions(servers)).Message);

    [Fact]
    public void Bootstrap_servers_are_hosts_and_ports() =>
        Assert.Equal("a.b:1,[::1]:9092", new ExternalKafkaOptions(" a.b:1, [::1]:9092,").BootstrapServers);

    [Theory]
    [InlineData("security.protocol", "TLS", "String must be one of (case insensitive): PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL")]
    [InlineData("listener.security.protocol", "SASL_SSL", "String must be one of (case insensitive): PLAINTEXT, SSL")]
    [InlineData("ssl.truststore.type", "JKS", "String must be one of: PEM, PKCS12")]
    [InlineData("ssl.endpoint.identification.algorithm", "none", "Invalid value none")]
    [InlineData("socket.connection.setup.timeout.ms", "0", "Value must be at least 1")]
    [InlineData("socket.connection.setup.timeout.ms", "x", "Not a number of type INT")]
    [InlineData("num.partitions", "3", "Unknown configuration 'num.partitions'")]
    public void Options_that_the_proxy_has_not_are_refused(string name, string value, string why) =>
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => new ExternalKafkaOptions("a:1").Set(name, value)).Message);

    [Fact]
    public async Task A_broker_that_dies_takes_its_clients_connections_with_it_and_is_found_again_at_the_same_port()
    {
        await using var both = await Proxied.StartAsync(3);
        await using var client = await both.ConnectAsync(broker: 2);
        var at = Endpoint(2);
        await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 9);
        await both.Cluster.Node("kafka-2").KillAsync();
        await Assert.ThrowsAnyAsync<IOException>(client.ReceiveAsync);
        // Nobody is behind the port: whoever comes is reset, and the log says why.
        var reset = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var refused = await Proxied.ConnectAsync(at);
            await refused.ReceiveAsync();
        });
        Assert.True(reset is IOException or SocketException, $"{reset}");
        Assert.True(Proxied.Said(both.World, $"{both.Cluster.Node("kafka-2").Socket}: Connection refused"));
        await both.Cluster.Node("kafka-2").RestartAsync();
        await using var again = await Proxied.ConnectAsync(at);
        Assert.NotEmpty((await again.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 9)).Brokers);

        IPEndPoint Endpoint(int id) => IPEndPoint.Parse(
            ((ProxyInside)both.Proxy.InsideAsync().GetAwaiter().GetResult()!).Brokers.Single(b => b.Id == id).Endpoint);
    }

    [Fact]
    public async Task A_broker_that_moves_keeps_its_port()
    {
        var port = 1;
        await using var moved = new FakeBroker(request => FakeBroker.Answer(request, 6));
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request,
            new MetadataResponse { Brokers = [new() { NodeId = 1001, Host = "127.0.0.1", Port = port }] }, 5));
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        var first = await AskAsync();
        port = IPEndPoint.Parse(moved.Address).Port;
        Assert.Equal(first, await AskAsync());
        await using var there = await Proxied.ConnectAsync(first);
        Assert.Equal([6], (await there.CallAsync(999, [], 0, isFlexible: false))[4..]);
        // So it is after a restart.
        await world.Node("kafka-proxy").RestartAsync();
        await using var again = await Proxied.ConnectAsync(first);
        Assert.Equal([6], (await again.CallAsync(999, [], 0, isFlexible: false))[4..]);

        async Task<IPEndPoint> AskAsync()
        {
            var response = await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 5);
            return IPEndPoint.Parse($"{response.Brokers[0].Host}:{response.Brokers[0].Port}");
        }
    }

    [Fact]
    public async Task What_was_sent_without_an_answer_arrives_though_the_client_leaves_at_once()
    {
        await using var both = await Proxied.StartAsync();
        await using var direct = await RawClient.ConnectAsync(both.Cluster);
        await TestTopic.CreateAsync(direct, replicas: 1);
        await using (var client = await both.ConnectAsync())
        {
            // Answered, so the broker is reached.
            await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 9);
            for (var i = 0; i < 20; i++)
                await client.SendAsync(Produce.Key, MessageCodec.Encode(new ProduceRequest
                    { TopicData = [new() { Name = "t", PartitionData = [new() { Records = Batch.Of("v") }] }] }, 9), 9, isFlexible: true);
        }
        while ((await TestTopic.ReadAsync(direct)).Count < 20)
            await Task.Yield();
    }

    [Fact]
    public async Task A_proxy_that_stops_leaves_no_connection_to_the_cluster()
    {
        await using var both = await Proxied.StartAsync();
        await using var client = await both.ConnectAsync();
        await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 9);
        Assert.NotEqual(0, await ConnectionsAsync());
        await both.Proxy.KillAsync();
        while (await ConnectionsAsync() > 0)
            await Task.Yield();

        async Task<int> ConnectionsAsync() => ((KafkaInside)(await both.Cluster.Node("kafka-1").InsideAsync())!).Connections;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
