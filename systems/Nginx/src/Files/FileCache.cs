using System.Text;

namespace Microcosm.Nginx;

/// <summary>
/// <c>open_file_cache</c>: what was found of paths lately, with the files that are used often enough (nginx: ngx_open_file_cache). The
/// entry that was used last stands first; the last goes when there are too many, or when nobody used it for long.
/// </summary>
internal sealed class FileCache(OpenFileCache options)
{
    // So many that nobody used a call looks for.
    private const int ExpiredAtOnce = 2;

    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _order = new();

    public int Count => _entries.Count;

    /// <summary>The file, with a use for the caller, or null for a folder or an error, which the facts tell.</summary>
    /// <param name="now">In seconds.</param>
    public OpenFile? Open(ReadOnlySpan<byte> path, LinkRule links, FileCacheRule rule, long now, out FileFacts facts)
    {
        Expire(now);
        Span<char> name = path.Length <= 512 ? stackalloc char[path.Length] : new char[path.Length];
        Encoding.Latin1.GetChars(path, name);
        if (!_entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var node))
            return Add(name.ToString(), path, links, rule, now, out facts);
        var entry = node.Value;
        entry.Uses++;
        entry.UsedAt = now;
        _order.Remove(node);
        _order.AddFirst(node);
        var isKept = entry.File is not null || !entry.Facts.Exists || entry.Facts.IsFolder;
        if (!isKept || now - entry.FoundAt >= rule.ValidSeconds || entry.Links != links)
        {
            var file = Files(path, links, out facts);
            if (!facts.Exists && !rule.KeepsErrors)
            {
                Remove(node);
                return null;
            }
            return entry.Take(file, facts, links, rule, now);
        }
        facts = entry.Facts;
        return entry.File?.Use();
    }

    /// <summary>Closes all.</summary>
    public void Clear()
    {
        foreach (var entry in _order)
            entry.File?.Release();
        _order.Clear();
        _entries.Clear();
    }

    private static OpenFile? Files(ReadOnlySpan<byte> path, LinkRule links, out FileFacts facts) =>
        links.Check == SymlinkCheck.Off ? StaticFiles.Open(path, out facts) : GuardedFiles.Open(path, links, out facts);

    private OpenFile? Add(
        string name, ReadOnlySpan<byte> path, LinkRule links, FileCacheRule rule, long now, out FileFacts facts)
    {
        var file = Files(path, links, out facts);
        if (!facts.Exists && !rule.KeepsErrors)
            return null;
        if (_entries.Count >= options.Max)
            Remove(_order.Last!);
        var entry = new Entry { Name = name, Uses = 1, UsedAt = now };
        _entries.Add(name, _order.AddFirst(entry));
        return entry.Take(file, facts, links, rule, now);
    }

    private void Expire(long now)
    {
        for (var i = 0; i < ExpiredAtOnce && _order.Last is { } last && now - last.Value.UsedAt > options.InactiveSeconds; i++)
            Remove(last);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        node.Value.File?.Release();
        _entries.Remove(node.Value.Name);
        _order.Remove(node);
    }

    private sealed class Entry
    {
        public required string Name { get; init; }

        public OpenFile? File { get; private set; }

        public FileFacts Facts { get; private set; }

        public LinkRule Links { get; private set; }

        public long Uses { get; set; }

        public long UsedAt { get; set; }

        public long FoundAt { get; private set; }

        /// <summary>What was found now; the file is kept where it is used often enough. Returns it with a use for the caller.</summary>
        public OpenFile? Take(OpenFile? file, FileFacts facts, LinkRule links, FileCacheRule rule, long now)
        {
            if (facts.IsFolder)
            {
                file?.Release();
                file = null;
            }
            File?.Release();
            (Facts, Links, FoundAt) = (facts, links, now);
            File = Uses >= rule.MinUses ? file?.Use() : null;
            return file;
        }
    }
}
