namespace Microcosm.Kafka.Tests;

/// <summary>Commits, fetches, deletions, and how long offsets live.</summary>
public sealed class GroupOffsetTests
{
    private const long Week = 7L * 24 * 60 * 60 * 1000;

    private readonly GroupWorld _world = new();

    [Fact]
    public void A_consumer_that_assigns_itself_commits_without_joining()
    {
        Assert.Equal(-1, _world.Fetch().Value.Offset);
        Assert.Equal(KafkaError.None, _world.Commit(5, metadata: "m").Value);
        _world.Failover();
        var fetched = _world.Fetch().Value;
        Assert.Equal((5, 7, "m"), (fetched.Offset, fetched.LeaderEpoch, fetched.Metadata));
    }

    [Fact]
    public void Only_a_member_of_this_generation_commits_to_a_group_in_use()
    {
        var old = _world.Join().Value;
        Assert.Equal(KafkaError.RebalanceInProgress, _world.Commit(1, old).Value);
        _world.Sync(old, null, (old.MemberId, "a"));
        Assert.Equal(KafkaError.None, _world.Commit(1, old).Value);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Commit(2).Value);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Commit(2, old with { MemberId = "nobody" }).Value);

        // During a rebalance the old owner may still commit what it read; after it no more.
        _world.Join();
        Assert.Equal(KafkaError.None, _world.Commit(3, old).Value);
        var again = _world.Join(old.MemberId).Value;
        _world.Sync(again);
        Assert.Equal(KafkaError.IllegalGeneration, _world.Commit(4, old).Value);
        Assert.Equal(KafkaError.IllegalGeneration, _world.Commit(4, old, group: "other").Value);
        Assert.Equal(3, _world.Fetch().Value.Offset);
    }

    [Fact]
    public void Metadata_beyond_the_limit_is_refused_and_nothing_is_written()
    {
        Assert.Equal(KafkaError.OffsetMetadataTooLarge, _world.Commit(1, metadata: new string('é', 2_049)).Value);
        Assert.Empty(_world.Log);
        Assert.Equal(KafkaError.None, _world.Commit(1, metadata: new string('é', 2_048)).Value);
    }

    [Fact]
    public void Nobody_reads_an_offset_before_it_is_committed()
    {
        _world.HoldsWrites = true;
        var committed = _world.Commit(5);
        var fetched = _world.Fetch();
        Assert.False(committed.IsHere || fetched.IsHere);
        _world.Finish(KafkaError.None);
        Assert.Equal((KafkaError.None, 5), (committed.Value, fetched.Value.Offset));

        _world.Commit(6);
        var lost = _world.Fetch();
        _world.Finish(KafkaError.NotEnoughReplicas);
        Assert.Equal(KafkaError.NotCoordinator, lost.Value.Error);
        _world.Failover();
        Assert.Equal(5, _world.Fetch().Value.Offset);
    }

    [Theory]
    [InlineData(true, 9)]
    [InlineData(false, 5)]
    public void Offsets_of_a_transaction_wait_for_its_marker(bool isCommit, long expected)
    {
        _world.Commit(5);
        _world.Commit(9, producerId: 77);
        Assert.Equal((KafkaError.None, 5), (_world.Fetch().Value.Error, _world.Fetch().Value.Offset));
        Assert.Equal(KafkaError.UnstableOffsetCommit, _world.Fetch(stable: true).Value.Error);
        _world.Failover();
        Assert.Equal(KafkaError.UnstableOffsetCommit, _world.Fetch(stable: true).Value.Error);
        _world.Shard.Offsets.CompleteTransaction(77, isCommit);
        Assert.Equal((KafkaError.None, expected), (_world.Fetch(stable: true).Value.Error, _world.Fetch(stable: true).Value.Offset));
    }

    [Fact]
    public void An_older_transaction_does_not_overwrite_a_later_commit()
    {
        _world.Commit(9, producerId: 77);
        _world.Commit(12);
        _world.Shard.Offsets.CompleteTransaction(77, isCommit: true);
        Assert.Equal(12, _world.Fetch().Value.Offset);
    }

    [Fact]
    public void A_group_is_deleted_only_when_it_is_empty_and_stays_deleted()
    {
        var joined = _world.Join().Value;
        _world.Sync(joined);
        _world.Commit(5, joined);
        Assert.Equal(KafkaError.NonEmptyGroup, Delete("g"));
        _world.Leave(joined.MemberId);
        Assert.Equal(KafkaError.None, Delete("g"));
        Assert.Equal(KafkaError.GroupIdNotFound, Delete("g"));
        _world.Failover();
        Assert.Equal(("Dead", -1), (_world.Describe().State, _world.Fetch().Value.Offset));
    }

    [Fact]
    public void Offsets_of_subscribed_topics_are_not_deleted()
    {
        var joined = _world.Join(metadata: "\0\0\0\0\0\u0001\0\u0001t").Value;
        _world.Sync(joined);
        _world.Commit(5, joined);
        Assert.Equal(KafkaError.GroupSubscribedToTopic, DeleteOffset());
        _world.Leave(joined.MemberId);
        Assert.Equal(KafkaError.None, DeleteOffset());
        _world.Failover();
        Assert.Equal(-1, _world.Fetch().Value.Offset);
    }

    [Fact]
    public void Offsets_outlive_the_last_member_by_the_retention_time_and_the_group_goes_with_them()
    {
        var joined = _world.Join().Value;
        _world.Sync(joined);
        _world.Commit(5, joined);
        _world.Commit(6, group: "alone");
        _world.Advance(9_000);
        _world.Leave(joined.MemberId);
        _world.Advance(Week - 600_000);
        Assert.Equal((5, 6), (_world.Fetch().Value.Offset, _world.Fetch(group: "alone").Value.Offset));
        _world.Advance(1_300_000);
        Assert.Equal((-1, -1), (_world.Fetch().Value.Offset, _world.Fetch(group: "alone").Value.Offset));
        Assert.Empty(_world.Shard.Groups);
        _world.Failover();
        Assert.Empty(_world.Shard.Groups);
    }

    private KafkaError Delete(string group)
    {
        var answer = new Answer<KafkaError>();
        _world.Shard.Offsets.Delete(group, answer.Set);
        _world.Pump();
        return answer.Value;
    }

    private KafkaError DeleteOffset()
    {
        var answer = new Answer<KafkaError>();
        _world.Shard.Offsets.DeleteOffsets("g", [new TopicPartition("t", 0)],
            (error, all) => answer.Set(error == KafkaError.None ? all.Single() : error));
        _world.Pump();
        return answer.Value;
    }
}
