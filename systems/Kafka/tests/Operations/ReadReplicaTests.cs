using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Consumers that read from followers (KIP-392).</summary>
public sealed class ReadReplicaTests
{
    private const int LongMs = 20_000;

    [Fact]
    public async Task A_consumer_is_sent_to_the_replica_in_its_rack_and_reads_there_what_is_committed()
    {
        await using var world = await StartAsync(selects: true);
        await using var client = await RawClient.ConnectAsync(world);
        await TestTopic.CreateAsync(client, replicas: 2);
        var leader = await TestTopic.LeaderAsync(client);
        await using var leading = await RawClient.ConnectAsync(world, leader);
        await TestTopic.ProduceAsync(leading, Batch.Keyed(1_000, "a=1"));
        Assert.Equal(-1, (await TestTopic.FetchAsync(leading, rack: $"r{leader}")).PreferredReadReplica);
        Assert.Equal(-1, (await TestTopic.FetchAsync(leading, rack: "elsewhere")).PreferredReadReplica);
        // One of the two others is the follower.
        var sent = new List<FetchResponse.PartitionData>();
        foreach (var id in Enumerable.Range(1, 3).Where(i => i != leader))
            sent.Add(await TestTopic.FetchAsync(leading, rack: $"r{id}"));
        var follower = Assert.Single(sent, s => s.PreferredReadReplica >= 0);
        Assert.True(follower.Records is not { Length: > 0 });
        await using var following = await RawClient.ConnectAsync(world, follower.PreferredReadReplica);
        Assert.Equal(["0:a=1"], Batch.Read((await TestTopic.FetchAsync(following, waitMs: LongMs)).Records ?? default));
        // Waits there, and is answered when it comes.
        var waiting = TestTopic.FetchAsync(following, from: 1, waitMs: LongMs);
        await TestTopic.ProduceAsync(leading, Batch.Keyed(2_000, "a=2"));
        Assert.Equal(["1:a=2"], Batch.Read((await waiting).Records ?? default));
    }

    [Fact]
    public async Task Where_no_selector_is_set_the_leader_answers()
    {
        await using var world = await StartAsync(selects: false);
        await using var client = await RawClient.ConnectAsync(world);
        await TestTopic.CreateAsync(client, replicas: 3);
        var leader = await TestTopic.LeaderAsync(client);
        await using var leading = await RawClient.ConnectAsync(world, leader);
        await TestTopic.ProduceAsync(leading, Batch.Keyed(1_000, "a=1"));
        var answer = await TestTopic.FetchAsync(leading, rack: $"r{leader % 3 + 1}");
        Assert.Equal(-1, answer.PreferredReadReplica);
        Assert.Equal(["0:a=1"], Batch.Read(answer.Records ?? default));
    }

    private static Task<World> StartAsync(bool selects) => World.StartAsync(w =>
    {
        w.Options.Ports = PortPolicy.None;
        w.AddKafka(o =>
        {
            o.Nodes = 3;
            o.Set("broker.rack", "r{id}");
            if (selects)
                o.Set("replica.selector.class", RackAwareReplicaSelector.Name);
        });
    }, TestContext.Current.CancellationToken);
}
