namespace Microcosm.Redis;

/// <summary>
/// The keys that expire, soonest first. Entries are not removed when a key changes; they are recognised as stale when they come up
/// (the table no longer holds that object with that expiry) and swept when they outnumber the live ones.
/// </summary>
internal sealed class ExpiryQueue
{
    private readonly PriorityQueue<object, long> _queue = new();

    /// <summary>Keys that have an expiry now.</summary>
    public int Live { get; private set; }

    /// <summary>Entries held, stale ones included.</summary>
    public int Held => _queue.Count;

    public void Add(object stored, long atMs)
    {
        Live++;
        _queue.Enqueue(stored, atMs);
    }

    /// <summary>A key that had an expiry lost it, or is gone.</summary>
    public void Drop() => Live--;

    public void Clear()
    {
        Live = 0;
        _queue.Clear();
    }

    /// <summary>The soonest entry, stale or not.</summary>
    public bool TryPeek(out object stored, out long atMs) => _queue.TryPeek(out stored!, out atMs);

    public void Pop() => _queue.Dequeue();

    /// <summary>Rebuilds from what <paramref name="isLive"/> keeps, when most entries are stale.</summary>
    public void SweepIfStale(Func<object, long, bool> isLive)
    {
        if (_queue.Count < 64 || _queue.Count < Live * 2)
            return;
        var kept = _queue.UnorderedItems.Where(item => isLive(item.Element, item.Priority)).ToArray();
        _queue.Clear();
        _queue.EnqueueRange(kept);
    }
}
