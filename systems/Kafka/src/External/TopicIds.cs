namespace Microcosm.Kafka;

/// <summary>Names of topics by their ids, as Metadata told them to clients: later requests have the ids only.</summary>
internal sealed class TopicIds
{
    // More is forgotten, and learnt again with the next Metadata.
    private const int TopicsMax = 100_000;

    private readonly Dictionary<Guid, string> _names = [];

    public string? Find(Guid id) => _names.GetValueOrDefault(id);

    public void Learn(MetadataResponse response)
    {
        foreach (var topic in response.Topics)
        {
            if (topic.Name is null || topic.TopicId == Guid.Empty)
                continue;
            if (_names.Count >= TopicsMax)
                _names.Clear();
            _names[topic.TopicId] = topic.Name;
        }
    }
}
