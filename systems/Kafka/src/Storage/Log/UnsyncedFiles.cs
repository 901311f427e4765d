namespace Microcosm.Kafka;

/// <summary>What of a log's files a crash may still take back: contents, in the order of their first write, and names.</summary>
internal sealed class UnsyncedFiles
{
    private readonly List<LogFile> _files = [];

    /// <summary>A file was made, renamed or deleted.</summary>
    public bool HasNames { get; set; }

    public bool IsEmpty => _files.Count == 0 && !HasNames;

    public void Add(LogFile file, bool isNew = false)
    {
        HasNames |= isNew;
        if (!_files.Contains(file))
            _files.Add(file);
    }

    /// <summary>A file was deleted.</summary>
    public void Forget(string path) => _files.RemoveAll(f => f.Path == path);

    /// <summary>Hands over what there is; the caller syncs it.</summary>
    public (LogFile[] Files, bool HasNames) Take()
    {
        var taken = (_files.Count == 0 ? [] : _files.ToArray(), HasNames);
        _files.Clear();
        HasNames = false;
        return taken;
    }
}
