using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Where epochs end, as a consumer asks that went from one leader to another (KIP-320).</summary>
public sealed class LeaderEpochTests
{
    [Fact]
    public async Task The_epoch_ends_with_the_log_also_where_the_leader_does_not_know_that_all_of_it_is_committed()
    {
        await using var world = await World.StartAsync(w =>
        {
            w.Options.Ports = PortPolicy.None;
            w.AddKafka(o => o.Nodes = 3);
        }, TestContext.Current.CancellationToken);
        await using var client = await RawClient.ConnectAsync(world);
        await TestTopic.CreateAsync(client, replicas: 3);
        var leader = await TestTopic.LeaderAsync(client);
        await using var leading = await RawClient.ConnectAsync(world, leader);
        await TestTopic.ProduceAsync(leading, Batch.Keyed(1_000, "a=1"));
        foreach (var follower in Enumerable.Range(1, 3).Where(b => b != leader))
            world.Node($"kafka-{follower}").Pause();
        await TestTopic.ProduceAsync(leading, Batch.Keyed(1_000, "a=2"), acks: 1);
        Assert.Equal(1, (await TestTopic.FetchAsync(leading)).HighWatermark);
        var response = await leading.CallAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(new()
        {
            ReplicaId = -1,
            Topics = [new() { Topic = "t", Partitions = [new() { Partition = 0, CurrentLeaderEpoch = -1, LeaderEpoch = 0 }] }],
        }, 4);
        var answer = response.Topics[0].Partitions[0];
        Assert.Equal((0, 0, 2L), (answer.ErrorCode, answer.LeaderEpoch, answer.EndOffset));
    }
}
