namespace Microcosm.Chubby;

/// <summary>
/// The leases that a leader keeps, on its own clock, which counts milliseconds from anywhere. A new leader begins all
/// of them anew, so that a fail-over ends no session early.
/// Invariant: every lease stands once in the queue, under its deadline.
/// </summary>
internal sealed class SessionLeases
{
    private readonly Dictionary<long, (long DeadlineMs, int TimeoutMs)> _leases = [];
    private readonly SortedSet<(long DeadlineMs, long Session)> _queue = [];

    public int Count => _leases.Count;

    /// <summary>In the order of their deadlines.</summary>
    public IReadOnlyCollection<(long DeadlineMs, long Session)> Queue => _queue;

    public void Clear()
    {
        _leases.Clear();
        _queue.Clear();
    }

    /// <summary>A new lease, or one renewed.</summary>
    public void Grant(long session, int timeoutMs, long nowMs)
    {
        Remove(session);
        _leases.Add(session, (nowMs + timeoutMs, timeoutMs));
        _queue.Add((nowMs + timeoutMs, session));
    }

    /// <summary>The client was heard of. Nothing happens if it has no lease.</summary>
    public void Renew(long session, long nowMs)
    {
        if (_leases.TryGetValue(session, out var lease) && lease.DeadlineMs != nowMs + lease.TimeoutMs)
            Grant(session, lease.TimeoutMs, nowMs);
    }

    public bool Has(long session) => _leases.ContainsKey(session);

    /// <summary>What is left of a lease; 0 if there is none.</summary>
    public long LeftMs(long session, long nowMs) => _leases.TryGetValue(session, out var lease) ? lease.DeadlineMs - nowMs : 0;

    public void Remove(long session)
    {
        if (_leases.Remove(session, out var lease))
            _queue.Remove((lease.DeadlineMs, session));
    }

    /// <summary>Sessions whose lease is over, the longest first.</summary>
    public IEnumerable<long> Over(long nowMs) => _queue.TakeWhile(q => q.DeadlineMs <= nowMs).Select(q => q.Session);
}
