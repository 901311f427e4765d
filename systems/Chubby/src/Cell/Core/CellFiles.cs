using Microcosm.Chubby.Client;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell;

/// <summary>
/// Handles and locks on the cell's tree, the same on every member: stepped by changes alone. Invariants: a handle's session and file are
/// there; who holds a lock has a handle on its file; an ephemeral file made here has a handle or a child.
/// </summary>
internal sealed class CellFiles
{
    /// <summary>The owner of ephemeral files made here: no session, as they live while anybody has them open (OSDI'06 2.2).</summary>
    public const long EphemeralOwner = 0x7f00_0000_0000_0000;

    private readonly SortedDictionary<long, SortedDictionary<long, FileHandle>> _bySession = [];
    private readonly Dictionary<string, SortedSet<(long Session, long Id)>> _byPath = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FileLock> _locks = new(StringComparer.Ordinal);
    private readonly List<HandleEvent> _happened = [];

    /// <summary>The present master's term: a change that an earlier one vetted is refused.</summary>
    public long Epoch { get; set; }

    /// <summary>The cell's time, Unix milliseconds: the latest that a change told. It never goes back.</summary>
    public long NowMs { get; set; }

    /// <summary>In the order of sessions and numbers.</summary>
    public IEnumerable<FileHandle> Handles => _bySession.Values.SelectMany(h => h.Values);

    public IReadOnlyCollection<FileLock> Locks => _locks.Values;

    /// <summary>What the last change led to, for those who asked for it.</summary>
    public IReadOnlyList<HandleEvent> Happened => _happened;

    public FileHandle? Find(long session, long handle) => _bySession.GetValueOrDefault(session)?.GetValueOrDefault(handle);

    public FileLock? LockOf(string path) => _locks.GetValueOrDefault(path);

    public int CountOf(long session) => _bySession.GetValueOrDefault(session)?.Count ?? 0;

    /// <summary>A change begins: what the one before led to is forgotten.</summary>
    public void Begin(long timeMs)
    {
        NowMs = Math.Max(NowMs, timeMs);
        _happened.Clear();
    }

    public void Add(FileHandle handle)
    {
        if (!_bySession.TryGetValue(handle.Session, out var own))
            _bySession.Add(handle.Session, own = []);
        Invariant.Check(own.TryAdd(handle.Id, handle));
        if (!_byPath.TryGetValue(handle.Path, out var keys))
            _byPath.Add(handle.Path, keys = []);
        keys.Add(handle.Key);
    }

    public void Add(FileLock held) => _locks.Add(held.Path, held);

    /// <summary>The lock of a file, made if there is none.</summary>
    public FileLock LockFor(string path)
    {
        if (!_locks.TryGetValue(path, out var found))
            _locks.Add(path, found = new FileLock(path));
        return found;
    }

    public FileStat StatOf(TreeNode node) => new(node.Czxid, node.Version, LockOf(node.Path)?.Generation ?? 0, node.Aversion,
        node.Data?.Length ?? 0, Checksum(node.Data), node.Data is null, node.Lifetime.Kind == LifetimeKind.Ephemeral);

    /// <summary>True while the lock is held as the sequencer says.</summary>
    public bool IsValid(in Sequencer sequencer, NodeTree tree) =>
        tree.Find(sequencer.Path) is { } node && node.Czxid == sequencer.Instance && LockOf(sequencer.Path) is { } held
        && held.Mode != LockMode.Free && held.Mode == sequencer.Mode
        && (held.Generation == sequencer.Generation
            || Bug.IsPlanted("chubby/sequencer-without-generation"));

    /// <summary>Lets go of a lock that the handle may hold. Lost holders leave their lock-delay behind.</summary>
    public bool Release(FileHandle handle, bool isLost)
    {
        if (LockOf(handle.Path) is not { } held || !held.Holders.Remove(handle.Key))
            return false;
        if (isLost)
            held.DelayedUntilMs = Math.Max(held.DelayedUntilMs, NowMs + handle.LockDelayMs);
        if (held.Holders.Count == 0)
            held.Mode = LockMode.Free;
        return true;
    }

    /// <summary>Tells every handle on a file that asked for it.</summary>
    public void Tell(string path, ChubbyEvents kind, string child = "")
    {
        foreach (var key in _byPath.GetValueOrDefault(path) ?? [])
        {
            if ((_bySession[key.Session][key.Id].Events & kind) != 0)
                _happened.Add(new HandleEvent(key.Session, key.Id, kind, child));
        }
    }

    /// <summary>Tells one handle, if it asked for it.</summary>
    public void Tell((long Session, long Id) key, ChubbyEvents kind)
    {
        if ((_bySession[key.Session][key.Id].Events & kind) != 0)
            _happened.Add(new HandleEvent(key.Session, key.Id, kind, ""));
    }

    /// <summary>Ends a handle; its lock is free, and an ephemeral file that nobody has open any more goes.</summary>
    public void Close(FileHandle handle, bool isLost, ChangeScope scope)
    {
        Release(handle, isLost);
        Forget(handle.Key);
        var keys = _byPath[handle.Path];
        keys.Remove(handle.Key);
        if (keys.Count == 0)
            _byPath.Remove(handle.Path);
        Reap(handle.Path, scope);
    }

    /// <summary>
    /// After any change, also one of another face: tells handles, and keeps the invariants as files and sessions go.
    /// </summary>
    public void Settle(ChangeScope scope, bool isExpiry)
    {
        foreach (var session in scope.ClosedSessions)
        {
            foreach (var handle in _bySession.GetValueOrDefault(session)?.Values.ToArray() ?? [])
                Close(handle, isExpiry, scope);
        }
        // Deleting ephemeral files adds to the events that are gone through here.
        for (var i = 0; i < scope.Events.Count; i++)
        {
            var (kind, path) = scope.Events[i];
            switch (kind)
            {
                case TreeEventKind.NodeCreated:
                    Tell(ZooPath.Parent(path), ChubbyEvents.ChildAdded, ZooPath.Name(path));
                    break;
                case TreeEventKind.NodeDataChanged:
                    Tell(path, ChubbyEvents.ContentsChanged);
                    if (path.Length > 1)
                        Tell(ZooPath.Parent(path), ChubbyEvents.ChildModified, ZooPath.Name(path));
                    break;
                case TreeEventKind.NodeDeleted:
                    Deleted(path);
                    Tell(ZooPath.Parent(path), ChubbyEvents.ChildRemoved, ZooPath.Name(path));
                    Reap(ZooPath.Parent(path), scope);
                    break;
            }
        }
    }

    private void Deleted(string path)
    {
        _locks.Remove(path);
        if (!_byPath.Remove(path, out var keys))
            return;
        foreach (var key in keys)
        {
            Forget(key);
            _happened.Add(new HandleEvent(key.Session, key.Id, ChubbyEvents.HandleInvalid, ""));
        }
    }

    private void Forget((long Session, long Id) key)
    {
        var own = _bySession[key.Session];
        own.Remove(key.Id);
        if (own.Count == 0)
            _bySession.Remove(key.Session);
    }

    private void Reap(string path, ChangeScope scope)
    {
        if (scope.Tree.Find(path) is { EphemeralOwner: EphemeralOwner, ChildCount: 0 } node && !_byPath.ContainsKey(path))
            scope.Delete(node, scope.Tree.Find(ZooPath.Parent(path))!);
    }

    private static ulong Checksum(byte[]? contents)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in contents ?? [])
            hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}
