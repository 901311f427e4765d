namespace Microcosm.Chubby.Etcd;

/// <summary>
/// When leases end by this member's clock, in ms. Only the leader's counts; others keep theirs so that they can answer how much is left,
/// and for when they lead. A new leader gives every lease its time anew: it may not know of the latest renewals.
/// </summary>
internal sealed class LeaseDeadlines
{
    private readonly Dictionary<long, long> _deadlines = [];
    private readonly SortedSet<(long AtMs, long Id)> _queue = [];
    private readonly SortedSet<long> _renewed = [];

    /// <summary>When the next one ends; <see cref="long.MaxValue"/> for never.</summary>
    public long NextMs => _queue.Count > 0 ? _queue.Min.AtMs : long.MaxValue;

    public void Set(EtcdLease lease, long nowMs) =>
        Set(lease.Id, nowMs + (1000 * (lease.RemainingTtl > 0 ? lease.RemainingTtl : lease.Ttl)));

    public void Remove(long id)
    {
        if (_deadlines.Remove(id, out var at))
            _queue.Remove((at, id));
        _renewed.Remove(id);
    }

    public void Clear()
    {
        _deadlines.Clear();
        _queue.Clear();
        _renewed.Clear();
    }

    /// <summary>A holder keeps its lease alive.</summary>
    public void Renew(EtcdLease lease, long nowMs)
    {
        Set(lease.Id, nowMs + (1000 * lease.Ttl));
        _renewed.Add(lease.Id);
    }

    /// <summary>What was renewed here since the last call: the others are to hear of it.</summary>
    public IReadOnlyList<long> TakeRenewed()
    {
        long[] renewed = [.. _renewed];
        _renewed.Clear();
        return renewed;
    }

    /// <summary>What is left of a lease, in whole seconds, rounded down as etcd does; -1 once it has ended.</summary>
    public long RemainingSeconds(long id, long nowMs) =>
        _deadlines.TryGetValue(id, out var at) && at > nowMs ? (at - nowMs) / 1000 : -1;

    /// <summary>Those whose time is over.</summary>
    public IEnumerable<long> Expired(long nowMs) => _queue.TakeWhile(l => l.AtMs <= nowMs).Select(l => l.Id);

    private void Set(long id, long atMs)
    {
        if (_deadlines.TryGetValue(id, out var before))
            _queue.Remove((before, id));
        _deadlines[id] = atMs;
        _queue.Add((atMs, id));
    }
}
