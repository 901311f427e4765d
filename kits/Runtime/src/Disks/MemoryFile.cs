namespace Microcosm.Runtime;

/// <summary>A file's bytes and the writes that a crash may still take back. Guarded by its disk.</summary>
internal sealed class MemoryFile
{
    private const int SectorBytes = 512;

    private readonly List<UnsyncedWrite> _unsynced = [];
    private byte[] _bytes = [];

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
        var end = offset + bytes.Length;
        Reserve(end);
        var overwritten = (int)Math.Clamp(Length - offset, 0, bytes.Length);
        Writes++;
        _unsynced.Add(new UnsyncedWrite(offset, bytes.Length, overwritten == 0 ? [] : _bytes.AsSpan((int)offset,
            overwritten).ToArray(), Length));
        bytes.CopyTo(_bytes.AsSpan((int)offset));
        Length = Math.Max(Length, end);
    }

    public void SetLength(long length)
    {
        var cut = length < Length ? _bytes.AsSpan((int)length, (int)(Length - length)).ToArray() : [];
        Writes++;
        _unsynced.Add(new UnsyncedWrite(length, cut.Length, cut, Length));
        Reserve(length);
        if (length < Length)
            _bytes.AsSpan((int)length, (int)(Length - length)).Clear();
        Length = length;
    }

    /// <summary>The first <paramref name="writes"/> writes ever made are safe now. Syncs may overlap.</summary>
    public void Synced(long writes) => _unsynced.RemoveRange(0, (int)Math.Clamp(_unsynced.Count - (Writes - writes), 0, _unsynced.Count));

    /// <summary>Keeps a prefix of the unsynced writes; the first one that is not kept may be torn at a sector or at any byte.</summary>
    public void Crash(RandomStream random)
    {
        if (_unsynced.Count == 0)
            return;
        var kept = random.Next(_unsynced.Count + 1);
        for (var i = _unsynced.Count - 1; i >= kept; i--)
        {
            var write = _unsynced[i];
            var torn = i == kept && write.Length > 0 && random.Chance(0.5) ? random.Next(write.Length) : 0;
            if (torn > SectorBytes && random.Chance(0.5))
                torn -= torn % SectorBytes;
            Undo(write, torn);
        }
        _unsynced.Clear();
    }

    public MemoryFile Clone() => new() { _bytes = _bytes.AsSpan(0, (int)Length).ToArray(), Length = Length };

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
        Length = Math.Max(length, write.Offset + torn.Length);
    }

    private void Reserve(long length)
    {
        if (length <= _bytes.Length)
            return;
        Array.Resize(ref _bytes, checked((int)Math.Max(length, Math.Min(_bytes.Length * 2L, Array.MaxLength))));
    }

    private sealed record UnsyncedWrite(long Offset, int Length, byte[] Overwritten, long LengthBefore);
}
