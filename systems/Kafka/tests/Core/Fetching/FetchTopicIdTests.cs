using static Microcosm.Kafka.Tests.Core.FetchWorld;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>Fetches by topic id (KIP-516), and what the metadata say of them.</summary>
public sealed class FetchTopicIdTests
{
    private readonly FetchWorld _world = new();

    [Fact]
    public void A_topic_is_read_by_its_id_and_answered_by_it()
    {
        _world.Name("a");
        var context = _world.Begin(Request(0, 0, ("a", 0, 5)), version: 13);
        Assert.Equal("a-0:5", Text(context));
        var topic = Assert.Single(_world.Answer(context).Responses);
        Assert.Equal((IdOf("a"), ""), (topic.TopicId, topic.Topic));
        Assert.Equal((short)KafkaError.FetchSessionTopicIdError, _world.Fetch(Request(1, 1), version: 12).ErrorCode);
    }

    [Fact]
    public void An_id_that_is_unknown_is_looked_up_again()
    {
        var context = _world.Begin(Request(0, 0, ("a", 0, 5)), version: 13);
        var partition = Assert.Single(context.Partitions);
        Assert.Null(partition.Topic);
        Assert.Equal(KafkaError.UnknownTopicId, partition.Check(new MetadataWorld().State));
        _world.Answer(context);
        Assert.Equal("?-0:5", Text(_world.Begin(Request(1, 1), version: 13)));
        _world.Name("a");
        Assert.Equal("a-0:5", Text(_world.Begin(Request(1, 2), version: 13)));
    }

    [Fact]
    public void The_metadata_tell_why_a_partition_cannot_be_read()
    {
        var metadata = new MetadataWorld();
        metadata.Create("a", partitions: 2);
        var id = metadata.State.Topics["a"].Id;
        Assert.Equal(KafkaError.None, Check("a", id, 1));
        Assert.Equal(KafkaError.None, Check("a", Guid.Empty, 1));
        Assert.Equal(KafkaError.UnknownTopicOrPartition, Check("a", id, 2));
        Assert.Equal(KafkaError.UnknownTopicOrPartition, Check("a", id, -1));
        Assert.Equal(KafkaError.UnknownTopicOrPartition, Check("b", Guid.Empty, 0));
        // The session has seen another topic of the name.
        Assert.Equal(KafkaError.InconsistentTopicId, Check("a", Guid.AllBitsSet, 0));

        KafkaError Check(string topic, Guid topicId, int partition) =>
            new FetchedPartition(new(topicId == Guid.Empty ? topic : "", topicId, partition), topic, new() { Partition = partition })
                .Check(metadata.State);
    }
}
