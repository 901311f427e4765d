using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Microcosm.Redis;

/// <summary>Reads lengths and strings of an RDB file or a DUMP payload. Throws <see cref="InvalidDataException"/> where it is
/// damaged.</summary>
internal ref struct RdbReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position == _bytes.Length;

    public byte Byte() => Take(1)[0];

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _bytes.Length - Position)
            throw new InvalidDataException($"Unexpected end of file at offset {Position}");
        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>A length, or the number of elements that follow; never more than bytes that are left could hold.</summary>
    public int Count()
    {
        var length = Length(out var isEncoded);
        if (isEncoded || length > _bytes.Length - Position)
            throw new InvalidDataException($"Invalid length {length} at offset {Position}");
        return (int)length;
    }

    /// <summary>A length that is only a hint or a number.</summary>
    public long Length() => Length(out var isEncoded) is var length && !isEncoded ? length
        : throw new InvalidDataException($"Unexpected encoding at offset {Position}");

    public byte[] String()
    {
        var length = Length(out var isEncoded);
        if (!isEncoded)
            return Take(length).ToArray();
        switch (length)
        {
            case 0:
                return RedisNumber.ToBytes((sbyte)Byte());
            case 1:
                return RedisNumber.ToBytes(BinaryPrimitives.ReadInt16LittleEndian(Take(2)));
            case 2:
                return RedisNumber.ToBytes(Int32());
            case 3:
                return Decompress();
            default:
                throw new InvalidDataException($"Unknown RDB string encoding type {length} at offset {Position}");
        }
    }

    /// <summary>A score as text, as versions before 8 have it.</summary>
    public double TextDouble()
    {
        var length = Byte();
        return length switch
        {
            255 => double.NegativeInfinity,
            254 => double.PositiveInfinity,
            253 => double.NaN,
            _ => double.Parse(Encoding.ASCII.GetString(Take(length)), CultureInfo.InvariantCulture),
        };
    }

    private byte[] Decompress()
    {
        var compressed = Length();
        var length = Length();
        // LZF never does better than about 88 to 1: a greater length is damage, and no reason to ask for so much memory.
        if (length > (compressed + 1) * 100)
            throw new InvalidDataException($"Invalid LZF length at offset {Position}");
        var value = new byte[length];
        if (!Lzf.TryDecompress(Take(compressed), value))
            throw new InvalidDataException($"Invalid LZF compressed string at offset {Position}");
        return value;
    }

    private long Length(out bool isEncoded)
    {
        var first = Byte();
        isEncoded = first >> 6 == 3;
        switch (first >> 6)
        {
            case 0 or 3:
                return first & 0x3f;
            case 1:
                return ((first & 0x3f) << 8) | Byte();
            default:
                return first switch
                {
                    0x80 => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
                    0x81 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
                    _ => throw new InvalidDataException($"Unknown length encoding {first} in rdbLoadLen() at offset {Position}"),
                };
        }
    }
}
