namespace Microcosm.Kafka;

/// <summary>The topics of the metadata that brokers agree on. Its host tells it of each change, after the change.</summary>
internal sealed class ClusterTopics(ClusterState state) : IGroupTopics
{
    public long Version { get; private set; }

    public IEnumerable<string> Names => state.Topics.Keys;

    public GroupTopic? Find(string name) => state.Topics.TryGetValue(name, out var topic) ? ToGroupTopic(topic) : null;

    public GroupTopic? Find(Guid id) => state.TopicsById.TryGetValue(id, out var topic) ? ToGroupTopic(topic) : null;

    public void Changed(MetadataChange change)
    {
        if (change.IsEverything || change.Topics.Count > 0)
            Version++;
    }

    private static GroupTopic ToGroupTopic(TopicState topic) => new(topic.Id, topic.Name, topic.Partitions.Count);
}
