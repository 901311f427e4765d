namespace Microcosm.Kafka.Tests.Storage;

/// <summary>What a leader refuses of a producer, with Kafka's own errors.</summary>
public sealed class ValidationTests
{
    [Fact]
    public async Task A_batch_over_the_limit_is_too_large()
    {
        var test = await TestLog.OpenAsync(new LogSettings { MaxMessageBytes = 100 });
        Assert.Equal(KafkaError.MessageTooLarge, test.Append(Batch.Of(new string('x', 100))).Error);
        Assert.Equal(KafkaError.None, test.Append(Batch.Of("x")).Error);
        test.Log.UpdateSettings(new LogSettings { SegmentBytes = 100 });
        Assert.Equal(KafkaError.RecordListTooLarge, test.Append(Batch.Of(new string('x', 100))).Error);
        Assert.Equal(1, test.Log.LogEndOffset);
    }

    [Fact]
    public async Task Damage_is_seen_by_the_checksum()
    {
        var test = await TestLog.OpenAsync();
        var batch = Batch.Of("abc");
        for (var i = 21; i < batch.Length; i++)
        {
            var broken = (byte[])batch.Clone();
            broken[i] ^= 0x10;
            Assert.Equal(KafkaError.CorruptMessage, test.Append(broken).Error);
        }
        Assert.Equal(0, test.Log.LogEndOffset);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Older_formats_are_refused(byte magic)
    {
        var test = await TestLog.OpenAsync();
        var batch = Batch.Of("abc");
        batch[16] = magic;
        Assert.Equal(KafkaError.UnsupportedForMessageFormat, test.Append(batch).Error);
    }

    [Fact]
    public async Task There_is_exactly_one_batch_from_offset_0()
    {
        var test = await TestLog.OpenAsync();
        Assert.Equal(KafkaError.InvalidRecord, test.Append([]).Error);
        Assert.Equal(KafkaError.InvalidRecord, test.Append(Batch.Of("abc")[..70]).Error);
        Assert.Equal(KafkaError.InvalidRecord, test.Append([.. Batch.Of("a"), .. Batch.Of("b")]).Error);
        Assert.Equal(KafkaError.InvalidRecord, test.Append(Batch.At(1, 0, Batch.Of("a"))).Error);
        Assert.Equal(KafkaError.CorruptMessage, test.Append(WithField(Batch.Of("a"), 8, 20, sum: false)).Error);
        // Behind the batch a cut-off one may lie, which is left out.
        Assert.Equal(KafkaError.None, test.Append([.. Batch.Of("a"), .. Batch.Of("b")[..30]]).Error);
        Assert.Equal(["0:a"], test.Records());
    }

    [Fact]
    public async Task The_header_must_be_that_of_its_records()
    {
        var test = await TestLog.OpenAsync();
        var batch = Batch.Of("a", "b");
        Assert.Equal(KafkaError.InvalidRecord, test.Append(WithField(batch, 57, 3)).Error); // count
        Assert.Equal(KafkaError.InvalidRecord, test.Append(WithField(WithField(batch, 57, 1), 23, 0)).Error); // one of two
        Assert.Equal(KafkaError.InvalidRecord, test.Append(WithField(WithField(batch, 57, 3), 23, 2)).Error); // three of two
        Assert.Equal(KafkaError.InvalidRecord, test.Append(WithField(batch, 57, 0)).Error);
        Assert.Equal(KafkaError.InvalidRecord, test.Append(WithField(batch, 23, -1)).Error);
        var control = new RecordBatchBuilder { IsControl = true };
        Assert.Equal(KafkaError.InvalidRecord, test.Append(Batch.Keyed(control, 1, "a=b")).Error);
        Assert.Equal(KafkaError.InvalidRecord, test.Append(Batch.Produced(1, 0, -1)).Error);
        var gzip = Batch.Keyed(new RecordBatchBuilder { Compression = CompressionType.Gzip }, 1, "a=b");
        gzip[^6] ^= 1; // its own checksum
        RecordBatch.SetCrc(gzip);
        Assert.Equal(KafkaError.InvalidRecord, test.Append(gzip).Error);
        Assert.Equal(0, test.Log.LogEndOffset);
    }

    [Fact]
    public async Task A_compacted_topic_wants_keys()
    {
        var test = await TestLog.OpenAsync(new LogSettings { IsCompacted = true });
        var builder = new RecordBatchBuilder();
        builder.Add(1, [1], [1]);
        builder.Add(1, null, [1]);
        var info = test.Append(builder.Build());
        Assert.Equal(KafkaError.InvalidRecord, info.Error);
        Assert.Equal([new RecordError(1, "Compacted topic cannot accept message without key in topic partition t-0")], info.RecordErrors);
        Assert.Equal(KafkaError.None, test.Append(Batch.Keyed(1, "k")).Error);
    }

    [Fact]
    public async Task Timestamps_must_not_be_too_far_off()
    {
        var test = await TestLog.OpenAsync(new LogSettings { MessageTimestampBeforeMaxMs = 100, MessageTimestampAfterMaxMs = 10 });
        Assert.Equal(KafkaError.InvalidTimestamp, test.Append(Batch.Of(test.NowMs - 101, "a")).Error);
        Assert.Equal(KafkaError.InvalidTimestamp, test.Append(Batch.Of(test.NowMs + 11, "a")).Error);
        Assert.Equal(KafkaError.None, test.Append(Batch.Of(test.NowMs - 100, "a")).Error);
        Assert.Equal(KafkaError.None, test.Append(Batch.Of(test.NowMs + 10, "a")).Error);
        Assert.Equal(KafkaError.None, test.Append(Batch.Of(-1, "a")).Error);
        var appendTime = new RecordBatchBuilder { LogAppendTimeMs = test.NowMs };
        Assert.Equal(KafkaError.InvalidTimestamp, test.Append(Batch.Keyed(appendTime, test.NowMs, "a")).Error);
    }

    [Fact]
    public async Task The_time_of_append_is_the_leaders()
    {
        var test = await TestLog.OpenAsync(new LogSettings { MessageTimestampType = TimestampType.LogAppendTime });
        var info = test.Append(Batch.Of(5, "a"));
        Assert.Equal((KafkaError.None, test.NowMs), (info.Error, info.LogAppendTimeMs));
        var read = test.Log.Read(0, 1000, 9, true).Records;
        Assert.True(RecordBatch.TryRead(read.Span, out var batch) && batch.CheckCrc());
        Assert.Equal((TimestampType.LogAppendTime, test.NowMs), (batch.TimestampType, batch.MaxTimestamp));
        Assert.Equal((0L, test.NowMs, 0), test.Log.OffsetForTimestamp(6));
    }

    [Fact]
    public async Task A_false_maximum_timestamp_is_put_right()
    {
        var test = await TestLog.OpenAsync();
        var batch = Batch.Of(5, "a");
        RecordBatch.SetMaxTimestamp(batch, TimestampType.CreateTime, 1L << 60);
        test.Put(batch);
        Assert.True(RecordBatch.TryRead(test.Log.Read(0, 1000, 9, true).Records.Span, out var kept) && kept.CheckCrc());
        Assert.Equal(5, kept.MaxTimestamp);
        Assert.Equal((0L, 5L, 0), test.Log.OffsetForMaxTimestamp());
    }

    [Fact]
    public async Task The_topics_own_codec_is_put_on()
    {
        var test = await TestLog.OpenAsync(new LogSettings { CompressionType = CompressionType.Zstd });
        test.Put(Batch.Keyed(new RecordBatchBuilder { Compression = CompressionType.Gzip, ProducerId = 3, ProducerEpoch = 1,
            BaseSequence = 0 }, 5, "a=1", "b=2"));
        test.Put(Batch.Of("c"));
        Assert.Equal(["0:a=1", "1:b=2", "2:c"], test.Records());
        Assert.True(RecordBatch.TryRead(test.Log.Read(0, 1000, 9, true).Records.Span, out var batch));
        Assert.Equal((CompressionType.Zstd, 3L, 1), (batch.Compression, batch.ProducerId, batch.LastSequence));
        test.Log.UpdateSettings(new LogSettings { CompressionType = CompressionType.None });
        test.Put(Batch.Keyed(new RecordBatchBuilder { Compression = CompressionType.Lz4 }, 5, "d=4"));
        Assert.Equal("3:d=4", test.Records(3)[0]);
    }

    [Fact]
    public async Task Offsets_inside_a_batch_are_put_in_a_row()
    {
        var test = await TestLog.OpenAsync();
        var builder = new RecordBatchBuilder();
        builder.Add(1, null, [(byte)'a']);
        Assert.True(RecordBatch.TryRead(Batch.At(5, 0, Batch.Of("b")), out var other));
        using (var reader = RecordReader.Open(other))
        {
            Assert.True(reader.TryRead(out var record));
            builder.Add(record, keepsOffset: true);
        }
        // Two records, with deltas 0 and 5; the header says 0 to 1.
        test.Put(builder.Build(lastOffsetDelta: 1));
        Assert.Equal(["0:a", "1:b"], test.Records());
    }

    [Fact]
    public async Task A_follower_takes_what_continues_its_log()
    {
        var test = await TestLog.OpenAsync();
        byte[] two = [.. Batch.At(0, 1, Batch.Of("a", "b")), .. Batch.At(2, 2, Batch.Of("c"))];
        Assert.Equal(KafkaError.None, test.Log.AppendAsFollower((byte[])[.. two, .. two[..20]]));
        Assert.Equal((3L, 2), (test.Log.LogEndOffset, test.Log.LatestEpoch));
        Assert.Equal(KafkaError.OffsetOutOfRange, test.Log.AppendAsFollower(Batch.At(2, 2, Batch.Of("x"))));
        // Its leader's log was cleaned.
        Assert.Equal(KafkaError.None, test.Log.AppendAsFollower(Batch.At(10, 2, Batch.Of("d"))));
        Assert.Equal(["0:a", "1:b", "2:c", "10:d"], test.Records());
        Assert.Equal(["10:d"], test.Records(5));
        var broken = Batch.At(11, 2, Batch.Of("e"));
        broken[^1] ^= 1;
        Assert.Equal(KafkaError.CorruptMessage, test.Log.AppendAsFollower(broken));
        Assert.Equal(11, test.Log.LogEndOffset);
    }

    private static byte[] WithField(byte[] batch, int at, int value, bool sum = true)
    {
        var copy = (byte[])batch.Clone();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(at), value);
        if (sum)
            RecordBatch.SetCrc(copy);
        return copy;
    }
}
