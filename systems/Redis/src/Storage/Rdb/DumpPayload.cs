using System.Buffers.Binary;

namespace Microcosm.Redis;

/// <summary>What DUMP answers and RESTORE takes: type, value, RDB version (2 bytes), CRC-64 of all before (8 bytes),
/// little-endian.</summary>
internal static class DumpPayload
{
    private const int FootBytes = 10;

    public static byte[] Make(Entry entry, bool compress)
    {
        var writer = new RdbWriter(compress);
        writer.Byte(RdbWriter.TypeOf(entry));
        writer.Value(entry);
        writer.Raw([RdbFormat.Version, 0]);
        writer.Int64((long)Crc64.Continue(0, writer.Written));
        return writer.Written.ToArray();
    }

    /// <summary>True if the foot is of a version that we read and the checksum is right.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> payload) =>
        payload.Length >= FootBytes
        && BinaryPrimitives.ReadUInt16LittleEndian(payload[^FootBytes..]) <= RdbFormat.Version
        && BinaryPrimitives.ReadUInt64LittleEndian(payload[^8..]) == Crc64.Continue(0, payload[..^8]);

    /// <summary>The value of a payload that <see cref="IsWhole"/>. Throws <see cref="InvalidDataException"/>.</summary>
    public static RedisObject Read(ReadOnlySpan<byte> payload, EncodingLimits limits)
    {
        var reader = new RdbReader(payload[..^FootBytes]);
        return RdbValues.Read(ref reader, reader.Byte(), limits);
    }
}
