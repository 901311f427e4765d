using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>
/// Which sessions may have which files cached (OSDI'06 2.7). Invariant: a file that is being changed is let into no cache until the change
/// is through.
/// </summary>
internal sealed class CacheTable
{
    private readonly Dictionary<string, SortedSet<long>> _cached = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _changing = new(StringComparer.Ordinal);

    public bool TryAdd(string path, long session)
    {
        if (_changing.ContainsKey(path))
            return false;
        if (!_cached.TryGetValue(path, out var sessions))
            _cached.Add(path, sessions = []);
        sessions.Add(session);
        return true;
    }

    public void BeginChange(string path) => _changing[path] = _changing.GetValueOrDefault(path) + 1;

    public void EndChange(string path)
    {
        if (--_changing[path] == 0)
            _changing.Remove(path);
    }

    /// <summary>Who has it, from now on forgotten: they are told.</summary>
    public IReadOnlyCollection<long> Take(string path) => _cached.Remove(path, out var sessions) ? sessions : [];

    public void Forget(long session)
    {
        foreach (var sessions in _cached.Values)
            sessions.Remove(session);
    }

    public static MasterNotice Invalidation(string path) => new(0, 0, ChubbyEvents.None, path);
}
