using System.Buffers.Binary;

namespace Microcosm.Redis;

/// <summary>Ziplists (Redis 2.0 to 6.2) and zipmaps (before 2.6), turned into listpacks.</summary>
internal static class OldFormats
{
    private const int ZiplistHeadBytes = 10;

    /// <summary>Bytes in all (4), offset of the last entry (4), number (2), entries, 0xff. Throws <see
    /// cref="InvalidDataException"/>.</summary>
    public static Listpack FromZiplist(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < ZiplistHeadBytes + 1 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != bytes.Length || bytes[^1] != 0xff)
            throw Damaged("Ziplist");
        var packed = new Listpack();
        var entries = new RdbReader(bytes[ZiplistHeadBytes..^1]);
        while (!entries.IsAtEnd)
        {
            // The length of the entry before: one byte, or 254 and four.
            if (entries.Byte() >= 254)
                entries.Int32();
            Append(packed, ref entries);
        }
        return packed;
    }

    /// <summary>Number (1), then length and field, length, slack, value and slack, 0xff. Throws <see
    /// cref="InvalidDataException"/>.</summary>
    public static Listpack FromZipmap(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || bytes[^1] != 0xff)
            throw Damaged("Zipmap");
        var packed = new Listpack();
        var entries = new RdbReader(bytes[1..^1]);
        while (!entries.IsAtEnd)
        {
            packed.Append(entries.Take(ZipmapLength(ref entries)));
            var length = ZipmapLength(ref entries);
            var slack = entries.Byte();
            packed.Append(entries.Take(length));
            entries.Take(slack);
        }
        return packed;
    }

    private static void Append(Listpack packed, ref RdbReader entries)
    {
        var kind = entries.Byte();
        switch (kind)
        {
            case < 0x40:
                packed.Append(entries.Take(kind));
                break;
            case < 0x80:
                packed.Append(entries.Take(((kind & 0x3f) << 8) | entries.Byte()));
                break;
            case < 0xc0:
                packed.Append(entries.Take(BinaryPrimitives.ReadUInt32BigEndian(entries.Take(4))));
                break;
            case 0xc0:
                packed.Append((long)BinaryPrimitives.ReadInt16LittleEndian(entries.Take(2)));
                break;
            case 0xd0:
                packed.Append((long)entries.Int32());
                break;
            case 0xe0:
                packed.Append(entries.Int64());
                break;
            case 0xf0:
                var three = entries.Take(3);
                packed.Append((long)(three[0] | (three[1] << 8) | ((sbyte)three[2] << 16)));
                break;
            case 0xfe:
                packed.Append((long)(sbyte)entries.Byte());
                break;
            case >= 0xf1 and <= 0xfd:
                packed.Append((long)((kind & 0x0f) - 1));
                break;
            default:
                throw Damaged("Ziplist");
        }
    }

    private static long ZipmapLength(ref RdbReader entries)
    {
        var first = entries.Byte();
        return first < 254 ? first : first == 254 ? (uint)entries.Int32() : throw Damaged("Zipmap");
    }

    private static InvalidDataException Damaged(string what) => new($"{what} integrity check failed.");
}
