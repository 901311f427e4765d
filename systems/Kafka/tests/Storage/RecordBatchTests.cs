using System.Text;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>The format of a batch, against bytes that were put together by hand from KIP-98.</summary>
public sealed class RecordBatchTests
{
    // Records "k"="v" at time 1000 with header "h"="x", and a tombstone of "q" at 1001.
    private static readonly byte[] Golden = Convert.FromHexString(string.Concat(
        "0000000000000007", // base offset 7
        "00000046",         // 70 bytes follow: 49 of header, 13 and 8 of records
        "00000003",         // leader epoch 3
        "02",               // magic
        "00000000",         // CRC, put in below
        "0010",             // attributes: transactional
        "00000001",         // last offset delta
        "00000000000003e8", // base timestamp
        "00000000000003e9", // maximum timestamp
        "0000000000000009", // producer id
        "0002",             // producer epoch
        "00000005",         // base sequence
        "00000002",         // count
        "18", "00", "00", "00", "02", "6b", "02", "76", "02", "02", "68", "02", "78", // 12 bytes: k=v, one header h=x
        "0e", "00", "02", "02", "02", "71", "01", "00"));                              // 7 bytes: q, no value, no header

    [Fact]
    public void A_batch_is_read_field_by_field()
    {
        var bytes = GoldenBatch();
        Assert.True(RecordBatch.TryRead(bytes, out var batch));
        Assert.Equal((7L, 8L, 9L), (batch.BaseOffset, batch.LastOffset, batch.NextOffset));
        Assert.Equal((bytes.Length, 3, (byte)2), (batch.SizeBytes, batch.LeaderEpoch, batch.Magic));
        Assert.Equal((1000L, 1001L), (batch.BaseTimestamp, batch.MaxTimestamp));
        Assert.Equal((9L, (short)2, 5, 6), (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence));
        Assert.Equal((2, true, false), (batch.Count, batch.IsTransactional, batch.IsControl));
        Assert.Equal((CompressionType.None, TimestampType.CreateTime), (batch.Compression, batch.TimestampType));
        Assert.True(batch.CheckCrc());
        Assert.Equal(["7:k=v", "8:q"], Batch.Read(bytes));
    }

    [Fact]
    public void A_batch_is_built_to_the_byte()
    {
        var builder = new RecordBatchBuilder
        {
            BaseOffset = 7, LeaderEpoch = 3, ProducerId = 9, ProducerEpoch = 2, BaseSequence = 5, IsTransactional = true,
        };
        builder.Add(1000, "k"u8.ToArray(), "v"u8.ToArray(), [new RecordHeader("h", "x"u8.ToArray())]);
        builder.Add(1001, "q"u8.ToArray(), null);
        Assert.Equal(Convert.ToHexString(GoldenBatch()), Convert.ToHexString(builder.Build()));
    }

    [Fact]
    public void The_checksum_covers_neither_offset_nor_epoch_and_everything_behind_it()
    {
        var bytes = GoldenBatch();
        RecordBatch.SetBaseOffset(bytes, 1L << 40);
        RecordBatch.SetLeaderEpoch(bytes, 77);
        Assert.True(RecordBatch.TryRead(bytes, out var batch) && batch.CheckCrc());
        for (var i = 21; i < bytes.Length; i++)
        {
            var broken = (byte[])bytes.Clone();
            broken[i] ^= 1;
            Assert.True(RecordBatch.TryRead(broken, out batch) && !batch.CheckCrc(), $"byte {i}");
        }
    }

    [Fact]
    public void A_time_of_append_replaces_those_of_the_records()
    {
        var bytes = GoldenBatch();
        RecordBatch.SetMaxTimestamp(bytes, TimestampType.LogAppendTime, 5_000);
        Assert.True(RecordBatch.TryRead(bytes, out var batch) && batch.CheckCrc());
        Assert.Equal((TimestampType.LogAppendTime, 5_000L), (batch.TimestampType, batch.MaxTimestamp));
        using var reader = RecordReader.Open(batch);
        Assert.True(reader.TryRead(out var record));
        Assert.Equal(5_000, record.Timestamp);
        Assert.Equal(["h"], record.ReadHeaders().Select(h => h.Key));
        Assert.Equal("x", Encoding.UTF8.GetString(record.ReadHeaders()[0].Value!));
    }

    [Fact]
    public void What_is_cut_off_is_no_batch()
    {
        var bytes = GoldenBatch();
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(RecordBatch.TryRead(bytes.AsSpan(0, length), out _), $"{length} bytes");
        bytes[16] = 1;
        Assert.False(RecordBatch.TryRead(bytes, out _));
    }

    [Fact]
    public void Sequence_numbers_go_on_at_zero()
    {
        Assert.Equal(0, RecordBatch.AddSequence(int.MaxValue, 1));
        Assert.Equal(2, RecordBatch.AddSequence(int.MaxValue - 1, 4));
        var wrapped = new ProducedBatch(LastSequence: 1, LastOffset: 50, OffsetDelta: 3, Timestamp: 0);
        Assert.Equal((int.MaxValue - 1, 47L), (wrapped.FirstSequence, wrapped.FirstOffset));
    }

    [Theory]
    [InlineData(0L, "00")]
    [InlineData(-1L, "01")]
    [InlineData(63L, "7e")]
    [InlineData(64L, "8001")]
    [InlineData(-65L, "8101")]
    [InlineData(int.MaxValue, "feffffff0f")]
    [InlineData(long.MinValue, "ffffffffffffffffff01")]
    public void Numbers_of_variable_length_are_zigzag(long value, string hex)
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        Varint.Write(writer, value);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.WrittenSpan));
        Assert.Equal(writer.WrittenCount, Varint.Size(value));
        var position = 0;
        Assert.Equal(value, Varint.ReadLong(writer.WrittenSpan, ref position));
        Assert.Equal(writer.WrittenCount, position);
        if (value is < int.MinValue or > int.MaxValue)
            return;
        position = 0;
        Assert.Equal((int)value, Varint.Read(writer.WrittenSpan, ref position));
    }

    [Fact]
    public void Broken_records_are_told_from_right_ones()
    {
        var random = new Microcosm.Runtime.RandomStream(1);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = GoldenBatch();
            bytes[57 + random.Next(bytes.Length - 57)] = (byte)random.Next(256);
            if (RecordBatch.TryRead(bytes, out var batch))
            {
                try
                {
                    using var reader = RecordReader.Open(batch);
                    while (reader.TryRead(out _))
                    {
                    }
                }
                catch (CorruptRecordException)
                {
                    refused++;
                }
            }
        }
        Assert.True(refused > 5_000, $"{refused}");
    }

    private static byte[] GoldenBatch()
    {
        var bytes = (byte[])Golden.Clone();
        RecordBatch.SetCrc(bytes);
        return bytes;
    }
}
