namespace Microcosm.Kafka;

/// <summary>The cluster's topics as groups see them.</summary>
internal interface IGroupTopics
{
    /// <summary>Changes whenever a topic comes, goes or grows. Groups look again when it did; it never is negative.</summary>
    long Version { get; }

    IEnumerable<string> Names { get; }

    GroupTopic? Find(string name);

    GroupTopic? Find(Guid id);

    /// <summary>Those of the partitions, by their topics' names, that exist.</summary>
    PartitionSet PartitionsOf(IEnumerable<(string Topic, List<int> Partitions)> named) => new(named.SelectMany(one =>
        Find(one.Topic) is { } topic
            ? one.Partitions.Where(number => number >= 0 && number < topic.Partitions)
                .Select(number => new TopicIdPartition(topic.Id, number))
            : []));
}
