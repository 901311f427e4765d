namespace Microcosm.Http;

/// <summary>
/// The buckets of many keys, so many at most: of a full zone the keys that were used longest ago go. Thread-safe: workers share it.
/// </summary>
public sealed class RateZone(long rate, int keysMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>Requests a second, in thousandths.</summary>
    public long Rate { get; } = rate;

    /// <summary>Keys at hand.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Counts a request of a key, unless it is refused.</summary>
    public RateVerdict Take(string key, long burst, long delay, long nowMs) => Ask(key, burst, delay, nowMs, counts: true);

    /// <summary>What <see cref="Take"/> would say; nothing is counted.</summary>
    public RateVerdict Look(string key, long burst, long delay, long nowMs) => Ask(key, burst, delay, nowMs, counts: false);

    private RateVerdict Ask(string key, long burst, long delay, long nowMs, bool counts)
    {
        var limit = new RateLimit(Rate, burst, delay);
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                if (!counts)
                    return default;
                Forget(nowMs);
                node = _byUse.AddFirst(new Entry(key));
                _entries.Add(key, node);
            }
            else
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }
            return counts ? node.Value.Bucket.Take(limit, nowMs) : node.Value.Bucket.Look(limit, nowMs);
        }
    }

    // A new key makes room: one or two that are empty go, and where it is full the oldest whatever it holds.
    private void Forget(long nowMs)
    {
        for (var i = 0; i < 2 && _byUse.Last is { } last && last.Value.Bucket.IsEmpty(Rate, nowMs); i++)
            Remove(last);
        if (_entries.Count >= keysMax && _byUse.Last is { } oldest)
            Remove(oldest);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Key);
        _byUse.Remove(node);
    }

    private sealed class Entry(string key)
    {
        public LeakyBucket Bucket;

        public string Key { get; } = key;
    }
}
