using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Appends, reads, segments and indexes.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Batches_get_offsets_and_epoch_and_are_read_back()
    {
        var test = await TestLog.OpenAsync();
        Assert.Equal(0, test.Put(Batch.Of("a", "b"), epoch: 4));
        Assert.Equal(2, test.Put(Batch.Of("c"), epoch: 4));
        Assert.Equal((0L, 3L, 4), (test.Log.LogStartOffset, test.Log.LogEndOffset, test.Log.LatestEpoch));
        Assert.Equal(["0:a", "1:b", "2:c"], test.Records());
        var second = test.Log.Read(1, 1 << 20, long.MaxValue, minOneBatch: true);
        Assert.Equal(["0:a", "1:b", "2:c"], Batch.Read(second.Records));
        Assert.Equal(3, second.NextOffset);
        Assert.True(RecordBatch.TryRead(second.Records.Span, out var batch));
        Assert.Equal(4, batch.LeaderEpoch);
    }

    [Fact]
    public async Task A_read_stops_at_its_bounds()
    {
        var test = await TestLog.OpenAsync();
        var size = Batch.Of("a").Length;
        for (var i = 0; i < 4; i++)
            test.Put(Batch.Of("a"));
        Assert.Equal(["0:a", "1:a"], Batch.Read(test.Log.Read(0, size * 2 + 10, long.MaxValue, true).Records));
        Assert.Equal(["0:a", "1:a"], Batch.Read(test.Log.Read(0, 1 << 20, 2, true).Records));
        Assert.Equal(["0:a"], Batch.Read(test.Log.Read(0, 1, long.MaxValue, minOneBatch: true).Records));
        Assert.Empty(Batch.Read(test.Log.Read(0, 1, long.MaxValue, minOneBatch: false).Records));
        Assert.Empty(Batch.Read(test.Log.Read(2, 1 << 20, 2, true).Records));
        Assert.Equal((KafkaError.None, 4L), (test.Log.Read(4, 100, long.MaxValue, true).Error, test.Log.Read(4, 100, 9, true).NextOffset));
        Assert.Equal(KafkaError.OffsetOutOfRange, test.Log.Read(5, 100, long.MaxValue, true).Error);
        Assert.Equal(KafkaError.OffsetOutOfRange, test.Log.Read(-1, 100, long.MaxValue, true).Error);
    }

    [Fact]
    public async Task Every_offset_is_found_by_the_index_in_every_segment()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 2_000, IndexIntervalBytes = 150 });
        for (var i = 0; i < 200; i++)
            test.Put(Batch.Of(i, $"{i}a", $"{i}b"));
        Assert.True(test.Log.SegmentCount > 5);
        Check(test.Log);
        await test.Log.SyncAsync();
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        Check(test.Log);

        static void Check(PartitionLog log)
        {
            for (var offset = 0; offset < 400; offset++)
            {
                var read = log.Read(offset, 1, long.MaxValue, minOneBatch: true);
                Assert.Equal($"{offset / 2 * 2}:{offset / 2}a", Batch.Read(read.Records)[0]);
            }
        }
    }

    [Fact]
    public async Task The_files_are_what_Kafka_would_have()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 300, IndexIntervalBytes = 0 });
        for (var i = 0; i < 5; i++)
            test.Put(Batch.Of(1_000 + i, "some value that is somewhat long"));
        await test.Log.SyncAsync();
        var names = test.Disk.List("t-0/");
        Assert.Contains("t-0/00000000000000000000.log", names);
        Assert.Contains("t-0/00000000000000000003.log", names);
        using var file = test.Disk.Open("t-0/00000000000000000003.log", DiskOpen.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        Assert.Equal(Batch.At(3, 0, Batch.Of(1_003, "some value that is somewhat long")), bytes[..(bytes.Length / 2)]);
        using var index = test.Disk.Open("t-0/00000000000000000000.index", DiskOpen.Existing);
        var entry = new byte[8];
        index.Read(0, entry);
        // The second batch: relative offset 1, at the end of the first.
        Assert.Equal($"00000001{bytes.Length / 2:x8}", Convert.ToHexStringLower(entry));
        using var times = test.Disk.Open("t-0/00000000000000000000.timeindex", DiskOpen.Existing);
        var last = new byte[12];
        times.Read(times.Length - 12, last);
        Assert.Equal($"{1_002:x16}00000002", Convert.ToHexStringLower(last));
    }

    [Fact]
    public async Task A_segment_ends_by_size_and_by_time()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentMs = 1_000 });
        test.Put(Batch.Of(5_000, "a"));
        test.Put(Batch.Of(6_000, "b"));
        Assert.Equal(1, test.Log.SegmentCount);
        test.Put(Batch.Of(6_001, "c"));
        Assert.Equal((2, 2L), (test.Log.SegmentCount, test.Log.ActiveSegmentBaseOffset));
        // Without timestamps the broker's clock counts.
        test.Put(Batch.Of(-1, "d"));
        Assert.Equal(2, test.Log.SegmentCount);
    }

    [Fact]
    public async Task Offsets_are_found_by_time()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 400, IndexIntervalBytes = 100 });
        long[] times = [10, 30, 20, 40, 40, 35, 70, 60, 80, 90];
        foreach (var time in times)
            test.Put(Batch.Of(time, $"at {time}"), epoch: 2);
        for (var time = 0L; time <= 91; time++)
        {
            var expected = Array.FindIndex(times, t => t >= time);
            Assert.Equal(expected < 0 ? (-1, -1, -1) : (expected, times[expected], 2), test.Log.OffsetForTimestamp(time));
        }
        Assert.Equal((9L, 90L, 2), test.Log.OffsetForMaxTimestamp());
        test.Log.OnHighWatermark(10);
        test.Log.IncreaseLogStart(5);
        Assert.Equal((5L, 35L, 2), test.Log.OffsetForTimestamp(0));
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        Assert.Equal((6L, 70L, 2), test.Log.OffsetForTimestamp(36));
        Assert.Equal((9L, 90L, 2), test.Log.OffsetForMaxTimestamp());
    }

    [Fact]
    public async Task Inside_a_batch_the_right_record_is_found_by_time()
    {
        var test = await TestLog.OpenAsync();
        var builder = new RecordBatchBuilder { Compression = CompressionType.Gzip };
        foreach (var time in (long[])[5, 9, 7, 9])
            builder.Add(time, null, [1]);
        test.Put(builder.Build());
        Assert.Equal((1L, 9L, 0), test.Log.OffsetForTimestamp(6));
        Assert.Equal((1L, 9L, 0), test.Log.OffsetForMaxTimestamp());
        Assert.Equal((-1L, -1L, -1), test.Log.OffsetForTimestamp(10));
    }

    [Fact]
    public async Task An_empty_log_has_no_files_and_costs_nothing_to_close()
    {
        var test = await TestLog.OpenAsync();
        Assert.Equal((0L, 0L, 0L), (test.Log.LogStartOffset, test.Log.LogEndOffset, test.Log.SyncedEndOffset));
        test.Log.TopicId = new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]);
        await test.Log.SyncAsync();
        await test.Log.CloseAsync();
        Assert.Empty(test.Disk.List(""));
    }

    [Fact]
    public async Task Files_of_cold_segments_are_closed()
    {
        var files = new LogFiles(new MemoryDisk(), openMax: 4);
        var log = await PartitionLog.OpenAsync(files, "t-0", new LogSettings { SegmentBytes = 200, IndexIntervalBytes = 0 },
            new TestLog.TestClock());
        for (var i = 0; i < 50; i++)
            log.AppendAsLeader(Batch.Of($"value {i}"), 0, AppendOrigin.Client);
        await log.SyncAsync();
        Assert.Equal(50, TestLog.Records(log).Count);
        Assert.InRange(files.OpenCount, 1, 4);
        await log.CloseAsync();
        Assert.Equal(0, files.OpenCount);
    }

    [Fact]
    public async Task A_deleted_log_leaves_nothing()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 200 });
        for (var i = 0; i < 10; i++)
            test.Put(Batch.Produced(1, 0, i));
        await test.Log.SyncAsync();
        await test.Log.DeleteAsync();
        Assert.Empty(test.Disk.List(""));
        await test.ReopenAsync();
        Assert.Equal((0L, 0, Guid.Empty), (test.Log.LogEndOffset, test.Log.Producers.Count, test.Log.TopicId));
    }
}
