namespace Microcosm.Nginx;

/// <summary>
/// Open log files whose names have variables in them (<c>open_log_file_cache</c>): those used last, so many at most; a file is opened anew
/// when it has been open so long, since another may have its name by then. Under its owner's lock.
/// </summary>
internal sealed class LogFileCache(OpenFileCache settings) : IDisposable
{
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    public int Write(string path, ReadOnlySpan<byte> line, long nowMs)
    {
        while (_byUse.Last is { } last && nowMs - last.Value.UsedMs >= settings.InactiveSeconds * 1000)
            Remove(last);
        var entry = _entries.TryGetValue(path, out var node) ? node.Value : new Entry(path, nowMs);
        if (nowMs - entry.OpenedMs >= settings.ValidSeconds * 1000)
        {
            entry.File.Dispose();
            entry.OpenedMs = nowMs;
        }
        (entry.UsedMs, entry.Uses) = (nowMs, entry.Uses + 1);
        var errno = entry.File.Write(line);
        if (node is not null)
            Remove(node, closes: errno != 0);
        if (errno != 0)
            return errno;
        while (_entries.Count >= settings.Max && _byUse.Last is { } oldest)
            Remove(oldest);
        _entries.Add(path, _byUse.AddFirst(entry));
        if (entry.Uses < settings.MinUses)
            entry.File.Dispose();
        return 0;
    }

    public void Dispose()
    {
        foreach (var entry in _byUse)
            entry.File.Dispose();
    }

    private void Remove(LinkedListNode<Entry> node, bool closes = true)
    {
        _entries.Remove(node.Value.Path);
        _byUse.Remove(node);
        if (closes)
            node.Value.File.Dispose();
    }

    private sealed class Entry(string path, long nowMs)
    {
        public string Path { get; } = path;

        public LogFile File { get; } = new(path);

        public long OpenedMs { get; set; } = nowMs;

        public long UsedMs { get; set; }

        public long Uses { get; set; }
    }
}
