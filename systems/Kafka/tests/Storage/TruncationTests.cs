using Microcosm.Runtime;
using Microcosm.Storage.Tests;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Cutting the end off, and resetting.</summary>
public sealed class TruncationTests
{
    [Fact]
    public async Task The_end_is_cut_at_a_batch()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 300 });
        for (var i = 0; i < 20; i++)
            test.Put(Batch.Of(100 - i, $"{i}"), epoch: i / 5);
        var segments = test.Log.SegmentCount;
        await test.Log.TruncateToAsync(12);
        Assert.Equal((12L, 12L, 2), (test.Log.LogEndOffset, test.Log.SyncedEndOffset, test.Log.LatestEpoch));
        Assert.True(test.Log.SegmentCount < segments);
        Assert.Equal(12, test.Records().Count);
        test.Put(Batch.Of("new"), epoch: 9);
        Assert.Equal("12:new", test.Records()[^1]);
        Assert.Equal((9, 12L), (test.Log.LatestEpoch, test.Log.EndOffsetFor(8).EndOffset));
        await test.Log.SyncAsync();
        await test.CrashAsync();
        Assert.Equal(13, test.Records().Count);
        Assert.Equal("12:new", test.Records()[^1]);
    }

    [Fact]
    public async Task In_a_batch_the_whole_batch_goes()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Of("a", "b"));
        test.Put(Batch.Of("c", "d"));
        await test.Log.TruncateToAsync(3);
        Assert.Equal(2, test.Log.LogEndOffset);
        Assert.Equal(["0:a", "1:b"], test.Records());
    }

    [Fact]
    public async Task At_or_beyond_the_end_nothing_happens()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Of("a"));
        await test.Log.TruncateToAsync(1);
        await test.Log.TruncateToAsync(100);
        Assert.Equal(1, test.Log.LogEndOffset);
    }

    [Fact]
    public async Task Times_are_those_of_what_is_left()
    {
        var test = await TestLog.OpenAsync(new LogSettings { IndexIntervalBytes = 0 });
        foreach (var time in (long[])[10, 50, 30, 90])
            test.Put(Batch.Of(time, "x"));
        await test.Log.TruncateToAsync(3);
        Assert.Equal((1L, 50L, 0), test.Log.OffsetForMaxTimestamp());
        test.Put(Batch.Of(60, "y"));
        Assert.Equal((3L, 60L, 0), test.Log.OffsetForTimestamp(51));
    }

    [Fact]
    public async Task A_reset_log_begins_and_ends_at_an_offset()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 200 });
        for (var i = 0; i < 9; i++)
            test.Put(Batch.Produced(1, 0, i), epoch: 3);
        await test.Log.ResetAsync(1_000);
        Assert.Equal((1_000L, 1_000L, 1_000L), (test.Log.LogStartOffset, test.Log.LogEndOffset, test.Log.SyncedEndOffset));
        Assert.Equal((-1, 0), (test.Log.LatestEpoch, test.Log.Producers.Count));
        await test.CrashAsync();
        Assert.Equal((1_000L, 1_000L), (test.Log.LogStartOffset, test.Log.LogEndOffset));
        Assert.Equal(1_000, test.Put(Batch.Of("a")));
        Assert.Equal(["1000:a"], test.Records());
    }

    [Fact]
    public async Task Below_the_first_segment_the_log_is_reset()
    {
        var test = await TestLog.OpenAsync();
        await test.Log.ResetAsync(50);
        test.Put(Batch.Of("a"));
        await test.Log.TruncateToAsync(20);
        Assert.Equal((20L, 20L), (test.Log.LogStartOffset, test.Log.LogEndOffset));
    }

    [Fact]
    public async Task Appends_are_refused_while_the_end_is_cut()
    {
        var gate = new TaskCompletionSource();
        var disk = new HookedDisk(new MemoryDisk(), async (what, doIt) =>
        {
            if (what.StartsWith("sync", StringComparison.Ordinal))
                await gate.Task;
            await doIt();
        });
        var log = await PartitionLog.OpenAsync(disk, "t-0", new LogSettings(), new TestLog.TestClock());
        log.AppendAsLeader(Batch.Of("a"), 0, AppendOrigin.Client);
        log.AppendAsLeader(Batch.Of("b"), 0, AppendOrigin.Client);
        var truncation = log.TruncateToAsync(1).AsTask();
        Assert.Equal(KafkaError.KafkaStorageError, log.AppendAsLeader(Batch.Of("c"), 0, AppendOrigin.Client).Error);
        Assert.Equal(KafkaError.KafkaStorageError, log.AppendAsFollower(Batch.At(2, 0, Batch.Of("c"))));
        gate.SetResult();
        await truncation;
        Assert.Equal(KafkaError.None, log.AppendAsLeader(Batch.Of("c"), 0, AppendOrigin.Client).Error);
        Assert.Equal(["0:a", "1:c"], TestLog.Records(log));
    }
}
