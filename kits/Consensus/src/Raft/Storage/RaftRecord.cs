using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Microcosm.Consensus;

/// <summary>
/// Records of a member's log file: length of the payload (u32), CRC-32C of it (u32), payload. A payload begins with version and kind;
/// numbers are i64, little-endian.
/// </summary>
internal static class RaftRecord
{
    public const byte Entry = 1;
    public const byte Hard = 2;

    /// <summary>The log begins behind an index and term.</summary>
    public const byte Base = 3;

    private const byte Version = 1;
    private const int HeaderBytes = 8;
    private const int NumbersBytes = 2 + 3 * 8;

    public static void Put(IBufferWriter<byte> output, byte kind, long first, long second, long third, ReadOnlySpan<byte> data = default)
    {
        var length = NumbersBytes + data.Length;
        var span = output.GetSpan(HeaderBytes + length)[..(HeaderBytes + length)];
        var payload = span[HeaderBytes..];
        payload[0] = Version;
        payload[1] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(payload[2..], first);
        BinaryPrimitives.WriteInt64LittleEndian(payload[10..], second);
        BinaryPrimitives.WriteInt64LittleEndian(payload[18..], third);
        data.CopyTo(payload[NumbersBytes..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Checksum(payload));
        output.Advance(span.Length);
    }

    public static void Put(IBufferWriter<byte> output, RaftEntry entry) =>
        Put(output, Entry, entry.Index, entry.Term, (long)entry.Kind, entry.Data.Span);

    /// <summary>Reads the record at the front. False at the end, and where a write was torn.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> bytes, out byte kind, scoped Span<long> numbers, out byte[] data)
    {
        (kind, data) = (0, []);
        if (bytes.Length < HeaderBytes)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length < NumbersBytes || length > bytes.Length - HeaderBytes)
            return false;
        var payload = bytes.Slice(HeaderBytes, length);
        if (Checksum(payload) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) || payload[0] != Version)
            return false;
        kind = payload[1];
        for (var i = 0; i < 3; i++)
            numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(payload[(2 + 8 * i)..]);
        data = payload[NumbersBytes..].ToArray();
        bytes = bytes[(HeaderBytes + length)..];
        return true;
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xffffffffu;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
