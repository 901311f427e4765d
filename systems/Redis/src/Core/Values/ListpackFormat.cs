using System.Buffers.Binary;

namespace Microcosm.Redis;

/// <summary>
/// Bytes of one listpack entry (antirez, "Listpack specification", 2017): encoding and data, then the length of both once more, to be
/// read from behind. Strings that are canonical integers are stored as integers.
/// </summary>
internal static class ListpackFormat
{
    /// <summary>The byte behind the last entry.</summary>
    public const byte End = 0xff;

    private const byte String6 = 0x80;
    private const byte Integer13 = 0xc0;
    private const byte String12 = 0xe0;
    private const byte String32 = 0xf0;
    private const byte Integer16 = 0xf1;
    private const byte Integer24 = 0xf2;
    private const byte Integer32 = 0xf3;
    private const byte Integer64 = 0xf4;

    /// <summary>Bytes of an integer, without its back length.</summary>
    public static int IntegerBytes(long value) => value switch
    {
        >= 0 and <= 127 => 1,
        >= -4096 and <= 4095 => 2,
        >= short.MinValue and <= short.MaxValue => 3,
        >= -(1 << 23) and < 1 << 23 => 4,
        >= int.MinValue and <= int.MaxValue => 5,
        _ => 9,
    };

    /// <summary>Bytes of a string of that length, without its back length.</summary>
    public static int StringBytes(int length) => length + (length < 64 ? 1 : length < 4096 ? 2 : 5);

    public static void WriteInteger(Span<byte> to, long value)
    {
        switch (IntegerBytes(value))
        {
            case 1:
                to[0] = (byte)value;
                break;
            case 2:
                to[0] = (byte)(Integer13 | ((value >> 8) & 0x1f));
                to[1] = (byte)value;
                break;
            case 3:
                to[0] = Integer16;
                BinaryPrimitives.WriteInt16LittleEndian(to[1..], (short)value);
                break;
            case 4:
                to[0] = Integer24;
                to[1] = (byte)value;
                BinaryPrimitives.WriteInt16LittleEndian(to[2..], (short)(value >> 8));
                break;
            case 5:
                to[0] = Integer32;
                BinaryPrimitives.WriteInt32LittleEndian(to[1..], (int)value);
                break;
            default:
                to[0] = Integer64;
                BinaryPrimitives.WriteInt64LittleEndian(to[1..], value);
                break;
        }
    }

    public static void WriteString(Span<byte> to, ReadOnlySpan<byte> value)
    {
        if (value.Length < 64)
        {
            to[0] = (byte)(String6 | value.Length);
            value.CopyTo(to[1..]);
        }
        else if (value.Length < 4096)
        {
            to[0] = (byte)(String12 | (value.Length >> 8));
            to[1] = (byte)value.Length;
            value.CopyTo(to[2..]);
        }
        else
        {
            to[0] = String32;
            BinaryPrimitives.WriteInt32LittleEndian(to[1..], value.Length);
            value.CopyTo(to[5..]);
        }
    }

    /// <summary>Bytes of the back length of an entry. The bounds are one below the natural ones, as in Redis.</summary>
    public static int BackBytes(int length) => length switch
    {
        <= 127 => 1,
        < 16383 => 2,
        < 2097151 => 3,
        < 268435455 => 4,
        _ => 5,
    };

    /// <summary>Writes a back length as <see cref="BackBytes"/> bytes: high bits first; all but the first byte have bit 7 set.</summary>
    public static void WriteBack(Span<byte> to, int length)
    {
        for (var i = BackBytes(length) - 1; i >= 0; i--)
        {
            to[i] = (byte)((length & 0x7f) | (i > 0 ? 0x80 : 0));
            length >>= 7;
        }
    }

    /// <summary>Reads the back length that ends right before <paramref name="end"/>; -1 when it is longer than five bytes.</summary>
    public static int ReadBack(ReadOnlySpan<byte> bytes, int end)
    {
        var length = 0;
        for (var shift = 0; shift <= 28; shift += 7)
        {
            if (--end < 0)
                return -1;
            length |= (bytes[end] & 0x7f) << shift;
            if ((bytes[end] & 0x80) == 0)
                return length;
        }
        return -1;
    }

    /// <summary>Bytes needed to know an entry's length; 0 for an encoding that does not exist.</summary>
    public static int HeadBytes(byte first) => first switch
    {
        < 0xe0 => 1,
        < 0xf0 => 2,
        String32 => 5,
        <= Integer64 or End => 1,
        _ => 0,
    };

    /// <summary>
    /// Bytes of the entry that begins here, without its back length; 0 for an encoding that does not exist. May be negative in bad data.
    /// </summary>
    public static int EntryBytes(ReadOnlySpan<byte> at)
    {
        var first = at[0];
        return first switch
        {
            < 0x80 => 1,
            < 0xc0 => 1 + (first & 0x3f),
            < 0xe0 => 2,
            < 0xf0 => 2 + (((first & 0x0f) << 8) | at[1]),
            String32 => unchecked(5 + BinaryPrimitives.ReadInt32LittleEndian(at[1..])),
            Integer16 => 3,
            Integer24 => 4,
            Integer32 => 5,
            Integer64 => 9,
            End => 1,
            _ => 0,
        };
    }

    /// <summary>The value of the entry that begins here.</summary>
    public static Element Read(ReadOnlySpan<byte> at)
    {
        var first = at[0];
        return first switch
        {
            < 0x80 => new Element(first),
            < 0xc0 => new Element(at.Slice(1, first & 0x3f)),
            // Thirteen bits, moved up and down again to carry the sign.
            < 0xe0 => new Element((((first & 0x1f) << 8) | at[1]) << 19 >> 19),
            < 0xf0 => new Element(at.Slice(2, ((first & 0x0f) << 8) | at[1])),
            String32 => new Element(at.Slice(5, BinaryPrimitives.ReadInt32LittleEndian(at[1..]))),
            Integer16 => new Element(BinaryPrimitives.ReadInt16LittleEndian(at[1..])),
            Integer24 => new Element(at[1] | (BinaryPrimitives.ReadInt16LittleEndian(at[2..]) << 8)),
            Integer32 => new Element(BinaryPrimitives.ReadInt32LittleEndian(at[1..])),
            Integer64 => new Element(BinaryPrimitives.ReadInt64LittleEndian(at[1..])),
            _ => throw new InvalidDataException("There is no such listpack encoding."),
        };
    }
}
