namespace Microcosm.Kafka;

/// <summary>
/// The partitions of one fetcher (KIP-227), in the order in which they are read: those that gave records go to the end, so that none
/// starves.
/// </summary>
/// <param name="isPrivileged">Of a follower.</param>
/// <param name="usesTopicIds">A session cannot change between names and ids.</param>
internal sealed class FetchSession(int id, bool isPrivileged, bool usesTopicIds, long createdMs)
{
    private readonly LinkedList<SessionPartition> _order = [];
    private readonly Dictionary<FetchPartitionId, LinkedListNode<SessionPartition>> _byId = [];

    public int Id => id;

    public bool IsPrivileged => isPrivileged;

    public bool UsesTopicIds => usesTopicIds;

    public long CreatedMs { get; } = createdMs;

    public long LastUsedMs { get; set; } = createdMs;

    /// <summary>Of the next request.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>How many partitions there were when the session was touched last: its place among those that may be evicted.</summary>
    public int CountedPartitions { get; set; } = -1;

    public int Count => _byId.Count;

    public IEnumerable<SessionPartition> Partitions => _order;

    public SessionPartition? Find(FetchPartitionId partition) => _byId.GetValueOrDefault(partition)?.Value;

    /// <summary>Adds a partition, or takes what is wanted of it now.</summary>
    public SessionPartition Set(FetchPartitionId partition, FetchRequest.FetchPartition request)
    {
        if (_byId.TryGetValue(partition, out var node))
            node.Value.Request = request;
        else
            node = _byId[partition] = _order.AddLast(new SessionPartition(partition, request));
        return node.Value;
    }

    public void Forget(FetchPartitionId partition)
    {
        if (_byId.Remove(partition, out var node))
            _order.Remove(node);
    }

    public void MoveToEnd(SessionPartition partition)
    {
        var node = _byId[partition.Id];
        _order.Remove(node);
        _order.AddLast(node);
    }
}
