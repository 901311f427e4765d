using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Who leads, and how that changes unasked.</summary>
public sealed class LeadershipTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Every_broker_says_what_the_quorums_leader_says_of_it()
    {
        await using var world = await StartAsync();
        var answers = new List<DescribeQuorumResponse>();
        foreach (var broker in Enumerable.Range(1, 3))
        {
            await using var client = await RawClient.ConnectAsync(world, broker);
            answers.Add(await client.CallAsync<DescribeQuorumRequest, DescribeQuorumResponse>(
                new() { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }] }, 2));
        }
        Assert.All(answers, a => Assert.Equal((0, 0), (a.ErrorCode, a.Topics[0].Partitions[0].ErrorCode)));
        Assert.Single(answers.Select(a => a.Topics[0].Partitions[0].LeaderId).Distinct());
        Assert.All(answers, a => Assert.Equal([1, 2, 3], a.Topics[0].Partitions[0].CurrentVoters.Select(v => v.ReplicaId).Order()));
        Assert.All(answers, a => Assert.All(a.Nodes, n => Assert.Equal("INTERNAL", n.Listeners[0].Name)));
    }

    [Fact]
    public async Task A_broker_without_a_replica_tells_a_reader_who_leads()
    {
        await using var world = await StartAsync();
        var leader = await CreateAsync(world, replicas: 1);
        var ask = leader % 3 + 1;
        await UntilAsync(world, ask, p => p.LeaderId == leader);
        await using var client = await RawClient.ConnectAsync(world, ask);
        var known = await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [new() { Name = "t" }] }, 12);
        var response = await client.CallAsync<FetchRequest, FetchResponse>(new()
        {
            MaxWaitMs = 0, MinBytes = 1, MaxBytes = 1 << 20, SessionEpoch = -1,
            Topics = [new() { TopicId = known.Topics[0].TopicId, Partitions = [new() { PartitionMaxBytes = 1 << 20 }] }],
        }, 16);
        var partition = response.Responses[0].Partitions[0];
        Assert.Equal(((short)KafkaError.NotLeaderOrFollower, leader, known.Topics[0].Partitions[0].LeaderEpoch),
            (partition.ErrorCode, partition.CurrentLeader.LeaderId, partition.CurrentLeader.LeaderEpoch));
        Assert.Equal(leader, Assert.Single(response.NodeEndpoints).NodeId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_preferred_leader_leads_again_when_it_is_back(bool isEnabled)
    {
        await using var world = await StartAsync(o =>
        {
            o.Set("auto.leader.rebalance.enable", isEnabled ? "true" : "false");
            o.Set("leader.imbalance.check.interval.seconds", "1");
        });
        var preferred = await CreateAsync(world, replicas: 3);
        await world.Node($"kafka-{preferred}").KillAsync();
        await UntilAsync(world, preferred % 3 + 1, p => p.LeaderId > 0 && p.LeaderId != preferred);
        await world.Node($"kafka-{preferred}").RestartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(world, preferred, p => p.IsrNodes.Count == 3);
        if (isEnabled)
        {
            await UntilAsync(world, preferred, p => p.LeaderId == preferred);
            return;
        }
        for (var seconds = 0; seconds < 5; seconds++)
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        await using var client = await RawClient.ConnectAsync(world, preferred);
        await TestTopic.ConfigureAsync(client, "retention.ms", "1000");
        Assert.NotEqual(preferred, await TestTopic.LeaderAsync(client));
    }

    [Fact]
    public async Task A_leader_whose_log_is_damaged_lets_another_lead_that_may()
    {
        await using var world = await StartAsync();
        var leader = await CreateAsync(world, replicas: 2, ("unclean.leader.election.enable", "true"));
        int follower;
        await using (var leading = await RawClient.ConnectAsync(world, leader))
        {
            await TestTopic.ProduceAsync(leading, Batch.Keyed(1_000, "a=1"));
            follower = (await TestTopic.DescribeAsync(leading)).ReplicaNodes.Single(r => r != leader);
        }
        var third = 6 - leader - follower;
        await world.Node($"kafka-{follower}").KillAsync();
        await UntilAsync(world, leader, p => p.IsrNodes is [var only] && only == leader);
        await world.Node($"kafka-{leader}").KillAsync();
        var disk = world.Node($"kafka-{leader}").Disk;
        foreach (var segment in disk.List("logs/t-0/").Where(f => f.EndsWith(".log", StringComparison.Ordinal)))
            disk.Delete(segment);
        await world.Node($"kafka-{leader}").RestartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(world, third, p => p.LeaderId == -1);
        await world.Node($"kafka-{follower}").RestartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(world, third, p => p.LeaderId == follower);
        await using var client = await RawClient.ConnectAsync(world, follower);
        await TestTopic.ProduceAsync(client, Batch.Keyed(2_000, "a=2"));
        Assert.Equal(["0:a=1", "1:a=2"], await TestTopic.ReadAsync(client));
    }

    private static Task<World> StartAsync(Action<KafkaOptions>? configure = null) => World.StartAsync(w =>
    {
        w.Options.Ports = PortPolicy.None;
        w.AddKafka(o =>
        {
            o.Nodes = 3;
            configure?.Invoke(o);
        });
    }, TestContext.Current.CancellationToken);

    // Its leader.
    private static async Task<int> CreateAsync(World world, short replicas, params (string Name, string Value)[] configs)
    {
        await using var client = await RawClient.ConnectAsync(world);
        await TestTopic.CreateAsync(client, replicas, configs);
        return await TestTopic.LeaderAsync(client);
    }

    private static async Task UntilAsync(World world, int ask, Func<MetadataResponse.MetadataResponsePartition, bool> holds)
    {
        await using var client = await RawClient.ConnectAsync(world, ask);
        var last = await TestTopic.DescribeAsync(client);
        for (var waited = TimeSpan.Zero; !holds(last); waited += Look)
        {
            Assert.True(waited < Patience, $"leader {last.LeaderId}, epoch {last.LeaderEpoch}, in sync {string.Join(',', last.IsrNodes)}");
            await Task.Delay(Look, world.Clock.Time, TestContext.Current.CancellationToken);
            last = await TestTopic.DescribeAsync(client);
        }
    }
}
