using System.Buffers;
using System.IO.Compression;
using K4os.Compression.LZ4.Streams;

namespace Microcosm.Kafka;

/// <summary>The four codecs, each in the frame that Kafka's clients use.</summary>
internal static class Compression
{
    /// <summary>The most that one batch may unpack to.</summary>
    public const int UnpackedBytesMax = 128 << 20;

    // Kafka's reader of lz4 takes blocks that stand alone only, and no dictionaries (KafkaLZ4BlockInputStream).
    private static readonly LZ4EncoderSettings Lz4Settings = new() { ChainBlocks = false, BlockSize = 64 << 10 };

    /// <summary>Unpacks; throws <see cref="CorruptRecordException"/> for what no codec made. The caller disposes the result.</summary>
    public static PooledBytes Unpack(CompressionType type, ReadOnlySpan<byte> packed)
    {
        var unpacked = new PooledBytes(Math.Max(256, packed.Length > UnpackedBytesMax / 4 ? UnpackedBytesMax : packed.Length * 4),
            UnpackedBytesMax);
        try
        {
            switch (type)
            {
                case CompressionType.Gzip:
                    UnpackGzip(packed, unpacked);
                    break;
                case CompressionType.Snappy:
                    SnappyFrames.Unpack(packed, unpacked);
                    break;
                case CompressionType.Lz4:
                    LZ4Frame.Decode(packed, unpacked);
                    break;
                case CompressionType.Zstd:
                    UnpackZstd(packed, unpacked);
                    break;
                default:
                    throw new CorruptRecordException($"Unknown compression type id: {(int)type}");
            }
            return unpacked;
        }
        catch (Exception e)
        {
            unpacked.Dispose();
            // The codecs throw what they like at broken input.
            throw e as CorruptRecordException ?? new CorruptRecordException($"{type}: {e.Message}", e);
        }
    }

    /// <summary>Packs. <paramref name="level"/> is the codec's own; null its usual one.</summary>
    public static void Pack(CompressionType type, ReadOnlySpan<byte> bytes, IBufferWriter<byte> packed, int? level = null)
    {
        switch (type)
        {
            case CompressionType.None:
                packed.Write(bytes);
                break;
            case CompressionType.Gzip:
                PackGzip(bytes, packed, level);
                break;
            case CompressionType.Snappy:
                SnappyFrames.Pack(bytes, packed);
                break;
            case CompressionType.Lz4:
                LZ4Frame.Encode(bytes, packed, Lz4Settings);
                break;
            case CompressionType.Zstd:
                using (var compressor = new ZstdSharp.Compressor(level ?? 3))
                    packed.Write(compressor.Wrap(bytes));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "no such codec");
        }
    }

    private static unsafe void UnpackGzip(ReadOnlySpan<byte> packed, PooledBytes unpacked)
    {
        if (packed.Length < 18)
            throw new CorruptRecordException("gzip: cut off");
        fixed (byte* first = packed)
        {
            using var source = new UnmanagedMemoryStream(first, packed.Length);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            while (gzip.Read(unpacked.GetSpan(4096)) is > 0 and var count)
                unpacked.Advance(count);
        }
    }

    private static void PackGzip(ReadOnlySpan<byte> bytes, IBufferWriter<byte> packed, int? level)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, new ZLibCompressionOptions { CompressionLevel = level ?? -1 }, leaveOpen: true))
            gzip.Write(bytes);
        packed.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private static void UnpackZstd(ReadOnlySpan<byte> packed, PooledBytes unpacked)
    {
        using var decompressor = new ZstdSharp.Decompressor();
        while (true)
        {
            var status = decompressor.UnwrapStream(packed, unpacked.GetSpan(4096), out var consumed, out var written);
            unpacked.Advance(written);
            packed = packed[consumed..];
            if (status == OperationStatus.Done && packed.IsEmpty)
                return;
            if (status == OperationStatus.InvalidData || (consumed == 0 && written == 0) || (packed.IsEmpty && status
                == OperationStatus.NeedMoreData && written == 0))
                throw new CorruptRecordException("zstd: cut off or broken");
        }
    }
}
