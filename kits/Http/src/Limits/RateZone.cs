namespace Microcosm.Http;

/// <summary>
/// The buckets of many keys, as many as there is room for: of a full zone the keys that were used longest ago go. Thread-safe: workers
/// share it.
/// </summary>
/// <param name="bytes">Room for keys, as nginx counts it: an address takes 128 bytes.</param>
public sealed class RateZone(long bytes)
{
    // ngx_http_limit_req_node_t in its tree.
    private const int NodeBytes = 80;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private readonly long _bytesMax = ZoneBytes.Usable(bytes);
    private long _bytesUsed;

    /// <summary>Keys at hand.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>The keys that were used last, with what each has over its rate now, in thousandths of a request.</summary>
    public IReadOnlyList<(string Key, long Excess)> Last(int most, long rate, long nowMs)
    {
        lock (_gate)
            return [.. _byUse.Take(most).Select(e => (e.Key, e.Bucket.ExcessAt(rate, nowMs)))];
    }

    /// <summary>Counts a request of a key, unless it is refused.</summary>
    public RateVerdict Take(string key, in RateLimit limit, long nowMs) => Ask(key, limit, nowMs, counts: true);

    /// <summary>What <see cref="Take"/> would say; nothing is counted.</summary>
    public RateVerdict Look(string key, in RateLimit limit, long nowMs) => Ask(key, limit, nowMs, counts: false);

    private RateVerdict Ask(string key, in RateLimit limit, long nowMs, bool counts)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                if (!counts)
                    return default;
                MakeRoom(ZoneBytes.Of(NodeBytes, key.Length), limit.Rate, nowMs);
                node = _byUse.AddFirst(new Entry(key));
                _entries.Add(key, node);
                _bytesUsed += ZoneBytes.Of(NodeBytes, key.Length);
            }
            else
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }
            return counts ? node.Value.Bucket.Take(limit, nowMs) : node.Value.Bucket.Look(limit, nowMs);
        }
    }

    // For a new key one or two that are empty go, and as many of the oldest, whatever they hold, as have to.
    private void MakeRoom(long size, long rate, long nowMs)
    {
        for (var i = 0; i < 2 && _byUse.Last is { } last && last.Value.Bucket.IsEmpty(rate, nowMs); i++)
            Remove(last);
        while (_bytesUsed + size > _bytesMax && _byUse.Last is { } oldest)
            Remove(oldest);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Key);
        _byUse.Remove(node);
        _bytesUsed -= ZoneBytes.Of(NodeBytes, node.Value.Key.Length);
    }

    private sealed class Entry(string key)
    {
        public LeakyBucket Bucket;

        public string Key { get; } = key;
    }
}
