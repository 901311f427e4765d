using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// A short sequence of strings and integers in one array, in the byte format of Redis 7, so that RDB files and DUMP payloads carry it as
/// it is. Entries are named by their position in bytes; -1 is none. Positions behind a change are void.
/// Values passed in must not be spans of this same listpack.
/// Invariant: bytes 0 to 3 are the total length, 4 and 5 the number of entries (65535: count them), the last byte is 0xff.
/// </summary>
internal sealed class Listpack
{
    /// <summary>Bytes before the first entry.</summary>
    public const int HeadBytes = 6;

    /// <summary>Redis lets no listpack grow beyond this.</summary>
    public const int TotalBytesMax = 1 << 30;

    private const int CountUnknown = ushort.MaxValue;

    private byte[] _bytes;

    public Listpack(int capacityBytes = 0)
    {
        _bytes = new byte[Math.Max(capacityBytes, HeadBytes + 1)];
        _bytes[HeadBytes] = ListpackFormat.End;
        TotalBytes = HeadBytes + 1;
    }

    private Listpack(byte[] bytes) => _bytes = bytes;

    /// <summary>The whole listpack, head and end included.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, TotalBytes);

    /// <summary>Length of <see cref="Bytes"/>.</summary>
    public int TotalBytes
    {
        get => BinaryPrimitives.ReadInt32LittleEndian(_bytes);
        private set => BinaryPrimitives.WriteInt32LittleEndian(_bytes, value);
    }

    /// <summary>Number of entries.</summary>
    public int Count
    {
        get
        {
            int count = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(4));
            return count == CountUnknown ? CountEntries() : count;
        }
    }

    /// <summary>Position of the first entry, or -1.</summary>
    public int First => _bytes[HeadBytes] == ListpackFormat.End ? -1 : HeadBytes;

    /// <summary>Position of the last entry, or -1.</summary>
    public int Last => Previous(TotalBytes - 1);

    /// <summary>
    /// Takes over bytes from outside after checking them: the head alone, or with <paramref name="deep"/> every entry. Shallowly checked
    /// bytes may make later reads throw, but never read outside the array.
    /// </summary>
    public static bool TryLoad(ReadOnlySpan<byte> bytes, bool deep, out Listpack listpack)
    {
        listpack = null!;
        if (bytes.Length < HeadBytes + 1 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != bytes.Length)
            return false;
        if (bytes[^1] != ListpackFormat.End)
            return false;
        if (deep && !AreEntriesValid(bytes))
            return false;
        listpack = new Listpack(bytes.ToArray());
        return true;
    }

    public Listpack Clone() => new(Bytes.ToArray());

    /// <summary>The value at a position.</summary>
    public Element this[int at] => ListpackFormat.Read(_bytes.AsSpan(at));

    /// <summary>Position of the next entry, or -1.</summary>
    public int Next(int at)
    {
        at += Length(at);
        return _bytes[at] == ListpackFormat.End ? -1 : at;
    }

    /// <summary>Position of the entry before, or -1.</summary>
    public int Previous(int at)
    {
        if (at <= HeadBytes)
            return -1;
        var length = ListpackFormat.ReadBack(_bytes, at);
        Invariant.Check(length > 0 && at - length > HeadBytes);
        return at - length - ListpackFormat.BackBytes(length);
    }

    /// <summary>Position of an entry by its index from 0, or from -1 backwards; -1 when out of range. Walks from the nearer end.</summary>
    public int Seek(int index)
    {
        var count = Count;
        if (index < 0)
            index += count;
        if (index < 0 || index >= count)
            return -1;
        int at;
        if (index <= count / 2)
        {
            for (at = HeadBytes; index > 0; index--)
                at += Length(at);
            return at;
        }
        at = Last;
        for (var left = count - 1 - index; left > 0; left--)
            at = Previous(at);
        return at;
    }

    /// <summary>
    /// Position of the first entry equal to <paramref name="value"/> from <paramref name="at"/> on, looking at every (skip + 1)th; or -1.
    /// </summary>
    public int Find(ReadOnlySpan<byte> value, int at, int skip)
    {
        if (at < 0)
            return -1;
        var isInteger = RedisNumber.TryParse(value, out long integer);
        while (_bytes[at] != ListpackFormat.End)
        {
            var entry = this[at];
            if (entry.IsInteger ? isInteger && entry.Integer == integer : entry.Bytes.SequenceEqual(value))
                return at;
            for (var i = 0; i <= skip && _bytes[at] != ListpackFormat.End; i++)
                at += Length(at);
        }
        return -1;
    }

    public void Append(ReadOnlySpan<byte> value) => Insert(TotalBytes - 1, value);

    public void Append(long value) => Insert(TotalBytes - 1, value);

    public void Prepend(ReadOnlySpan<byte> value) => Insert(HeadBytes, value);

    /// <summary>Inserts before the entry at a position, which is the new entry's from now on.</summary>
    public void Insert(int at, ReadOnlySpan<byte> value)
    {
        Put(at, 0, value);
        AddCount(1);
    }

    /// <summary>Inserts an integer before the entry at a position.</summary>
    public void Insert(int at, long value)
    {
        PutInteger(at, 0, value);
        AddCount(1);
    }

    /// <summary>Replaces the entry at a position, which stays the same.</summary>
    public void Replace(int at, ReadOnlySpan<byte> value) => Put(at, Length(at), value);

    /// <summary>Deletes entries from a position on. Returns the position of the entry that follows now, or -1.</summary>
    public int Delete(int at, int count = 1)
    {
        var end = at;
        var deleted = 0;
        for (; deleted < count && _bytes[end] != ListpackFormat.End; deleted++)
            end += Length(end);
        Open(at, end - at, 0);
        AddCount(-deleted);
        return _bytes[at] == ListpackFormat.End ? -1 : at;
    }

    /// <summary>Moves the entries from a position on into a new listpack.</summary>
    public Listpack SplitOff(int at)
    {
        var entries = _bytes.AsSpan(at, TotalBytes - 1 - at);
        var count = 0;
        for (var next = at; next >= 0 && _bytes[next] != ListpackFormat.End; next = Next(next))
            count++;
        var tail = new Listpack(HeadBytes + 1 + entries.Length);
        entries.CopyTo(tail.Open(HeadBytes, 0, entries.Length));
        tail.AddCount(count);
        Open(at, entries.Length, 0);
        AddCount(-count);
        return tail;
    }

    /// <summary>Adds all entries of another listpack behind the own ones.</summary>
    public void AppendAll(Listpack other)
    {
        var entries = other.Bytes[HeadBytes..^1];
        var count = other.Count;
        entries.CopyTo(Open(TotalBytes - 1, 0, entries.Length));
        AddCount(count);
    }

    /// <summary>Adds a copy of the entry at a position of another listpack behind the own ones.</summary>
    public void AppendFrom(Listpack other, int at)
    {
        var entry = other._bytes.AsSpan(at, other.Length(at));
        entry.CopyTo(Open(TotalBytes - 1, 0, entry.Length));
        AddCount(1);
    }

    /// <summary>Gives back memory that was kept for growing.</summary>
    public void Trim()
    {
        if (_bytes.Length > TotalBytes + 8)
            Array.Resize(ref _bytes, TotalBytes);
    }

    /// <summary>Bytes that a value would take as an entry.</summary>
    public static int BytesOf(ReadOnlySpan<byte> value)
    {
        var length = RedisNumber.TryParse(value, out long integer)
            ? ListpackFormat.IntegerBytes(integer)
            : ListpackFormat.StringBytes(value.Length);
        return length + ListpackFormat.BackBytes(length);
    }

    private void Put(int at, int replaced, ReadOnlySpan<byte> value)
    {
        if (RedisNumber.TryParse(value, out long integer))
        {
            PutInteger(at, replaced, integer);
            return;
        }
        var length = ListpackFormat.StringBytes(value.Length);
        var room = Open(at, replaced, length + ListpackFormat.BackBytes(length));
        ListpackFormat.WriteString(room, value);
        ListpackFormat.WriteBack(room[length..], length);
    }

    private void PutInteger(int at, int replaced, long value)
    {
        var length = ListpackFormat.IntegerBytes(value);
        var room = Open(at, replaced, length + ListpackFormat.BackBytes(length));
        ListpackFormat.WriteInteger(room, value);
        ListpackFormat.WriteBack(room[length..], length);
    }

    // Makes room of newBytes where oldBytes are.
    private Span<byte> Open(int at, int oldBytes, int newBytes)
    {
        var total = TotalBytes;
        var grown = (long)total - oldBytes + newBytes;
        Invariant.Check(grown <= TotalBytesMax);
        var tail = _bytes.AsSpan(at + oldBytes, total - at - oldBytes);
        if (grown <= _bytes.Length)
        {
            tail.CopyTo(_bytes.AsSpan(at + newBytes));
        }
        else
        {
            // Small ones fit exactly (arrays come in eights anyway); longer ones keep some room to grow.
            var capacity = grown + (grown < 64 ? 0 : grown < 512 ? grown / 8 : grown / 3);
            var bytes = new byte[(capacity + 7) & ~7];
            _bytes.AsSpan(0, at).CopyTo(bytes);
            tail.CopyTo(bytes.AsSpan(at + newBytes));
            _bytes = bytes;
        }
        TotalBytes = (int)grown;
        if (newBytes == 0 && grown < _bytes.Length / 2 && _bytes.Length > 64)
            Array.Resize(ref _bytes, (int)grown);
        return _bytes.AsSpan(at, newBytes);
    }

    private void AddCount(int change)
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(4));
        if (count != CountUnknown)
            BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(4), (ushort)Math.Min(count + change, CountUnknown));
    }

    // Bytes of an entry with its back length.
    private int Length(int at)
    {
        var length = ListpackFormat.EntryBytes(_bytes.AsSpan(at));
        Invariant.Check(length > 0);
        return length + ListpackFormat.BackBytes(length);
    }

    private int CountEntries()
    {
        var count = 0;
        for (var at = First; at >= 0; at = Next(at))
            count++;
        return count;
    }

    private static bool AreEntriesValid(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        var at = HeadBytes;
        var end = bytes.Length - 1;
        while (at < end)
        {
            var head = ListpackFormat.HeadBytes(bytes[at]);
            if (bytes[at] == ListpackFormat.End || head == 0 || at + head > end)
                return false;
            var length = ListpackFormat.EntryBytes(bytes[at..]);
            if (length <= 0 || length > end - at)
                return false;
            var next = at + length + ListpackFormat.BackBytes(length);
            if (next > end || ListpackFormat.ReadBack(bytes, next) != length)
                return false;
            at = next;
            count++;
        }
        int said = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        return said == CountUnknown || said == count;
    }
}
