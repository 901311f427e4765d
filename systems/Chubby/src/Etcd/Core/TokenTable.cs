namespace Microcosm.Chubby.Etcd;

/// <summary>
/// When tokens were last used on this member. The leader ends those that it has not seen used for their time; who used one at another
/// member only gets a new one, as clients do by themselves.
/// </summary>
internal sealed class TokenTable(EtcdStore store, Func<long> nowMs, long ttlMs)
{
    private readonly SortedDictionary<string, long> _used = new(StringComparer.Ordinal);

    /// <summary>Whose a token is, or null; it counts as used.</summary>
    public string? UserOf(string token)
    {
        if (!store.Auth.Tokens.TryGetValue(token, out var user))
            return null;
        _used[token] = nowMs();
        return user;
    }

    /// <summary>Those that were not used for their time. What was not seen before counts as used now.</summary>
    public IReadOnlyList<string> TakeExpired()
    {
        var now = nowMs();
        List<string> expired = [];
        foreach (var token in store.Auth.Tokens.Keys)
        {
            if (!_used.TryGetValue(token, out var used))
                _used[token] = now;
            else if (now - used > ttlMs)
                expired.Add(token);
        }
        foreach (var token in _used.Keys.Where(t => !store.Auth.Tokens.ContainsKey(t)).Concat(expired).ToList())
            _used.Remove(token);
        return expired;
    }
}
