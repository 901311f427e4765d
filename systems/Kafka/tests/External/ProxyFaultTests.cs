using System.Diagnostics;
using Microcosm.Kafka.Tests.Operations;
using Microcosm.Kafka.Tests.Storage;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.External;

/// <summary>The faults by operation that brokers of ours have, before a cluster that knows nothing of them.</summary>
public sealed class ProxyFaultTests
{
    [Fact]
    public async Task A_produce_that_is_refused_does_not_reach_the_cluster()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        both.World.Faults.Add("kafka.Produce target=t-* limit=1 refuse=NOT_LEADER_OR_FOLLOWER");
        Assert.Equal((short)KafkaError.NotLeaderOrFollower, await ProduceAsync(client));
        Assert.Equal(0, await EndAsync(both));
        Assert.Equal(0, await ProduceAsync(client));
        Assert.Equal(1, await EndAsync(both));
    }

    [Fact]
    public async Task A_refusal_is_told_in_its_turn()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        both.World.Faults.Add("kafka.Heartbeat nth=2 refuse=REBALANCE_IN_PROGRESS");
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync(3, MessageCodec.Encode(new MetadataRequest { Topics = [] }, 9), 9, isFlexible: true);
            await client.SendAsync(12, MessageCodec.Encode(new HeartbeatRequest { GroupId = "g" }, 4), 4, isFlexible: true);
        }
        var errors = new List<short>();
        for (var i = 0; i < 3; i++)
        {
            RawClient.Decode<MetadataResponse>(await client.ReceiveAsync(), 9);
            errors.Add(RawClient.Decode<HeartbeatResponse>(await client.ReceiveAsync(), 4).ErrorCode);
        }
        Assert.Equal((short)KafkaError.RebalanceInProgress, errors[1]);
        Assert.NotEqual((short)KafkaError.RebalanceInProgress, errors[0]);
        Assert.Equal(errors[0], errors[2]);
    }

    [Fact]
    public async Task A_reply_that_is_dropped_was_carried_out_and_what_came_before_it_is_answered()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        both.World.Faults.Add("kafka.Produce nth=2 drop-reply");
        await SendProduceAsync(client);
        await SendProduceAsync(client);
        await SendProduceAsync(client);
        RawClient.Decode<ProduceResponse>(await client.ReceiveAsync(), 9);
        await Assert.ThrowsAnyAsync<IOException>(client.ReceiveAsync);
        await using var direct = await Proxied.ConnectAsync(both.Cluster.Node("kafka-1").Socket!);
        while (await EndAsync(direct) < 2)
            await Task.Yield();
    }

    [Fact]
    public async Task An_operation_whose_connection_is_closed_before_it_is_not_carried_out()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        both.World.Faults.Add("kafka.Produce client=raw nth=1 close-before");
        await Assert.ThrowsAnyAsync<IOException>(() => ProduceAsync(client));
        Assert.Equal(0, await EndAsync(both));
    }

    [Fact]
    public async Task A_rule_for_another_client_partition_or_node_lets_pass()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        both.World.Faults.Add("kafka.Produce client=other close-before");
        both.World.Faults.Add("kafka.Produce target=t-1 close-before");
        both.World.Faults.Add("kafka.Produce node=kafka-1 close-before");
        Assert.Equal(0, await ProduceAsync(client));
        Assert.Empty(both.World.Faults.Fired);
    }

    [Fact]
    public async Task A_delayed_operation_is_carried_out_at_once_and_answered_when_its_time_has_come()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        both.World.Clock.Pause();
        both.World.Faults.Add("kafka.Produce nth=1 delay=60s");
        await SendProduceAsync(client);
        await SendProduceAsync(client);
        await using var direct = await Proxied.ConnectAsync(both.Cluster.Node("kafka-1").Socket!);
        while (await EndAsync(direct) < 2)
            await Task.Yield();
        var first = client.ReceiveAsync();
        both.World.Clock.Advance(TimeSpan.FromSeconds(59));
        // Another connection does not wait, and by the time it is served this one would have been.
        await using (var other = await both.ConnectAsync())
            Assert.Equal(0, await ProduceAsync(other));
        Assert.False(first.IsCompleted);
        both.World.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, RawClient.Decode<ProduceResponse>(await first, 9).Responses[0].PartitionResponses[0].BaseOffset);
        Assert.Equal(1, RawClient.Decode<ProduceResponse>(await client.ReceiveAsync(), 9).Responses[0].PartitionResponses[0].BaseOffset);
    }

    [Theory]
    [InlineData("kafka.Produce nth=1 drop-reply", 1)]
    [InlineData("kafka.Produce nth=1 refuse=NOT_LEADER_OR_FOLLOWER", 0)]
    [InlineData("kafka.Produce nth=1 close-before", 0)]
    public async Task A_produce_that_nobody_answers_loses_its_connection(string rule, long end)
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        both.World.Faults.Add(rule);
        await SendProduceAsync(client, acks: 0);
        await Assert.ThrowsAnyAsync<IOException>(client.ReceiveAsync);
        await using var direct = await Proxied.ConnectAsync(both.Cluster.Node("kafka-1").Socket!);
        while (await EndAsync(direct) < end)
            await Task.Yield();
        Assert.Equal(end, await EndAsync(direct));
    }

    [Fact]
    public async Task A_proxy_that_is_killed_by_a_rule_has_passed_the_request_on_and_serves_the_same_ports_when_it_is_back()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync(broker: 1);
        var inside = (ProxyInside)(await both.Proxy.InsideAsync())!;
        both.World.Faults.Add("kafka.Produce nth=1 kill-node");
        await Assert.ThrowsAnyAsync<IOException>(() => ProduceAsync(client));
        await using var direct = await Proxied.ConnectAsync(both.Cluster.Node("kafka-1").Socket!);
        while (await EndAsync(direct) < 1)
            await Task.Yield();
        while (both.Proxy.State != NodeState.Killed)
            await Task.Yield();
        await both.Proxy.RestartAsync();
        Assert.Equal(inside.Brokers, ((ProxyInside)(await both.Proxy.InsideAsync())!).Brokers);
        await using var again = await Proxied.ConnectAsync(System.Net.IPEndPoint.Parse(inside.Brokers[0].Endpoint));
        Assert.Equal(0, await ProduceAsync(again));
    }

    [Fact]
    public async Task What_cannot_be_refused_in_its_own_words_loses_its_connection_and_the_log_says_why()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        both.World.Faults.Add("kafka.ListOffsets refuse=NO_SUCH_ERROR");
        await Assert.ThrowsAnyAsync<IOException>(() => EndAsync(client));
        Assert.True(Proxied.Said(both.World, "ListOffsets cannot be refused with NO_SUCH_ERROR"));
    }

    [Fact]
    public async Task A_fetch_that_names_nothing_is_about_what_its_session_names()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        var first = await FetchAsync(client, session: 0, epoch: 0, named: true, 12);
        Assert.NotEqual(0, first.SessionId);
        both.World.Faults.Add("kafka.Fetch target=t-0 limit=1 refuse=UNKNOWN_SERVER_ERROR");
        var refused = await FetchAsync(client, first.SessionId, epoch: 1, named: false, 12);
        Assert.Equal((short)KafkaError.UnknownServerError, refused.ErrorCode);
        both.World.Faults.Add("kafka.Fetch target=other-0 refuse=UNKNOWN_SERVER_ERROR");
        Assert.Equal(0, (await FetchAsync(client, first.SessionId, epoch: 1, named: false, 12)).ErrorCode);
    }

    [Fact]
    public async Task A_fetch_by_topic_id_is_about_the_topic_that_Metadata_told_of()
    {
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        await using var direct = await Proxied.ConnectAsync(both.Cluster.Node("kafka-1").Socket!);
        var request = new MetadataRequest { Topics = [new() { Name = "t" }] };
        var id = (await direct.CallAsync<MetadataRequest, MetadataResponse>(request, 12)).Topics[0].TopicId;
        both.World.Faults.Add("kafka.Fetch target=t-0 refuse=UNKNOWN_SERVER_ERROR");
        Assert.Equal(0, (await FetchAsync(client, 0, -1, named: true, 17, id)).ErrorCode);
        Assert.True(Proxied.Said(both.World,
            $"Rules with target= cannot match kafka.Fetch, version 17, which passes: of the topic with id {id}"));
        await client.CallAsync<MetadataRequest, MetadataResponse>(request, 12);
        Assert.Equal((short)KafkaError.UnknownServerError, (await FetchAsync(client, 0, -1, named: true, 17, id)).ErrorCode);
    }

    [Theory]
    [InlineData(12, 9, "kafka.Heartbeat", "version 9 is not known")]
    [InlineData(999, 1, "kafka.Api999", "the API is not known")]
    [InlineData(11, 9, "kafka.JoinGroup", "do not fit into")]
    public async Task A_rule_by_target_says_loudly_what_it_cannot_see(short key, short version, string name, string why)
    {
        await using var broker = new FakeBroker(request => FakeBroker.Answer(request, 1));
        await using var world = await Proxied.ProxyAsync(broker.Address);
        await using var client = await Proxied.ConnectAsync(world.Node("kafka-proxy").Socket!);
        byte[] body = [9, 9, 9];
        // A rule that asks for no target needs none, and one about another operation is none of this one's.
        world.Faults.Add($"{name} nth=3 drop-reply");
        world.Faults.Add("kafka.Fetch target=t-0 drop-reply");
        await client.CallAsync(key, body, version, isFlexible: key != 999);
        Assert.False(Proxied.Said(world, "Rules with target="));
        world.Faults.Add($"{name} target=t-* drop-reply");
        await client.CallAsync(key, body, version, isFlexible: key != 999);
        Assert.True(Proxied.Said(world, $"Rules with target= cannot match {name}, version {version}, which passes:"));
        Assert.True(Proxied.Said(world, why));
        await Assert.ThrowsAnyAsync<IOException>(() => client.CallAsync(key, body, version, isFlexible: key != 999));
        Assert.Equal(3, broker.Received.Count);
    }

    [Fact]
    public async Task Requests_are_spans_as_with_brokers_of_ours()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == "Microcosm.Kafka",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = a =>
            {
                lock (spans)
                    spans.Add(a);
            },
        };
        await using var both = await StartAsync();
        await using var client = await both.ConnectAsync();
        var rule = both.World.Faults.Add("kafka.Produce nth=2 refuse=NOT_LEADER_OR_FOLLOWER");
        ActivitySource.AddActivityListener(listener);
        await ProduceAsync(client);
        await ProduceAsync(client);
        var upstream = both.Cluster.Node("kafka-1").Socket!.ToString();
        var ours = Ours();
        Assert.Equal(["Produce", "Produce"], ours.Select(a => a.DisplayName));
        Assert.All(ours, a => Assert.Equal(("kafka.Produce", "raw", upstream), (a.GetTagItem("microcosm.operation"),
            a.GetTagItem("messaging.client.id"), a.GetTagItem("microcosm.upstream"))));
        Assert.Equal([null, rule.ToString()], ours.Select(a => (string?)a.GetTagItem("microcosm.fault")));

        // Other tests' worlds are heard too.
        List<Activity> Ours()
        {
            lock (spans)
                return [.. spans.Where(a => Equals(a.GetTagItem("server.port"), both.Proxy.Socket!.Port))];
        }
    }

    private static async Task<Proxied> StartAsync()
    {
        var both = await Proxied.StartAsync();
        await using var client = await RawClient.ConnectAsync(both.Cluster);
        await TestTopic.CreateAsync(client, replicas: 1);
        return both;
    }

    private static Task SendProduceAsync(RawClient client, short acks = -1) => client.SendAsync(Produce.Key, MessageCodec.Encode(
        new ProduceRequest
        {
            Acks = acks, TimeoutMs = 1_000, TopicData = [new() { Name = "t", PartitionData = [new() { Records = Batch.Of("v") }] }],
        }, 9), 9, isFlexible: true);

    private static async Task<short> ProduceAsync(RawClient client)
    {
        await SendProduceAsync(client);
        return RawClient.Decode<ProduceResponse>(await client.ReceiveAsync(), 9).Responses[0].PartitionResponses[0].ErrorCode;
    }

    private static Task<FetchResponse> FetchAsync(RawClient client, int session, int epoch, bool named, short version, Guid id = default) =>
        client.CallAsync<FetchRequest, FetchResponse>(new()
        {
            MaxBytes = 1 << 20, SessionId = session, SessionEpoch = epoch,
            Topics = named ? [new() { Topic = "t", TopicId = id, Partitions = [new() { PartitionMaxBytes = 1 << 20 }] }] : [],
        }, version);

    // Asked of the cluster itself.
    private static async Task<long> EndAsync(Proxied both)
    {
        await using var client = await Proxied.ConnectAsync(both.Cluster.Node("kafka-1").Socket!);
        return await EndAsync(client);
    }

    private static async Task<long> EndAsync(RawClient client)
    {
        var response = await client.CallAsync<ListOffsetsRequest, ListOffsetsResponse>(
            new() { ReplicaId = -1, Topics = [new() { Name = "t", Partitions = [new() { Timestamp = -1 }] }] }, 7);
        return response.Topics[0].Partitions[0].Offset;
    }
}
