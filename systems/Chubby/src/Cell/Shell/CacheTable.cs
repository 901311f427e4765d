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
    private readonly Dictionary<string, List<Task>> _calledBack = new(StringComparer.Ordinal);

    /// <summary>What may be cached, by path.</summary>
    public IEnumerable<(string Path, IReadOnlyCollection<long> Sessions)> All =>
        _cached.Where(c => c.Value.Count > 0).OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => (c.Key, (IReadOnlyCollection<long>)c.Value));

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
        if (_changing.TryGetValue(path, out var count) && count > 1)
        {
            _changing[path] = count - 1;
            return;
        }
        _changing.Remove(path);
        if (_calledBack.TryGetValue(path, out var tasks) && tasks.TrueForAll(t => t.IsCompleted))
            _calledBack.Remove(path);
    }

    /// <summary>Who has it, from now on forgotten: they are told.</summary>
    public IReadOnlyCollection<long> Take(string path) => _cached.Remove(path, out var sessions) ? sessions : [];

    /// <summary>Somebody was told to forget a file; <paramref name="taken"/> completes when that is done.</summary>
    public void CalledBack(string path, Task taken)
    {
        if (!_calledBack.TryGetValue(path, out var tasks))
            _calledBack.Add(path, tasks = []);
        tasks.RemoveAll(t => t.IsCompleted);
        tasks.Add(taken);
    }

    /// <summary>What every change of the file waits for: also the second of two at once, whose own call finds nobody any more.</summary>
    public Task[] Unforgotten(string path) => _calledBack.TryGetValue(path, out var tasks) ? [.. tasks] : [];

    public void Forget(long session)
    {
        foreach (var sessions in _cached.Values)
            sessions.Remove(session);
    }

    public static MasterNotice Invalidation(string path) => new(0, 0, ChubbyEvents.None, path);
}
