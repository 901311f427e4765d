using System.Buffers.Binary;
using System.Text;

namespace Microcosm.Specimen;

/// <summary>
/// A change as a record of the log. Format, little-endian: version (1), whether there is a value (1), bytes of the key (4), key, value;
/// text is UTF-8. The log has the checksum.
/// </summary>
internal static class ChangeCodec
{
    private const byte Version = 1;
    private const int HeaderBytes = 6;

    public static byte[] Encode(Change change)
    {
        var (key, value) = (Encoding.UTF8.GetBytes(change.Key), Encoding.UTF8.GetBytes(change.Value ?? ""));
        var record = new byte[HeaderBytes + key.Length + value.Length];
        record[0] = Version;
        record[1] = change.Value is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(2), key.Length);
        key.CopyTo(record, HeaderBytes);
        value.CopyTo(record, HeaderBytes + key.Length);
        return record;
    }

    /// <summary>Throws <see cref="InvalidDataException"/> for what no version of this server wrote.</summary>
    public static Change Decode(ReadOnlySpan<byte> record)
    {
        if (record.Length < HeaderBytes || record[0] != Version)
            throw new InvalidDataException("A record of an unknown version: it was written by a newer server.");
        var keyBytes = BinaryPrimitives.ReadInt32LittleEndian(record[2..]);
        if (keyBytes < 0 || keyBytes > record.Length - HeaderBytes)
            throw new InvalidDataException("A record that is shorter than its key.");
        var key = Encoding.UTF8.GetString(record.Slice(HeaderBytes, keyBytes));
        return new Change(key, record[1] == 0 ? null : Encoding.UTF8.GetString(record[(HeaderBytes + keyBytes)..]));
    }
}
