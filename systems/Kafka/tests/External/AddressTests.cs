using System.Net;
using Microcosm.Kafka.Tests.Operations;
using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.External;

/// <summary>What clients are told of where brokers are: all as the cluster says it but the addresses, in every version.</summary>
public sealed class AddressTests
{
    [Fact]
    public async Task Every_version_of_Metadata_tells_the_proxys_addresses_and_else_what_the_cluster_tells()
    {
        await using var both = await StartAsync();
        for (short version = 0; version <= MetadataResponse.HighestVersion; version++)
        {
            var request = new MetadataRequest { Topics = [new() { Name = "t" }] };
            var (direct, proxied) = await AskAsync<MetadataRequest, MetadataResponse>(both, request, version);
            Assert.Equal(3, proxied.Brokers.Count);
            foreach (var (theirs, ours) in direct.Brokers.Zip(proxied.Brokers))
                (theirs.Host, theirs.Port) = Check(both, theirs.NodeId, theirs.Port, ours.Host, ours.Port);
            Assert.Equal(MessageCodec.Encode(direct, version), MessageCodec.Encode(proxied, version));
        }
    }

    [Fact]
    public async Task Every_version_of_FindCoordinator_tells_the_proxys_addresses()
    {
        await using var both = await StartAsync();
        for (short version = 0; version <= FindCoordinatorResponse.HighestVersion; version++)
        {
            var request = version < 4 ? new FindCoordinatorRequest { Key = "g" } : new() { CoordinatorKeys = ["g", "h"] };
            var (direct, proxied) = await AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(both, request, version);
            Assert.Equal(version < 4 ? 0 : 2, proxied.Coordinators.Count);
            if (version < 4)
                (direct.Host, direct.Port) = Check(both, direct.NodeId, direct.Port, proxied.Host, proxied.Port);
            foreach (var (theirs, ours) in direct.Coordinators.Zip(proxied.Coordinators))
                (theirs.Host, theirs.Port) = Check(both, theirs.NodeId, theirs.Port, ours.Host, ours.Port);
            Assert.Equal(MessageCodec.Encode(direct, version), MessageCodec.Encode(proxied, version));
        }
    }

    [Fact]
    public async Task A_coordinator_that_is_not_found_is_at_no_place()
    {
        await using var both = await StartAsync();
        for (short version = 1; version <= FindCoordinatorResponse.HighestVersion; version++)
        {
            var request = version < 4 ? new FindCoordinatorRequest { Key = "g", KeyType = 9 }
                : new() { CoordinatorKeys = ["g"], KeyType = 9 };
            var (direct, proxied) = await AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(both, request, version);
            Assert.Equal(-1, version < 4 ? proxied.Port : proxied.Coordinators.Single().Port);
            Assert.Equal(MessageCodec.Encode(direct, version), MessageCodec.Encode(proxied, version));
        }
    }

    [Fact]
    public async Task Every_version_of_DescribeCluster_tells_the_proxys_addresses()
    {
        await using var both = await StartAsync();
        for (short version = 0; version <= DescribeClusterResponse.HighestVersion; version++)
        {
            var (direct, proxied) = await AskAsync<DescribeClusterRequest, DescribeClusterResponse>(both, new(), version);
            Assert.Equal(3, proxied.Brokers.Count);
            foreach (var (theirs, ours) in direct.Brokers.Zip(proxied.Brokers))
                (theirs.Host, theirs.Port) = Check(both, theirs.BrokerId, theirs.Port, ours.Host, ours.Port);
            Assert.Equal(MessageCodec.Encode(direct, version), MessageCodec.Encode(proxied, version));
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task A_Produce_that_went_to_another_broker_is_told_of_the_leader_at_the_proxy(short version)
    {
        await using var both = await StartAsync();
        var leader = await LeaderAsync(both);
        await using var another = await both.ConnectAsync(broker: leader % 3 + 1);
        var response = await another.CallAsync<ProduceRequest, ProduceResponse>(new()
        {
            Acks = -1, TimeoutMs = 1_000, TopicData = [new() { Name = "t", PartitionData = [new() { Records = Batch.Of("v") }] }],
        }, version);
        Assert.Equal((short)KafkaError.NotLeaderOrFollower, response.Responses[0].PartitionResponses[0].ErrorCode);
        var at = Assert.Single(response.NodeEndpoints);
        Assert.Equal(leader, at.NodeId);
        Check(both, at.NodeId, Real(both, leader).Port, at.Host, at.Port);
    }

    // Records and all else stay as they are.
    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    public async Task A_Fetch_is_told_of_leaders_at_the_proxy(short version)
    {
        var response = new FetchResponse
        {
            SessionId = 7,
            NodeEndpoints = [new() { NodeId = 3, Host = "elsewhere", Port = 9, Rack = "r" }],
            Responses = [new() { TopicId = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), Partitions =
                [new() { ErrorCode = 6, CurrentLeader = new() { LeaderId = 3, LeaderEpoch = 4 }, Records = Batch.Of("v", "w") }] }],
        };
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, response, version));
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        var seen = await client.CallAsync<FetchRequest, FetchResponse>(new(), version);
        var known = Assert.Single(((ProxyInside)(await world.Node("kafka-proxy").InsideAsync())!).Brokers);
        Assert.Equal((3, "elsewhere:9", $"{seen.NodeEndpoints[0].Host}:{seen.NodeEndpoints[0].Port}"),
            (known.Id, known.Upstream, known.Endpoint));
        (seen.NodeEndpoints[0].Host, seen.NodeEndpoints[0].Port) = ("elsewhere", 9);
        Assert.Equal(MessageCodec.Encode(response, version), MessageCodec.Encode(seen, version));
    }

    [Fact]
    public async Task A_client_inside_the_world_is_told_places_inside_the_world()
    {
        await using var both = await StartAsync();
        await using var client = new RawClient(await both.World.ConnectAsync(both.Proxy.Address));
        var metadata = await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 12);
        var at = metadata.Brokers.Single(b => b.NodeId == 2);
        Assert.Equal(("kafka-proxy", 9095), (at.Host, at.Port));
        await using var broker = new RawClient(await both.World.ConnectAsync(new(at.Host, at.Port)));
        Assert.Equal(metadata.ClusterId, (await broker.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 12)).ClusterId);
    }

    private static async Task<Proxied> StartAsync()
    {
        var both = await Proxied.StartAsync(3);
        await using var client = await RawClient.ConnectAsync(both.Cluster);
        await TestTopic.CreateAsync(client, replicas: 1);
        // The coordinators' topic, and a leader for what is asked of.
        await client.CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new() { Key = "g" }, 3);
        return both;
    }

    private static async Task<int> LeaderAsync(Proxied both)
    {
        await using var client = await RawClient.ConnectAsync(both.Cluster);
        return await TestTopic.LeaderAsync(client);
    }

    private static IPEndPoint Real(Proxied both, int broker) => both.Cluster.Node($"kafka-{broker}").Socket!;

    // Gives the proxy's address, if it is one, and leads to the same broker.
    private static (string Host, int Port) Check(Proxied both, int broker, int realPort, string host, int port)
    {
        Assert.Equal(Real(both, broker).Port, realPort);
        Assert.DoesNotContain(port, both.Cluster.Nodes.Select(n => n.Socket!.Port));
        Assert.Equal("127.0.0.1", host);
        var inside = (ProxyInside)both.Proxy.InsideAsync().GetAwaiter().GetResult()!;
        Assert.Contains(new ProxiedBrokerInside(broker, $"127.0.0.1:{realPort}", $"{host}:{port}"), inside.Brokers);
        return (host, port);
    }

    private static async Task<(TResponse Direct, TResponse Proxied)> AskAsync<TRequest, TResponse>(
        Proxied both, TRequest request, short version)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        await using var direct = await Proxied.ConnectAsync(Real(both, 1));
        await using var proxied = await both.ConnectAsync(broker: 1);
        return (await direct.CallAsync<TRequest, TResponse>(request, version),
            await proxied.CallAsync<TRequest, TResponse>(request, version));
    }
}
