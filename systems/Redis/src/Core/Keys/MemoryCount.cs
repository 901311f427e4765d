namespace Microcosm.Redis;

/// <summary>
/// Bytes of one database's entries: the sum of <see cref="Entry.MemoryBytes"/>. Packed strings are counted where they come and go. Objects
/// change in many places, so one that is looked up for writing is noted here and counted again when somebody wants the sum.
/// Invariant: an entry of the table is counted with <see cref="ObjectEntry.CountedBytes"/>, or noted, or both.
/// </summary>
internal sealed class MemoryCount
{
    // So many notes are kept while nobody asks; of more, the older half is counted.
    private const int NotesMax = 256;

    private readonly List<ObjectEntry> _noted = [];
    private long _bytes;

    /// <summary>The sum, exact between commands.</summary>
    public long Bytes
    {
        get
        {
            CountNoted(_noted.Count);
            return _bytes;
        }
    }

    /// <summary>An entry is in the table from now on.</summary>
    public void Added(object stored)
    {
        if (stored is byte[] packed)
            _bytes += Entry.PackedBytes(packed);
        else
            Changing((ObjectEntry)stored);
    }

    /// <summary>An entry has left the table.</summary>
    public void Removed(object stored)
    {
        if (stored is byte[] packed)
        {
            _bytes -= Entry.PackedBytes(packed);
            return;
        }
        var entry = (ObjectEntry)stored;
        _bytes -= entry.CountedBytes;
        entry.CountedBytes = ObjectEntry.Gone;
    }

    /// <summary>An object is about to change, or has.</summary>
    public void Changing(ObjectEntry entry)
    {
        if (entry.IsNoted)
            return;
        if (_noted.Count >= NotesMax)
            CountNoted(NotesMax / 2);
        entry.IsNoted = true;
        _noted.Add(entry);
    }

    public void Clear()
    {
        _noted.Clear();
        _bytes = 0;
    }

    private void CountNoted(int count)
    {
        if (count == 0)
            return;
        for (var i = 0; i < count; i++)
        {
            var entry = _noted[i];
            entry.IsNoted = false;
            if (entry.CountedBytes == ObjectEntry.Gone)
                continue;
            var bytes = new Entry(entry).MemoryBytes;
            _bytes += bytes - entry.CountedBytes;
            entry.CountedBytes = bytes;
        }
        _noted.RemoveRange(0, count);
    }
}
