namespace Microcosm.Chubby;

/// <summary>
/// The watches of a member's own connections. Nobody else knows them: a client that goes to another member sets them again.
/// Invariant: a watch stands in its kind's table under its path, and in its watcher's list.
/// </summary>
internal sealed class WatchTable
{
    private static readonly WatchKind[] Kinds = Enum.GetValues<WatchKind>();

    private readonly Dictionary<string, HashSet<IWatcher>>[] _byPath =
        [.. Kinds.Select(_ => new Dictionary<string, HashSet<IWatcher>>(StringComparer.Ordinal))];

    private readonly Dictionary<IWatcher, HashSet<(WatchKind Kind, string Path)>> _byWatcher = [];

    /// <summary>All watches.</summary>
    public int Count { get; private set; }

    /// <summary>As mntr counts them: ZooKeeper has a watch that stays in two tables.</summary>
    public int ListedCount => Kinds.Sum(k => _byPath[(int)k].Values.Sum(w => w.Count) * (k is WatchKind.Data or WatchKind.Child ? 1 : 2));

    /// <summary>Watchers of data and existence by path, as wchp has it; those of children alone are not in it.</summary>
    public IEnumerable<(string Path, IReadOnlyCollection<IWatcher> Watchers)> ByPath() =>
        Kinds.Where(k => k != WatchKind.Child).SelectMany(k => _byPath[(int)k]).GroupBy(w => w.Key, w => w.Value)
            .Select(g => (g.Key, (IReadOnlyCollection<IWatcher>)[.. g.SelectMany(w => w).Distinct()]))
            .OrderBy(w => w.Key, StringComparer.Ordinal);

    /// <summary>The same by watcher, as wchc has it.</summary>
    public IEnumerable<(IWatcher Watcher, IReadOnlyCollection<string> Paths)> ByWatcher() => _byWatcher
        .Select(w => (w.Key, (IReadOnlyCollection<string>)[.. w.Value.Where(x => x.Kind != WatchKind.Child).Select(x => x.Path)
            .Distinct().Order(StringComparer.Ordinal)]))
        .Where(w => w.Item2.Count > 0);

    public void Add(WatchKind kind, string path, IWatcher watcher)
    {
        // A node is watched by a client for good in one way: the later wish counts.
        if (kind == WatchKind.Persistent)
            Remove(WatchKind.PersistentRecursive, path, watcher);
        else if (kind == WatchKind.PersistentRecursive)
            Remove(WatchKind.Persistent, path, watcher);
        var table = _byPath[(int)kind];
        if (!table.TryGetValue(path, out var watchers))
            table.Add(path, watchers = []);
        if (!watchers.Add(watcher))
            return;
        Count++;
        if (!_byWatcher.TryGetValue(watcher, out var own))
            _byWatcher.Add(watcher, own = []);
        own.Add((kind, path));
    }

    public bool Has(WatchKind kind, string path, IWatcher watcher) =>
        _byPath[(int)kind].TryGetValue(path, out var watchers) && watchers.Contains(watcher);

    public bool Remove(WatchKind kind, string path, IWatcher watcher)
    {
        if (!_byPath[(int)kind].TryGetValue(path, out var watchers) || !watchers.Remove(watcher))
            return false;
        if (watchers.Count == 0)
            _byPath[(int)kind].Remove(path);
        Forget(kind, path, watcher);
        return true;
    }

    /// <summary>The connection is gone.</summary>
    public void RemoveAll(IWatcher watcher)
    {
        if (!_byWatcher.TryGetValue(watcher, out var own))
            return;
        foreach (var (kind, path) in own.ToArray())
            Remove(kind, path, watcher);
    }

    /// <summary>Tells everybody who waits for this, each once; one-shot watches that fire are gone.</summary>
    public void Fire(TreeEvent happened)
    {
        if (Count == 0)
            return;
        var told = new HashSet<IWatcher>();
        var (kind, path) = happened;
        if (kind != TreeEventKind.NodeChildrenChanged)
            Take(WatchKind.Data, path, told);
        if (kind is TreeEventKind.NodeChildrenChanged or TreeEventKind.NodeDeleted)
            Take(WatchKind.Child, path, told);
        Collect(WatchKind.Persistent, path, told);
        if (kind != TreeEventKind.NodeChildrenChanged && _byPath[(int)WatchKind.PersistentRecursive].Count > 0)
        {
            for (var above = path; ; above = ZooPath.Parent(above))
            {
                Collect(WatchKind.PersistentRecursive, above, told);
                if (above.Length == 1)
                    break;
            }
        }
        foreach (var watcher in told)
            watcher.Tell(happened);
    }

    private void Take(WatchKind kind, string path, HashSet<IWatcher> into)
    {
        if (!_byPath[(int)kind].Remove(path, out var watchers))
            return;
        foreach (var watcher in watchers)
        {
            into.Add(watcher);
            Forget(kind, path, watcher);
        }
    }

    private void Collect(WatchKind kind, string path, HashSet<IWatcher> into)
    {
        if (_byPath[(int)kind].TryGetValue(path, out var watchers))
            into.UnionWith(watchers);
    }

    private void Forget(WatchKind kind, string path, IWatcher watcher)
    {
        Count--;
        var own = _byWatcher[watcher];
        own.Remove((kind, path));
        if (own.Count == 0)
            _byWatcher.Remove(watcher);
    }
}
