namespace Microcosm.Kafka;

/// <summary>
/// The offsets of one group: the committed ones, and those that open transactions will commit, by producer id.
/// Each offset carries the order of its record, so that the later record wins whatever the order of the markers.
/// </summary>
internal sealed class OffsetStore
{
    private readonly SortedDictionary<TopicPartition, (CommittedOffset Offset, long Order)> _committed = [];
    private readonly SortedDictionary<long, SortedDictionary<TopicPartition, (CommittedOffset Offset, long Order)>> _pending = [];
    private long _order;

    public IEnumerable<TopicPartition> Partitions => _committed.Keys;

    /// <summary>Also those that only an open transaction has.</summary>
    public IEnumerable<TopicPartition> All() => _committed.Keys.Concat(_pending.Values.SelectMany(offsets => offsets.Keys)).Distinct();

    public bool IsEmpty => _committed.Count == 0 && _pending.Count == 0;

    public CommittedOffset? Find(TopicPartition partition) =>
        _committed.TryGetValue(partition, out var found) ? found.Offset : null;

    public bool IsPending(TopicPartition partition) => _pending.Values.Any(offsets => offsets.ContainsKey(partition));

    /// <summary>Replays a record; a null offset is a tombstone and also ends what is pending.</summary>
    public void Replay(TopicPartition partition, CommittedOffset? offset, long producerId)
    {
        _order++;
        if (offset is null)
            Forget(partition);
        else if (producerId < 0)
            _committed[partition] = (offset, _order);
        else
            PendingOf(producerId)[partition] = (offset, _order);
    }

    /// <summary>Ends a transaction, if it has anything here.</summary>
    public void Complete(long producerId, bool isCommit)
    {
        if (!_pending.Remove(producerId, out var offsets) || !isCommit)
            return;
        foreach (var (partition, pending) in offsets)
        {
            if (!_committed.TryGetValue(partition, out var committed) || committed.Order < pending.Order)
                _committed[partition] = pending;
        }
    }

    private SortedDictionary<TopicPartition, (CommittedOffset Offset, long Order)> PendingOf(long producerId)
    {
        if (!_pending.TryGetValue(producerId, out var offsets))
            _pending[producerId] = offsets = [];
        return offsets;
    }

    private void Forget(TopicPartition partition)
    {
        _committed.Remove(partition);
        foreach (var (producerId, offsets) in _pending.ToArray())
        {
            offsets.Remove(partition);
            if (offsets.Count == 0)
                _pending.Remove(producerId);
        }
    }
}
