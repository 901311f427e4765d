using System.Buffers;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>The four codecs, in the frames of Kafka's clients.</summary>
public sealed class CompressionTests
{
    public static TheoryData<string> Codecs => ["Gzip", "Snappy", "Lz4", "Zstd"];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Records_come_back_as_they_went_in(string codec)
    {
        foreach (var size in (int[])[1, 100, 70_000, 2_000_000])
        {
            var bytes = Compressible(size);
            using var unpacked = Compression.Unpack(Codec(codec), Pack(codec, bytes));
            Assert.True(unpacked.Span.SequenceEqual(bytes), $"{size} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_compressed_batch_is_smaller_and_reads_the_same(string codec)
    {
        var builder = new RecordBatchBuilder { Compression = Codec(codec) };
        var batch = Batch.Keyed(builder, 5, [.. Enumerable.Range(0, 200).Select(i => $"key{i}=the same value again and again")]);
        Assert.True(batch.Length < builder.SizeBytes / 2);
        Assert.True(RecordBatch.TryRead(batch, out var view));
        Assert.Equal((Codec(codec), 200, 199), (view.Compression, view.Count, view.LastOffsetDelta));
        Assert.Equal("199:key199=the same value again and again", Batch.Read(batch)[^1]);
    }

    [Fact]
    public void Snappy_is_read_raw_too()
    {
        var bytes = Compressible(5_000);
        using var unpacked = Compression.Unpack(CompressionType.Snappy, Snappier.Snappy.CompressToArray(bytes));
        Assert.True(unpacked.Span.SequenceEqual(bytes));
    }

    [Fact]
    public void Snappy_is_written_as_the_Java_client_does()
    {
        var packed = Pack("Snappy", Compressible(40_000));
        Assert.Equal("82534E415050590000000001" + "00000001", Convert.ToHexString(packed.AsSpan(0, 16)));
        var first = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(packed.AsSpan(16));
        Assert.Equal(32 << 10, Snappier.Snappy.GetUncompressedLength(packed.AsSpan(20, first)));
    }

    /// <summary>Kafka's own reader takes no blocks that depend on each other, and no other version.</summary>
    [Fact]
    public void Lz4_is_written_as_Kafka_can_read_it()
    {
        var packed = Pack("Lz4", Compressible(200_000));
        Assert.Equal("04224D18", Convert.ToHexString(packed.AsSpan(0, 4)));
        Assert.Equal(0x40, packed[4] & 0xC0); // version 1
        Assert.Equal(0x20, packed[4] & 0x20); // blocks stand alone
        Assert.Equal(0, packed[4] & 0x09);    // no content size, no dictionary
        Assert.Equal(0x40, packed[5]);        // blocks of 64 KiB
    }

    /// <summary>What liblz4 1.9.4 (with all its checksums and the content's size), libzstd 1.5.4 and zlib wrote.</summary>
    [Theory]
    [InlineData("Lz4", "04224d187c40d8000000000000000a0d0000003f6162630300bd506263616263d6e7a3620000000078df4907")]
    [InlineData("Zstd", "28b52ffd20d855000018616263010052293704")]
    [InlineData("Gzip", "1f8b08000000000002034b4c4a4e1c8e08001c2f0bf2d8000000")]
    public void What_others_packed_is_read(string codec, string hex)
    {
        using var unpacked = Compression.Unpack(Codec(codec), Convert.FromHexString(hex));
        Assert.Equal(string.Concat(Enumerable.Repeat("abc", 72)), Encoding.ASCII.GetString(unpacked.Span));
    }

    [Fact]
    public void What_unpacks_without_end_is_refused()
    {
        var zeros = new byte[Compression.UnpackedBytesMax + (1 << 20)];
        foreach (var codec in Codecs.Select(c => c.Data))
            Assert.Throws<CorruptRecordException>(() => Compression.Unpack(Codec(codec), Pack(codec, zeros)));
        // Raw snappy says so in its first bytes, and need not bring the rest.
        Assert.Throws<CorruptRecordException>(() => Compression.Unpack(CompressionType.Snappy, [0xff, 0xff, 0xff, 0xff, 0x0f, 0]));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Broken_input_is_refused_and_nothing_else_happens(string codec)
    {
        var random = new RandomStream(7);
        var packed = Pack(codec, Compressible(3_000));
        var refused = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var broken = packed.AsSpan(0, random.Chance(0.3) ? random.Next(packed.Length) : packed.Length).ToArray();
            for (var flips = random.Next(4); flips > 0 && broken.Length > 0; flips--)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            try
            {
                Compression.Unpack(Codec(codec), broken).Dispose();
            }
            catch (CorruptRecordException)
            {
                refused++;
            }
        }
        Assert.True(refused > 500, $"{refused}");
    }

    [Fact]
    public void An_unknown_codec_is_refused() =>
        Assert.Throws<CorruptRecordException>(() => Compression.Unpack((CompressionType)5, [1, 2, 3]));

    private static CompressionType Codec(string name) => Enum.Parse<CompressionType>(name);

    private static byte[] Pack(string codec, ReadOnlySpan<byte> bytes)
    {
        var packed = new ArrayBufferWriter<byte>();
        Compression.Pack(Codec(codec), bytes, packed);
        return packed.WrittenSpan.ToArray();
    }

    private static byte[] Compressible(int size)
    {
        var random = new RandomStream((ulong)size + 1);
        var bytes = new byte[size];
        for (var i = 0; i < size; i++)
            bytes[i] = random.Chance(0.1) ? (byte)random.Next(256) : (byte)(i / 7 % 5);
        return bytes;
    }
}
