namespace Microcosm.Kafka.Tests;

/// <summary>Topics that a test makes, grows and deletes.</summary>
internal sealed class TestTopics : IGroupTopics
{
    private readonly SortedDictionary<string, GroupTopic> _topics = new(StringComparer.Ordinal);
    private int _ids;

    public long Version { get; private set; }

    public IEnumerable<string> Names => _topics.Keys;

    public IEnumerable<GroupTopic> All => _topics.Values;

    public GroupTopic? Find(string name) => _topics.TryGetValue(name, out var topic) ? topic : null;

    public GroupTopic? Find(Guid id) => _topics.Values.Where(topic => topic.Id == id).Select(topic => (GroupTopic?)topic).FirstOrDefault();

    /// <summary>Makes the topic, or grows it.</summary>
    public TestTopics Set(string name, int partitions)
    {
        var id = Find(name)?.Id ?? new Guid(++_ids, 0, 0, new byte[8]);
        _topics[name] = new GroupTopic(id, name, partitions);
        Version++;
        return this;
    }

    public void Delete(string name)
    {
        _topics.Remove(name);
        Version++;
    }

    /// <summary>The name and number of each partition: <c>t0 t1</c>.</summary>
    public string Text(IEnumerable<TopicIdPartition> partitions) =>
        string.Join(' ', partitions.Select(one => $"{Find(one.TopicId)?.Name}{one.Partition}").Order(StringComparer.Ordinal));
}
