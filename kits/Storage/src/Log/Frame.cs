using System.Buffers.Binary;

namespace Microcosm.Storage;

/// <summary>
/// What follows a segment's header, one after the other, little-endian: checksum (4), kind (2 bits) and length (30 bits), payload. A
/// record's payload is the caller's. A mark's is two numbers: all records below the first had been synced when the mark was written;
/// the second is the next record's sequence number. The checksum covers the segment's identity, the frame's offset and sequence number,
/// its kind and length, and the payload, so bytes of another segment or place never pass. Zeros are no frame.
/// </summary>
internal static class Frame
{
    public const int HeaderBytes = 8;
    public const int MarkBytes = HeaderBytes + 16;

    private const uint Record = 1u << 30;
    private const uint Mark = 2u << 30;
    private const uint Kind = 3u << 30;

    /// <summary>How a mark's second word looks, to find one among bytes that make no sense.</summary>
    public static ReadOnlySpan<byte> MarkWord => [MarkBytes - HeaderBytes, 0, 0, 0x80];

    /// <summary>The running checksum after a segment's identity.</summary>
    public static uint SaltOf(ulong id) => Crc32C.Add(~0u, id);

    /// <summary>Writes kind and length of a record; <see cref="Seal"/> follows when its place is known.</summary>
    public static void WriteLength(Span<byte> frame, int length) =>
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Record | (uint)length);

    /// <summary>Writes the checksum.</summary>
    public static void Seal(Span<byte> frame, uint salt, long offset, long sequence) =>
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Checksum(frame, salt, offset, sequence));

    /// <summary>Writes a whole mark.</summary>
    public static void WriteMark(Span<byte> frame, uint salt, long offset, long sequence, long durableNext)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Mark | (MarkBytes - HeaderBytes));
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], durableNext);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], sequence);
        Seal(frame[..MarkBytes], salt, offset, sequence);
    }

    /// <summary>Reads kind and length; false if this is no frame's header.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out int length, out bool isMark)
    {
        var word = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        length = (int)(word & ~Kind);
        isMark = (word & Kind) == Mark;
        return isMark ? length == MarkBytes - HeaderBytes : (word & Kind) == Record;
    }

    /// <summary>True if the whole frame is what was written at this place.</summary>
    public static bool IsSound(ReadOnlySpan<byte> frame, uint salt, long offset, long sequence) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame) == Checksum(frame, salt, offset, sequence);

    /// <summary>A mark's claim: records below were synced.</summary>
    public static long DurableNextOf(ReadOnlySpan<byte> mark) => BinaryPrimitives.ReadInt64LittleEndian(mark[8..]);

    /// <summary>A mark's own place in the order of records.</summary>
    public static long SequenceOf(ReadOnlySpan<byte> mark) => BinaryPrimitives.ReadInt64LittleEndian(mark[16..]);

    private static uint Checksum(ReadOnlySpan<byte> frame, uint salt, long offset, long sequence)
    {
        var crc = Crc32C.Add(Crc32C.Add(salt, (ulong)offset), (ulong)sequence);
        return ~Crc32C.Add(crc, frame[4..]);
    }
}
