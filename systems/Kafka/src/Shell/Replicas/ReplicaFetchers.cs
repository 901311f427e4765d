namespace Microcosm.Kafka;

/// <summary>Fetchers by the broker that they fetch from; a partition that follows is with its leader's.</summary>
internal sealed class ReplicaFetchers(KafkaBroker broker)
{
    private readonly SortedDictionary<int, ReplicaFetcher> _byLeader = [];
    private readonly Dictionary<Partition, ReplicaFetcher> _of = [];

    public void Follow(Partition partition)
    {
        var leader = partition.State.Leader;
        if (_of.TryGetValue(partition, out var now) && now.Leader == leader)
        {
            now.Add(partition);
            return;
        }
        Leave(partition);
        if (!_byLeader.TryGetValue(leader, out var fetcher))
            _byLeader.Add(leader, fetcher = new ReplicaFetcher(broker, leader));
        _of[partition] = fetcher;
        fetcher.Add(partition);
    }

    public void Leave(Partition partition)
    {
        if (_of.Remove(partition, out var fetcher))
            fetcher.Remove(partition);
    }

    public void Stop()
    {
        foreach (var fetcher in _byLeader.Values)
            fetcher.Stop();
    }
}
