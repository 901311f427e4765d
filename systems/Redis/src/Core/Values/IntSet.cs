using System.Buffers.Binary;

namespace Microcosm.Redis;

/// <summary>
/// A sorted set of integers in one array, in Redis' own byte format: width (2, 4 or 8), count, then the values, little-endian, all as
/// wide as the widest has ever needed.
/// </summary>
internal sealed class IntSet
{
    private const int HeadBytes = 8;

    private byte[] _bytes;

    public IntSet()
    {
        _bytes = new byte[HeadBytes];
        Width = 2;
    }

    private IntSet(byte[] bytes) => _bytes = bytes;

    /// <summary>The whole set, head included.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, TotalBytes);

    /// <summary>Length of <see cref="Bytes"/>.</summary>
    public int TotalBytes => HeadBytes + Count * Width;

    public int Count
    {
        get => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(4));
        private set => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(4), value);
    }

    private int Width
    {
        get => _bytes[0];
        set => _bytes[0] = (byte)value;
    }

    /// <summary>The value at an index, ascending.</summary>
    public long this[int index] => Read(_bytes, Width, index);

    /// <summary>Takes over bytes from outside after checking them; with <paramref name="deep"/> also that values ascend.</summary>
    public static bool TryLoad(ReadOnlySpan<byte> bytes, bool deep, out IntSet set)
    {
        set = null!;
        if (bytes.Length < HeadBytes)
            return false;
        var width = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (width is not (2 or 4 or 8) || count == 0 || HeadBytes + (long)count * width != bytes.Length)
            return false;
        for (var i = 1; deep && i < count; i++)
        {
            if (Read(bytes, (int)width, i) <= Read(bytes, (int)width, i - 1))
                return false;
        }
        set = new IntSet(bytes.ToArray());
        return true;
    }

    public IntSet Clone() => new(Bytes.ToArray());

    public bool Contains(long value) => WidthOf(value) <= Width && Search(value) >= 0;

    /// <summary>Adds a value; false if it was there.</summary>
    public bool Add(long value)
    {
        var width = WidthOf(value);
        if (width > Width)
        {
            Widen(width, value);
            return true;
        }
        var index = Search(value);
        if (index >= 0)
            return false;
        index = ~index;
        width = Width;
        var count = Count;
        var at = HeadBytes + index * width;
        var end = HeadBytes + count * width;
        if (end + width > _bytes.Length)
            Array.Resize(ref _bytes, (end + width + end / 8 + 7) & ~7);
        _bytes.AsSpan(at, end - at).CopyTo(_bytes.AsSpan(at + width));
        Write(_bytes, width, index, value);
        Count = count + 1;
        return true;
    }

    /// <summary>Removes a value; false if it was not there. The width stays.</summary>
    public bool Remove(long value)
    {
        var index = WidthOf(value) <= Width ? Search(value) : -1;
        if (index < 0)
            return false;
        var at = HeadBytes + index * Width;
        var end = TotalBytes;
        _bytes.AsSpan((at + Width)..end).CopyTo(_bytes.AsSpan(at));
        Count--;
        if (_bytes.Length > 64 && TotalBytes < _bytes.Length / 2)
            Array.Resize(ref _bytes, TotalBytes);
        return true;
    }

    // The index of a value, or the complement of where it would go.
    private int Search(long value)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = this[middle];
            if (found == value)
                return middle;
            if (found < value)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }

    // A value that needs more width than all others lies before or behind them all.
    private void Widen(int width, long value)
    {
        var old = _bytes;
        var (oldWidth, count) = (Width, Count);
        _bytes = new byte[HeadBytes + (count + 1) * width];
        Width = width;
        Count = count + 1;
        var shift = value < 0 ? 1 : 0;
        for (var i = 0; i < count; i++)
            Write(_bytes, width, i + shift, Read(old, oldWidth, i));
        Write(_bytes, width, value < 0 ? 0 : count, value);
    }

    private static int WidthOf(long value) => value switch
    {
        >= short.MinValue and <= short.MaxValue => 2,
        >= int.MinValue and <= int.MaxValue => 4,
        _ => 8,
    };

    private static long Read(ReadOnlySpan<byte> bytes, int width, int index)
    {
        var at = bytes[(HeadBytes + index * width)..];
        return width switch
        {
            2 => BinaryPrimitives.ReadInt16LittleEndian(at),
            4 => BinaryPrimitives.ReadInt32LittleEndian(at),
            _ => BinaryPrimitives.ReadInt64LittleEndian(at),
        };
    }

    private static void Write(Span<byte> bytes, int width, int index, long value)
    {
        var at = bytes[(HeadBytes + index * width)..];
        if (width == 2)
            BinaryPrimitives.WriteInt16LittleEndian(at, (short)value);
        else if (width == 4)
            BinaryPrimitives.WriteInt32LittleEndian(at, (int)value);
        else
            BinaryPrimitives.WriteInt64LittleEndian(at, value);
    }
}
