namespace Microcosm.Kafka;

/// <summary>
/// What of a log's files a crash may still take back: contents, in the order of their first write, and names. Indexes and snapshots are
/// kept apart: recovery makes them anew from the batches, and only a checkpoint relies on them.
/// </summary>
internal sealed class UnsyncedFiles
{
    private readonly List<LogFile> _files = [];
    private readonly List<LogFile> _derived = [];
    private bool _hasDerivedNames;

    /// <summary>A file was made, renamed or deleted.</summary>
    public bool HasNames { get; set; }

    /// <summary>True if nothing is missing that batches need.</summary>
    public bool IsEmpty => _files.Count == 0 && !HasNames;

    public void Add(LogFile file, bool isNew = false)
    {
        HasNames |= isNew;
        if (!_files.Contains(file))
            _files.Add(file);
    }

    /// <summary>The same for an index or a snapshot.</summary>
    public void AddDerived(LogFile file, bool isNew = false)
    {
        _hasDerivedNames |= isNew;
        if (!_derived.Contains(file))
            _derived.Add(file);
    }

    /// <summary>A file was deleted.</summary>
    public void Forget(string path)
    {
        _files.RemoveAll(f => f.Path == path);
        _derived.RemoveAll(f => f.Path == path);
    }

    /// <summary>An index or a snapshot was deleted.</summary>
    public void ForgetDerived(string path)
    {
        Forget(path);
        _hasDerivedNames = true;
    }

    /// <summary>Hands over what batches need; the caller syncs it.</summary>
    public (LogFile[] Files, bool HasNames) Take()
    {
        var taken = (_files.ToArray(), HasNames);
        _files.Clear();
        HasNames = false;
        return taken;
    }

    /// <summary>The same of indexes and snapshots.</summary>
    public (LogFile[] Files, bool HasNames) TakeDerived()
    {
        var taken = (_derived.ToArray(), _hasDerivedNames);
        _derived.Clear();
        _hasDerivedNames = false;
        return taken;
    }
}
