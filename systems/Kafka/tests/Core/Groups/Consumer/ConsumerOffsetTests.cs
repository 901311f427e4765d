namespace Microcosm.Kafka.Tests;

/// <summary>Offsets of consumer groups, and of topics that nobody reads any more.</summary>
public sealed class ConsumerOffsetTests
{
    private const long Week = 7L * 24 * 60 * 60 * 1000;
    private const string ReadsT = "\0\0\0\0\0\u0001\0\u0001t";

    private readonly GroupWorld _world = new();
    private readonly TestConsumer _consumer;

    public ConsumerOffsetTests()
    {
        _world.Topics.Set("t", 1).Set("u", 1);
        _consumer = new TestConsumer(_world, "a");
        _consumer.Beat();
    }

    [Fact]
    public void Only_a_member_in_its_epoch_commits_to_a_group_in_use()
    {
        Assert.Equal(KafkaError.None, _consumer.Commit(5));
        _consumer.Epoch = 0;
        Assert.Equal(KafkaError.StaleMemberEpoch, _consumer.Commit(6));
        Assert.Equal(KafkaError.IllegalGeneration, _consumer.Commit(6, producerId: 7));
        Assert.Equal(KafkaError.UnknownMemberId, _world.Commit(6, knowsEpochs: true).Value);
        Assert.Equal(5, _world.Fetch().Value.Offset);
        _consumer.Leave();
        Assert.Equal(KafkaError.None, _world.Commit(7, knowsEpochs: true).Value);
    }

    [Fact]
    public void Commits_of_versions_that_know_no_epochs_are_refused()
    {
        Assert.Equal(KafkaError.UnsupportedVersion, _consumer.Commit(5, knowsEpochs: false));
        Assert.Equal(KafkaError.None, _consumer.Commit(5, knowsEpochs: false, producerId: 7));
        var nobody = new JoinResult(KafkaError.None, "a", 1);
        Assert.Equal(KafkaError.GroupIdNotFound, _world.Commit(5, nobody, group: "other", knowsEpochs: true).Value);
        Assert.Equal(KafkaError.IllegalGeneration, _world.Commit(5, nobody, group: "other").Value);
    }

    [Fact]
    public void Who_says_who_it_is_reads_offsets_only_in_its_epoch()
    {
        _consumer.Commit(5);
        Assert.Equal(5, _world.Fetch().Value.Offset);
        Assert.Equal(5, _world.Fetch(memberId: "a", memberEpoch: 1).Value.Offset);
        Assert.Equal(KafkaError.StaleMemberEpoch, _world.Fetch(memberId: "a", memberEpoch: 2).Value.Error);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Fetch(memberId: "b", memberEpoch: 1).Value.Error);
    }

    [Fact]
    public void Offsets_of_subscribed_topics_are_not_deleted()
    {
        _consumer.Commit(5);
        _world.Commit(5, new JoinResult(KafkaError.None, "a", 1), topic: "u", knowsEpochs: true);
        Assert.Equal([KafkaError.GroupSubscribedToTopic, KafkaError.None], Delete("t", "u"));
        _world.Failover();
        Assert.Equal((5, -1), (_world.Fetch().Value.Offset, _world.Fetch(topic: "u").Value.Offset));
    }

    [Fact]
    public void A_deleted_topic_takes_its_offsets_along_in_all_groups()
    {
        _consumer.Commit(5);
        _world.Commit(6, group: "alone");
        _world.Commit(7, group: "alone", topic: "u");
        _world.Commit(8, group: "pending", producerId: 77);
        _world.Shard.TopicsDeleted(["t"]);
        _world.Pump();
        _world.Failover();
        Assert.Equal((-1, -1, 7), (_world.Fetch().Value.Offset, _world.Fetch(group: "alone").Value.Offset,
            _world.Fetch(group: "alone", topic: "u").Value.Offset));
        Assert.Equal(KafkaError.None, _world.Fetch(group: "pending", stable: true).Value.Error);
    }

    [Fact]
    public void A_topic_deleted_while_the_log_is_loaded_takes_its_offsets_along()
    {
        _consumer.Commit(5);
        var shard = new GroupShard(new GroupOptions(), _world.Topics, Guid.NewGuid);
        shard.TopicsDeleted(["t"]);
        foreach (var (record, _) in _world.Log)
            shard.Load(record.Key, record.Value);
        shard.Loaded(_world.Now);
        Assert.True(shard.TryTakeWrite(out var write));
        Assert.Null(Assert.Single(write.Records).Value);
    }

    [Fact]
    public void Offsets_of_topics_that_a_consumer_group_no_longer_reads_expire()
    {
        _consumer.Commit(5);
        _world.Commit(6, new JoinResult(KafkaError.None, "a", 1), topic: "u", knowsEpochs: true);
        for (var passed = 0L; passed < Week + 1_300_000; passed += 40_000)
        {
            _world.Advance(40_000);
            _consumer.Beat();
        }

        Assert.Equal((5, -1), (_world.Fetch().Value.Offset, _world.Fetch(topic: "u").Value.Offset));
        _consumer.Leave();
        _world.Advance(1_300_000);
        Assert.Empty(_world.Shard.Groups);
    }

    [Fact]
    public void Offsets_of_topics_that_a_classic_group_no_longer_reads_expire()
    {
        Assert.Equal((5, -1), AfterAWeek(ReadsT));
        Assert.Equal((5, 6), AfterAWeek("no subscription"));
    }

    /// <summary>What a group in use has left of the offsets of t and u.</summary>
    private static (long T, long U) AfterAWeek(string metadata)
    {
        var world = new GroupWorld();
        var joined = world.Join(metadata: metadata, session: 1_800_000).Value;
        world.Sync(joined);
        world.Commit(5, joined);
        world.Commit(6, joined, topic: "u");
        for (var passed = 0L; passed < Week + 1_300_000; passed += 1_200_000)
        {
            world.Advance(1_200_000);
            world.Heartbeat(joined);
        }

        return (world.Fetch().Value.Offset, world.Fetch(topic: "u").Value.Offset);
    }

    private IReadOnlyList<KafkaError> Delete(params string[] topics)
    {
        var answer = new Answer<IReadOnlyList<KafkaError>>();
        _world.Shard.Offsets.DeleteOffsets("g", [.. topics.Select(topic => new TopicPartition(topic, 0))], (_, all) => answer.Set(all));
        _world.Pump();
        return answer.Value;
    }
}
