namespace Microcosm.Kafka;

/// <summary>The cluster's topics as groups see them.</summary>
internal interface IGroupTopics
{
    /// <summary>Changes whenever a topic comes, goes or grows. Groups look again when it did; it never is negative.</summary>
    long Version { get; }

    IEnumerable<string> Names { get; }

    GroupTopic? Find(string name);

    GroupTopic? Find(Guid id);
}
