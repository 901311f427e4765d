namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Retention by time and size, and DeleteRecords.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task Segments_all_of_whose_records_are_too_old_go()
    {
        var test = await FilledAsync(new LogSettings { RetentionMs = 100 });
        Assert.Equal(0, await test.Log.ApplyRetentionAsync(nowMs: 101, highWatermark: 10));
        Assert.Equal(2, await test.Log.ApplyRetentionAsync(nowMs: 104, highWatermark: 10));
        Assert.Equal((4L, 4L), (test.Log.LogStartOffset, test.Log.State.Segments[0].BaseOffset));
        Assert.Equal(KafkaError.OffsetOutOfRange, test.Log.Read(3, 100, 10, true).Error);
        Assert.Equal("4:4", test.Records()[0]);
        await test.CrashAsync();
        Assert.Equal((4L, "4:4"), (test.Log.LogStartOffset, test.Records()[0]));
        Assert.Equal([new EpochEntry(0, 4)], test.Log.Epochs.Entries);
    }

    [Fact]
    public async Task What_is_not_below_the_high_watermark_stays()
    {
        var test = await FilledAsync(new LogSettings { RetentionMs = 1 });
        Assert.Equal(1, await test.Log.ApplyRetentionAsync(nowMs: 1_000, highWatermark: 3));
        Assert.Equal(2, test.Log.LogStartOffset);
    }

    [Fact]
    public async Task An_old_active_segment_goes_too_and_offsets_go_on()
    {
        var test = await FilledAsync(new LogSettings { RetentionMs = 1 });
        Assert.Equal(5, await test.Log.ApplyRetentionAsync(nowMs: 1_000, highWatermark: 10));
        Assert.Equal((10L, 10L, 1), (test.Log.LogStartOffset, test.Log.LogEndOffset, test.Log.SegmentCount));
        Assert.Equal(0, await test.Log.ApplyRetentionAsync(nowMs: 9_000, highWatermark: 10));
        await test.CrashAsync();
        Assert.Equal((10L, 10L), (test.Log.LogStartOffset, test.Log.LogEndOffset));
        Assert.Equal(10, test.Put(Batch.Of("a")));
        await test.Log.SyncAsync();
        await test.CrashAsync();
        Assert.Equal(["10:a"], test.Records());
    }

    [Fact]
    public async Task The_oldest_segments_go_while_as_much_remains()
    {
        var test = await FilledAsync(new LogSettings { RetentionMs = -1 });
        var size = test.Log.SizeBytes;
        test.Log.UpdateSettings(test.Log.Settings with { RetentionBytes = size - size / 5 * 2 + 1 });
        Assert.Equal(1, await test.Log.ApplyRetentionAsync(1_000, 10));
        test.Log.UpdateSettings(test.Log.Settings with { RetentionBytes = size / 5 * 2 });
        Assert.Equal(2, await test.Log.ApplyRetentionAsync(1_000, 10));
        Assert.Equal(6, test.Log.LogStartOffset);
        test.Log.UpdateSettings(test.Log.Settings with { RetentionBytes = 0, IsDeleted = false });
        Assert.Equal(0, await test.Log.ApplyRetentionAsync(1_000, 10));
    }

    [Fact]
    public async Task Deleted_records_are_hidden_at_once_and_for_good()
    {
        var test = await FilledAsync(new LogSettings());
        test.Log.OnHighWatermark(10);
        Assert.Equal(KafkaError.None, test.Log.IncreaseLogStart(5));
        Assert.Equal(KafkaError.None, test.Log.IncreaseLogStart(3));
        Assert.Equal(KafkaError.OffsetOutOfRange, test.Log.IncreaseLogStart(11));
        Assert.Equal(5, test.Log.LogStartOffset);
        Assert.Equal(KafkaError.OffsetOutOfRange, test.Log.Read(4, 100, 10, true).Error);
        await test.Log.SyncAsync();
        await test.CrashAsync();
        Assert.Equal((5L, 5), (test.Log.LogStartOffset, test.Log.SegmentCount));
        Assert.Equal(2, await test.Log.ApplyRetentionAsync(0, 10));
        Assert.Equal(5, test.Log.LogStartOffset);
        Assert.Equal([new EpochEntry(0, 5)], test.Log.Epochs.Entries);
    }

    // Ten batches at times 0 to 9, two a segment.
    private static async Task<TestLog> FilledAsync(LogSettings settings)
    {
        var size = Batch.Of("0").Length;
        var test = await TestLog.OpenAsync(settings with { SegmentBytes = size * 2 });
        for (var i = 0; i < 10; i++)
            test.Put(Batch.Of(i, $"{i}"));
        await test.Log.SyncAsync();
        Assert.Equal(5, test.Log.SegmentCount);
        return test;
    }
}
