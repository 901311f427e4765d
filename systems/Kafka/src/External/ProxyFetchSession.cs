namespace Microcosm.Kafka;

/// <summary>
/// What a client's fetch session is about (KIP-227), so that rules know it of fetches that name nothing. A client has one a connection;
/// the broker that has it too checks it.
/// </summary>
internal sealed class ProxyFetchSession
{
    private readonly OrderedDictionary<(string Topic, Guid Id, int Partition), bool> _partitions = [];

    /// <summary>What was named first of what the session still has; null for nothing.</summary>
    public (string Topic, Guid Id, int Partition)? First => _partitions.Count > 0 ? _partitions.GetAt(0).Key : null;

    /// <summary>A fetch passes.</summary>
    public void Take(FetchRequest request)
    {
        // 0 begins a session, -1 ends it.
        if (request.SessionEpoch <= 0)
            _partitions.Clear();
        if (request.SessionEpoch < 0)
            return;
        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions)
                _partitions.Remove((topic.Topic, topic.TopicId, partition));
        }
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
                _partitions.TryAdd((topic.Topic, topic.TopicId, partition.Partition), true);
        }
    }
}
