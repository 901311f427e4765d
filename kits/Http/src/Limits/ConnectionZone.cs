namespace Microcosm.Http;

/// <summary>Requests under way of many keys (nginx' limit_conn). Thread-safe: workers share it.</summary>
/// <param name="bytes">Room for keys, as nginx counts it: an address takes 64 bytes.</param>
public sealed class ConnectionZone(long bytes)
{
    // ngx_http_limit_conn_node_t in its tree.
    private const int NodeBytes = 36;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly long _bytesMax = ZoneBytes.Usable(bytes);
    private long _bytesUsed;

    /// <summary>Requests of a key that are under way.</summary>
    public int Of(string key)
    {
        lock (_gate)
            return _counts.GetValueOrDefault(key);
    }

    /// <summary>Keys with requests under way, the busiest first.</summary>
    public IReadOnlyList<(string Key, int Count)> Busiest(int most)
    {
        lock (_gate)
        {
            return [.. _counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(most)
                .Select(c => (c.Key, c.Value))];
        }
    }

    /// <summary>Counts a request until <see cref="End"/>, unless so many are under way already, or there is no room for its key.</summary>
    public ConnectionVerdict Begin(string key, int limit)
    {
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(key);
            if (count >= limit)
                return ConnectionVerdict.OverLimit;
            if (count == 0)
            {
                var size = ZoneBytes.Of(NodeBytes, key.Length);
                if (_bytesUsed + size > _bytesMax)
                    return ConnectionVerdict.Full;
                _bytesUsed += size;
            }
            _counts[key] = count + 1;
            return ConnectionVerdict.Counted;
        }
    }

    /// <summary>A request is over.</summary>
    public void End(string key)
    {
        lock (_gate)
        {
            var count = _counts[key] - 1;
            if (count > 0)
            {
                _counts[key] = count;
                return;
            }
            _counts.Remove(key);
            _bytesUsed -= ZoneBytes.Of(NodeBytes, key.Length);
        }
    }
}
