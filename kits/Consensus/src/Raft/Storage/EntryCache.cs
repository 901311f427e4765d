using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// The last entries of a log, without gaps, up to its end: those that the log on the disk does not have yet, and as many before them as
/// have room.
/// </summary>
internal sealed class EntryCache(long bytesMax)
{
    private readonly List<RaftEntry> _entries = [];
    private long _bytes;

    /// <summary>Index of the first one here.</summary>
    public long First { get; private set; } = 1;

    /// <summary>Index of the log's last entry.</summary>
    public long Last => First + _entries.Count - 1;

    public RaftEntry this[long index] => _entries[(int)(index - First)];

    /// <summary>Nothing is here; the log ends at <paramref name="last"/>.</summary>
    public void Reset(long last)
    {
        _entries.Clear();
        (First, _bytes) = (last + 1, 0);
    }

    /// <summary>Adds an entry; it replaces what stands from its index on.</summary>
    public void Put(RaftEntry entry)
    {
        Invariant.Check(entry.Index <= Last + 1, "the log has no gaps");
        if (entry.Index < First)
            Reset(entry.Index - 1);
        for (var i = _entries.Count - 1; i >= (int)(entry.Index - First); i--)
        {
            _bytes -= _entries[i].Bytes;
            _entries.RemoveAt(i);
        }
        _entries.Add(entry);
        _bytes += entry.Bytes;
    }

    /// <summary>Entries from <paramref name="first"/> on.</summary>
    public RaftEntry[] From(long first) => first > Last ? [] : [.. _entries[(int)(first - First)..]];

    /// <summary>Forgets entries up to <paramref name="upTo"/> where there are too many; half as many again may gather before.</summary>
    public void Trim(long upTo)
    {
        if (_bytes <= bytesMax + bytesMax / 2)
            return;
        var count = 0;
        while (_bytes > bytesMax && First + count <= Math.Min(upTo, Last))
            _bytes -= _entries[count++].Bytes;
        _entries.RemoveRange(0, count);
        First += count;
    }
}
