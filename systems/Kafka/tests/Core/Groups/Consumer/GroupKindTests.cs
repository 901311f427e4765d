namespace Microcosm.Kafka.Tests;

/// <summary>Classic and consumer groups under one id.</summary>
public sealed class GroupKindTests
{
    private readonly GroupWorld _world = new();
    private readonly TestConsumer _consumer;

    public GroupKindTests()
    {
        _world.Topics.Set("t", 1);
        _consumer = new TestConsumer(_world, "a");
    }

    [Fact]
    public void An_empty_group_becomes_the_other_kind_and_keeps_its_offsets()
    {
        _world.Commit(5);
        Assert.Equal(KafkaError.None, _consumer.Beat());
        Assert.Equal(5, _world.Fetch().Value.Offset);
        _world.Failover();
        Assert.Equal((5, "Stable"), (_world.Fetch().Value.Offset, _world.Consumers.StateName));

        _consumer.Leave();
        var classic = _world.Join().Value;
        _world.Sync(classic);
        Assert.Equal((5, "Stable"), (_world.Fetch().Value.Offset, _world.Describe().State));
        _world.Failover();
        Assert.Equal((5, "Stable"), (_world.Fetch().Value.Offset, _world.Describe().State));
        Assert.Equal(KafkaError.None, _world.Heartbeat(classic));
    }

    [Fact]
    public void A_coordinator_that_fails_between_the_kinds_keeps_the_offsets()
    {
        _consumer.Beat();
        _consumer.Commit(5);
        _consumer.Leave();
        var before = _world.Log.Count;
        _world.Join(knowsIds: true);
        Assert.Equal(3, _world.Log.Count - before);
        _world.Failover();
        Assert.Equal((5, "Empty"), (_world.Fetch().Value.Offset, _world.Describe().State));
    }

    [Fact]
    public void Lists_tell_the_kind_and_a_consumer_group_is_no_classic_one()
    {
        _consumer.Beat();
        _world.Commit(1, group: "classic");
        Assert.Equal(["classic/classic/Empty", "g/consumer/Stable"],
            _world.Shard.List().Groups.Select(group => $"{group.GroupId}/{group.Type}/{group.State}"));
        Assert.Equal("Dead", _world.Describe().State);
    }

    [Fact]
    public void A_consumer_group_is_deleted_only_when_it_is_empty_and_stays_deleted()
    {
        _consumer.Beat();
        _consumer.Commit(5);
        Assert.Equal(KafkaError.NonEmptyGroup, Delete());
        _consumer.Leave();
        Assert.Equal(KafkaError.None, Delete());
        _world.Failover();
        Assert.Empty(_world.Shard.Groups);
        Assert.Equal(KafkaError.GroupIdNotFound, Delete());
    }

    [Fact]
    public void Deleting_a_group_also_deletes_what_only_an_open_transaction_has()
    {
        _world.Commit(5, producerId: 77);
        Assert.Equal(KafkaError.None, Delete());
        _world.Failover();
        Assert.Empty(_world.Shard.Groups);
    }

    private KafkaError Delete()
    {
        var answer = new Answer<KafkaError>();
        _world.Shard.Offsets.Delete("g", answer.Set);
        _world.Pump();
        return answer.Value;
    }
}
