using Confluent.Kafka;
using Microcosm.Kafka.Tests.Clients;

namespace Microcosm.Kafka.Tests.External;

/// <summary>The official client and kcat through the proxy, before three brokers of ours; and before librdkafka's own mock
/// cluster.</summary>
public sealed class ProxyClientTests
{
    [Theory]
    [InlineData("range")]
    [InlineData(GroupMember.NewProtocol)]
    public async Task A_group_reads_what_was_written(string protocol)
    {
        await using var both = await Proxied.StartAsync(3);
        await GroupWorlds.MakeTopicAsync(both.World);
        using var first = new GroupMember(both.World, protocol);
        using var second = new GroupMember(both.World, protocol);
        GroupMember.UntilShared(6, first, second);
        await GroupWorlds.WriteAsync(both.World, 0, 12);
        GroupMember.Until(() => first.Values.Count + second.Values.Count >= 12, first, second);
        Assert.Equal(Enumerable.Range(0, 12), first.Values.Concat(second.Values).Select(int.Parse).Order());
        first.Client.Commit();
        first.Leave();
        GroupMember.UntilShared(6, second);
        OnlyTheProxyIsKnown(both, GroupWorlds.Admin(both.World));
    }

    [Fact]
    public async Task A_group_goes_on_when_a_broker_dies_and_comes_back()
    {
        await using var both = await Proxied.StartAsync(3);
        using (var admin = GroupWorlds.Admin(both.World))
            await admin.CreateTopicsAsync([new() { Name = "t", NumPartitions = 6, ReplicationFactor = 3 }]);
        using var member = new GroupMember(both.World, "range");
        GroupMember.UntilShared(6, member);
        await GroupWorlds.WriteAsync(both.World, 0, 12);
        GroupMember.Until(() => member.Values.Count >= 12, member);
        await both.Cluster.Node("kafka-2").KillAsync();
        await GroupWorlds.WriteAsync(both.World, 12, 12);
        GroupMember.Until(() => member.Values.Count >= 24, member);
        await both.Cluster.Node("kafka-2").RestartAsync();
        await GroupWorlds.WriteAsync(both.World, 24, 12);
        GroupMember.Until(() => member.Values.Count >= 36, member);
        Assert.Equal(Enumerable.Range(0, 36), member.Values.Select(int.Parse).Order().Distinct());
    }

    // The client tries again where the fault says that the leader has moved, or the reply was lost: each record is there once.
    [Fact]
    public async Task An_idempotent_producer_gets_over_faults_of_the_proxy()
    {
        await using var both = await Proxied.StartAsync(3);
        await GroupWorlds.MakeTopicAsync(both.World, partitions: 1);
        both.World.Faults.Add("kafka.Produce target=t-0 nth=2 refuse=NOT_LEADER_OR_FOLLOWER");
        both.World.Faults.Add("kafka.Produce target=t-0 nth=3 drop-reply");
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = both.World.System("kafka").ConnectionString, EnableIdempotence = true, LingerMs = 0,
            ReconnectBackoffMaxMs = 100,
        }).SetLogHandler((_, _) => { }).Build())
        {
            for (var n = 0; n < 6; n++)
                await producer.ProduceAsync("t", new() { Value = $"{n}" });
        }
        Assert.Equal(2, both.World.Faults.Fired.Count);
        using var member = new GroupMember(both.World, "range");
        GroupMember.Until(() => member.Values.Count >= 6, member);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], member.Values);
    }

    [Fact]
    public async Task Kcat_writes_reads_and_is_told_the_proxys_brokers()
    {
        await using var both = await Proxied.StartAsync(3);
        var proxy = both.World.System("kafka").ConnectionString;
        await ForeignClient.KcatAsync("a:1\nb:2\n", "-b", proxy, "-P", "-t", "k", "-p", "0", "-K", ":", "-X", "acks=all");
        Assert.Equal("0 a 1\n1 b 2\n", await ForeignClient.KcatAsync("", "-b", proxy, "-C", "-t", "k", "-o", "beginning", "-e", "-q",
            "-f", "%o %k %s\\n"));
        Assert.Equal("1\n2\n", await ForeignClient.KcatAsync("", "-b", proxy, "-G", "readers", "-q", "-e", "-X",
            "auto.offset.reset=earliest", "k"));
        var listed = await ForeignClient.KcatAsync("", "-b", proxy, "-L");
        Assert.Contains(" 3 brokers:", listed);
        foreach (var node in both.Cluster.Nodes)
            Assert.DoesNotContain($":{node.Socket!.Port}\n", listed.Replace(" ", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_mock_cluster_of_librdkafka_is_served_as_well()
    {
        using var mock = new ProducerBuilder<Null, string>(new ProducerConfig(new Dictionary<string, string>
            { ["bootstrap.servers"] = "none:1", ["test.mock.num.brokers"] = "3" })).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(mock.Handle).Build();
        var servers = admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers.Select(b => $"{b.Host}:{b.Port}").ToArray();
        await using var world = await Proxied.ProxyAsync(string.Join(',', servers));
        // It makes topics when they are asked for, of four partitions.
        await GroupWorlds.WriteAsync(world, 0, 12, partitions: 4);
        using var member = new GroupMember(world, "range");
        GroupMember.Until(() => member.Values.Count >= 12, member);
        Assert.Equal(Enumerable.Range(0, 12), member.Values.Select(int.Parse).Order());
        using var proxied = GroupWorlds.Admin(world);
        var seen = proxied.GetMetadata(TimeSpan.FromSeconds(30)).Brokers;
        Assert.Equal(3, seen.Count);
        Assert.Empty(seen.Select(b => $"{b.Host}:{b.Port}").Intersect(servers));
    }

    private static void OnlyTheProxyIsKnown(Proxied both, IAdminClient admin)
    {
        using (admin)
        {
            var ports = admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers.Select(b => b.Port).ToArray();
            Assert.Equal(3, ports.Length);
            Assert.Empty(ports.Intersect(both.Cluster.Nodes.Select(n => n.Socket!.Port)));
        }
    }
}
