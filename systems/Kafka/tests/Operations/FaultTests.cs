namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Faults by operation, over connections.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_produce_that_is_refused_is_not_carried_out()
    {
        await using var world = await StartAsync("kafka.Produce target=t-* limit=1 refuse=NOT_LEADER_OR_FOLLOWER");
        await using var client = await RawClient.ConnectAsync(world);
        Assert.Equal((short)KafkaError.NotLeaderOrFollower, await ProduceAsync(client));
        Assert.Equal(0, await EndAsync(client));
        Assert.Equal(0, await ProduceAsync(client));
        Assert.Equal(1, await EndAsync(client));
    }

    [Fact]
    public async Task A_reply_that_is_dropped_was_carried_out()
    {
        await using var world = await StartAsync("kafka.Produce nth=1 drop-reply");
        await using var client = await RawClient.ConnectAsync(world);
        await Assert.ThrowsAnyAsync<IOException>(() => ProduceAsync(client));
        await using var again = await RawClient.ConnectAsync(world);
        Assert.Equal(1, await EndAsync(again));
    }

    [Fact]
    public async Task A_member_is_refused_with_the_error_of_the_rule()
    {
        await using var world = await StartAsync("kafka.JoinGroup target=g refuse=COORDINATOR_LOAD_IN_PROGRESS");
        await using var client = await RawClient.ConnectAsync(world);
        var response = await client.CallAsync<JoinGroupRequest, JoinGroupResponse>(new() { GroupId = "g" }, 5);
        Assert.Equal((short)KafkaError.CoordinatorLoadInProgress, response.ErrorCode);
    }

    [Fact]
    public async Task A_request_about_partitions_is_refused_at_each_of_them()
    {
        await using var world = await StartAsync("kafka.ListOffsets nth=1 refuse=NOT_LEADER_OR_FOLLOWER");
        await using var client = await RawClient.ConnectAsync(world);
        var response = await client.CallAsync<ListOffsetsRequest, ListOffsetsResponse>(
            new() { ReplicaId = -1, Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, Timestamp = -1 }] }] }, 7);
        Assert.Equal(("t", (short)KafkaError.NotLeaderOrFollower), (response.Topics[0].Name, response.Topics[0].Partitions[0].ErrorCode));
        Assert.Equal(0, await EndAsync(client));
    }

    [Fact]
    public async Task What_cannot_be_refused_in_its_own_words_loses_its_connection_and_the_log_says_why()
    {
        await using var world = await StartAsync("kafka.ListOffsets refuse=NO_SUCH_ERROR");
        await using var client = await RawClient.ConnectAsync(world);
        await Assert.ThrowsAnyAsync<IOException>(() => EndAsync(client));
        Assert.Contains(world.Node("kafka-1").Log.Lines, l =>
            l.Message.StartsWith("ListOffsets cannot be refused", StringComparison.Ordinal));
    }

    private static async Task<World> StartAsync(string rule)
    {
        var world = await World.StartAsync(w =>
        {
            w.Options.Ports = PortPolicy.None;
            w.AddKafka();
        }, TestContext.Current.CancellationToken);
        await using var client = await RawClient.ConnectAsync(world);
        await client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new() { Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }] }, 7);
        world.Faults.Add(rule);
        return world;
    }

    private static async Task<short> ProduceAsync(RawClient client)
    {
        var builder = new RecordBatchBuilder();
        builder.Add(1_700_000_000_000, null, [1]);
        var response = await client.CallAsync<ProduceRequest, ProduceResponse>(new()
        {
            Acks = -1, TimeoutMs = 1_000, TopicData = [new() { Name = "t", PartitionData = [new() { Records = builder.Build() }] }],
        }, 9);
        return response.Responses[0].PartitionResponses[0].ErrorCode;
    }

    private static async Task<long> EndAsync(RawClient client)
    {
        var response = await client.CallAsync<ListOffsetsRequest, ListOffsetsResponse>(
            new() { ReplicaId = -1, Topics = [new() { Name = "t", Partitions = [new() { Timestamp = -1 }] }] }, 7);
        return response.Topics[0].Partitions[0].Offset;
    }
}
