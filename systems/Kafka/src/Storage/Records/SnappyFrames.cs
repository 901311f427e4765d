using System.Buffers;
using System.Buffers.Binary;
using Snappier;

namespace Microcosm.Kafka;

/// <summary>
/// Snappy as Kafka has it: clients of the Java library write xerial's stream (a header of 16 bytes, then blocks with their length before
/// them), others write one raw block; both are read, xerial's is written.
/// </summary>
internal static class SnappyFrames
{
    private const int HeaderBytes = 16;
    private const int BlockBytes = 32 << 10;

    // Magic, version 1, compatible with version 1.
    private static ReadOnlySpan<byte> Header => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0,
        0, 0, 1];

    public static void Unpack(ReadOnlySpan<byte> packed, PooledBytes unpacked)
    {
        if (!packed.StartsWith(Header[..8]))
        {
            UnpackBlock(packed, unpacked);
            return;
        }
        if (packed.Length < HeaderBytes)
            throw new CorruptRecordException("snappy: cut off in its header");
        for (packed = packed[HeaderBytes..]; !packed.IsEmpty;)
        {
            var length = packed.Length >= 4 ? BinaryPrimitives.ReadInt32BigEndian(packed) : -1;
            if (length < 0 || length > packed.Length - 4)
                throw new CorruptRecordException("snappy: a block is cut off");
            UnpackBlock(packed.Slice(4, length), unpacked);
            packed = packed[(4 + length)..];
        }
    }

    public static void Pack(ReadOnlySpan<byte> bytes, IBufferWriter<byte> packed)
    {
        packed.Write(Header);
        while (!bytes.IsEmpty)
        {
            var block = bytes[..Math.Min(bytes.Length, BlockBytes)];
            var span = packed.GetSpan(4 + Snappy.GetMaxCompressedLength(block.Length));
            var count = Snappy.Compress(block, span[4..]);
            BinaryPrimitives.WriteInt32BigEndian(span, count);
            packed.Advance(4 + count);
            bytes = bytes[block.Length..];
        }
    }

    private static void UnpackBlock(ReadOnlySpan<byte> block, PooledBytes unpacked)
    {
        var length = Snappy.GetUncompressedLength(block);
        if (length < 0 || length > Compression.UnpackedBytesMax - unpacked.Span.Length)
            throw new CorruptRecordException($"snappy: a block says that it unpacks to {length} bytes");
        if (length == 0)
            return;
        unpacked.Advance(Snappy.Decompress(block, unpacked.GetSpan(length)));
    }
}
