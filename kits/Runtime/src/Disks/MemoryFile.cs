namespace Microcosm.Runtime;

/// <summary>A file's bytes and the writes that a crash may still take back. Guarded by its disk.</summary>
internal sealed class MemoryFile
{
    private const int SectorBytes = 512;

    private readonly List<UnsyncedWrite> _unsynced = [];
    private byte[] _bytes = [];
    private bool _hasFailed;

    public long Length { get; private set; }

    /// <summary>Writes ever made: what a sync that begins now will cover.</summary>
    public long Writes { get; private set; }

    public int Read(long offset, Span<byte> buffer)
    {
        if (offset >= Length)
            return 0;
        var count = (int)Math.Min(buffer.Length, Length - offset);
        _bytes.AsSpan((int)offset, count).CopyTo(buffer);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var overwritten = (int)Math.Clamp(Length - offset, 0, bytes.Length);
        Writes++;
        _unsynced.Add(new UnsyncedWrite(offset, bytes.Length, overwritten == 0 ? [] : _bytes.AsSpan((int)offset,
            overwritten).ToArray(), Length, IsCut: false));
        Put(offset, bytes);
    }

    public void SetLength(long length)
    {
        var cut = length < Length ? _bytes.AsSpan((int)length, (int)(Length - length)).ToArray() : [];
        Writes++;
        _unsynced.Add(new UnsyncedWrite(length, cut.Length, cut, Length, IsCut: true));
        Cut(length);
    }

    /// <summary>The first <paramref name="writes"/> writes ever made are safe now, but for those of which a sync failed. Syncs may
    /// overlap.</summary>
    public void Synced(long writes)
    {
        var covered = Covered(writes);
        if (!_hasFailed)
        {
            _unsynced.RemoveRange(0, covered);
            return;
        }
        foreach (var write in _unsynced.Take(covered).Where(w => w.Fate == Fate.Pending))
            write.Fate = Fate.Safe;
    }

    /// <summary>
    /// A sync of the first <paramref name="writes"/> writes failed. The page cache holds them as clean: reads still show them, no later
    /// sync writes them, and a crash may lose them from under what was written and synced later (Rebello et al., ATC 2020).
    /// </summary>
    public void SyncFailed(long writes)
    {
        foreach (var write in _unsynced.Take(Covered(writes)).Where(w => w.Fate == Fate.Pending && !w.IsCut))
        {
            write.Fate = Fate.Failed;
            _hasFailed = true;
        }
    }

    /// <summary>Keeps a prefix of the unsynced writes; the first one that is not kept may be torn at a sector or at any byte.</summary>
    public void Crash(RandomStream random)
    {
        if (_unsynced.Count == 0)
            return;
        if (_hasFailed)
            CrashAfterFailedSync(random);
        else
            CrashInOrder(random);
        _unsynced.Clear();
        _hasFailed = false;
    }

    public MemoryFile Clone() => new() { _bytes = _bytes.AsSpan(0, (int)Length).ToArray(), Length = Length };

    private int Covered(long writes) => (int)Math.Clamp(_unsynced.Count - (Writes - writes), 0, _unsynced.Count);

    private void CrashInOrder(RandomStream random)
    {
        var kept = random.Next(_unsynced.Count + 1);
        for (var i = _unsynced.Count - 1; i >= kept; i--)
        {
            var write = _unsynced[i];
            Undo(write, i == kept ? Torn(write, random) : 0);
        }
    }

    // Everything is taken back, newest first, and what survives is written again: what failed by chance, what is pending up to a point.
    private void CrashAfterFailedSync(RandomStream random)
    {
        var kept = random.Next(_unsynced.Count(w => w.Fate == Fate.Pending) + 1);
        var written = new byte[_unsynced.Count][];
        for (var i = _unsynced.Count - 1; i >= 0; i--)
        {
            var write = _unsynced[i];
            written[i] = write.IsCut ? [] : _bytes.AsSpan((int)write.Offset, write.Length).ToArray();
            Undo(write, 0);
        }
        for (var i = 0; i < written.Length; i++)
        {
            var write = _unsynced[i];
            if (write.Fate == Fate.Pending && kept-- <= 0)
            {
                if (kept == -1 && !write.IsCut)
                    Put(write.Offset, written[i].AsSpan(0, Torn(write, random)));
                continue;
            }
            if (write.IsCut)
                Cut(write.Offset);
            else if (write.Fate != Fate.Failed || random.Chance(0.5))
                Put(write.Offset, written[i]);
        }
    }

    private static int Torn(UnsyncedWrite write, RandomStream random)
    {
        var torn = write.Length > 0 && random.Chance(0.5) ? random.Next(write.Length) : 0;
        return torn > SectorBytes && random.Chance(0.5) ? torn - torn % SectorBytes : torn;
    }

    private void Put(long offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
            return;
        Reserve(offset + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan((int)offset));
        Length = Math.Max(Length, offset + bytes.Length);
    }

    private void Cut(long length)
    {
        Reserve(length);
        if (length < Length)
            _bytes.AsSpan((int)length, (int)(Length - length)).Clear();
        Length = length;
    }

    // Takes a write back but for its first bytes.
    private void Undo(UnsyncedWrite write, int keep)
    {
        var torn = _bytes.AsSpan((int)write.Offset, Math.Min(keep, (int)Math.Max(0, Length - write.Offset))).ToArray();
        var length = write.LengthBefore;
        Reserve(Math.Max(length, write.Offset + torn.Length));
        if (Length > length)
            _bytes.AsSpan((int)length, (int)(Length - length)).Clear();
        write.Overwritten.CopyTo(_bytes.AsSpan((int)write.Offset));
        torn.CopyTo(_bytes.AsSpan((int)write.Offset));
        Length = torn.Length == 0 ? length : Math.Max(length, write.Offset + torn.Length);
    }

    private void Reserve(long length)
    {
        if (length <= _bytes.Length)
            return;
        Array.Resize(ref _bytes, checked((int)Math.Max(length, Math.Min(_bytes.Length * 2L, Array.MaxLength))));
    }

    private enum Fate
    {
        Pending,
        Failed,
        Safe,
    }

    // A cut has the new length as its offset.
    private sealed record UnsyncedWrite(long Offset, int Length, byte[] Overwritten, long LengthBefore, bool IsCut)
    {
        public Fate Fate { get; set; }
    }
}
