namespace Microcosm.Kafka;

/// <summary>
/// The coordinators on this broker of one internal topic: one for each partition that it leads. Invariant: there is a slot exactly for the
/// partitions that are led here.
/// </summary>
/// <param name="create">Makes an empty shard for a partition, in the leader epoch that it is to coordinate in.</param>
internal sealed class CoordinatorHost<TShard>(KafkaBroker broker, string topic, Func<int, int, TShard> create)
    where TShard : class, ICoordinatorShard
{
    private readonly SortedDictionary<int, CoordinatorSlot<TShard>> _slots = [];

    public string Topic => topic;

    public IReadOnlyCollection<CoordinatorSlot<TShard>> Slots => _slots.Values;

    /// <summary>Told when a slot's shard was stepped and its writes were taken: it may want more than writes.</summary>
    public Action<CoordinatorSlot<TShard>>? Stepped { get; init; }

    public CoordinatorSlot<TShard>? At(int partition) => _slots.GetValueOrDefault(partition);

    public void Start()
    {
        broker.Replicas.LeadershipStarted += Began;
        broker.Replicas.LeadershipLost += Ended;
    }

    /// <summary>The coordinator of a group or transactional id; null: it is not here, and clients look for it again
    /// (NOT_COORDINATOR).</summary>
    public CoordinatorSlot<TShard>? Find(string id) =>
        broker.Cluster.Topics.TryGetValue(topic, out var state)
            ? _slots.GetValueOrDefault(CoordinatorPartition.Of(id, state.Partitions.Count)) : null;

    private void Began(Partition partition)
    {
        if (partition.Name.Topic != topic)
            return;
        var slot = new CoordinatorSlot<TShard>(broker, partition, create, Stepped);
        _slots[partition.Name.Partition] = slot;
        slot.Load();
    }

    private void Ended(Partition partition)
    {
        if (partition.Name.Topic == topic && _slots.Remove(partition.Name.Partition, out var slot))
            slot.End();
    }
}
