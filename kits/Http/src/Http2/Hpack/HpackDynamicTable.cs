using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The headers that one side has seen, the newest first (RFC 7541 sections 2.3.2 and 4). Invariants: their sizes make up
/// <see cref="SizeBytes"/>, which is not above <see cref="SizeBytesMax"/>.
/// </summary>
internal sealed class HpackDynamicTable(int sizeBytesMax)
{
    // What an entry counts beside its name and value.
    private const int EntryOverheadBytes = 32;

    private (byte[] Bytes, int NameLength)[] _entries = new (byte[], int)[16];
    private int _newest;

    public int Count { get; private set; }

    public int SizeBytes { get; private set; }

    public int SizeBytesMax { get; private set; } = sizeBytesMax;

    /// <summary>The entry of an index from 0, the newest, on.</summary>
    public void Get(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var (bytes, nameLength) = _entries[(_newest - index) & (_entries.Length - 1)];
        name = bytes.AsSpan(0, nameLength);
        value = bytes.AsSpan(nameLength);
    }

    /// <summary>Adds an entry. One that is larger than the table empties it, and is not kept.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var size = name.Length + value.Length + EntryOverheadBytes;
        // Its name may be that of an entry which goes.
        var bytes = size <= SizeBytesMax ? new byte[name.Length + value.Length] : null;
        if (bytes is not null)
        {
            name.CopyTo(bytes);
            value.CopyTo(bytes.AsSpan(name.Length));
        }
        Evict(SizeBytesMax - size);
        if (bytes is null)
            return;
        if (Count == _entries.Length)
            Grow();
        _newest = (_newest + 1) & (_entries.Length - 1);
        _entries[_newest] = (bytes, name.Length);
        (Count, SizeBytes) = (Count + 1, SizeBytes + size);
        Invariant.Check(SizeBytes <= SizeBytesMax);
    }

    public void Resize(int sizeBytesMax)
    {
        SizeBytesMax = sizeBytesMax;
        Evict(sizeBytesMax);
    }

    private void Evict(int sizeBytesMax)
    {
        while (Count > 0 && SizeBytes > sizeBytesMax)
        {
            ref var oldest = ref _entries[(_newest - Count + 1) & (_entries.Length - 1)];
            SizeBytes -= oldest.Bytes.Length + EntryOverheadBytes;
            oldest = default;
            Count--;
        }
    }

    private void Grow()
    {
        var larger = new (byte[], int)[_entries.Length * 2];
        for (var i = 0; i < Count; i++)
            larger[Count - i] = _entries[(_newest - i) & (_entries.Length - 1)];
        (_entries, _newest) = (larger, Count);
    }
}
