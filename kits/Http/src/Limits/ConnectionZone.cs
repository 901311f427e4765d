namespace Microcosm.Http;

/// <summary>Requests under way of many keys (nginx' limit_conn). Thread-safe: workers share it.</summary>
public sealed class ConnectionZone(int keysMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Requests of a key that are under way.</summary>
    public int Of(string key)
    {
        lock (_gate)
            return _counts.GetValueOrDefault(key);
    }

    /// <summary>Counts a request until <see cref="End"/>; false where so many are under way already, or the zone is full of other
    /// keys.</summary>
    public bool TryBegin(string key, int limit)
    {
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(key);
            if (count >= limit || (count == 0 && _counts.Count >= keysMax))
                return false;
            _counts[key] = count + 1;
            return true;
        }
    }

    /// <summary>A request is over.</summary>
    public void End(string key)
    {
        lock (_gate)
        {
            var count = _counts[key] - 1;
            if (count == 0)
                _counts.Remove(key);
            else
                _counts[key] = count;
        }
    }
}
