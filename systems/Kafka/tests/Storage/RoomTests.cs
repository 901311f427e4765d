using Microcosm.Runtime;
using Microcosm.Storage;
using Microcosm.Storage.Tests;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Room behind the last batch: when there is some, and that nobody sees it.</summary>
public sealed class RoomTests
{
    private const string File = "t-0/00000000000000000000.log";
    private static readonly LogSettings Small = new() { RoomBytes = 400 };

    [Fact]
    public async Task A_log_that_is_seldom_written_to_has_none()
    {
        var test = await FilledAsync(4, new LogSettings());
        Assert.Equal(test.Log.SizeBytes, Length(test.Disk, File));
    }

    [Fact]
    public async Task It_lies_behind_the_batches_and_grows_with_what_is_appended_at_a_time()
    {
        var test = await FilledAsync(8, Small);
        Assert.InRange(Length(test.Disk, File) - test.Log.SizeBytes, 400, 400 * 2);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 5; i++)
                test.Put(Batch.Of("more"));
            await test.Log.SyncAsync();
        }
        Assert.InRange(Length(test.Disk, File) - test.Log.SizeBytes, 1_000, 400 * 5);
        Assert.Equal(23, test.Records().Count);
    }

    [Fact]
    public async Task There_is_none_for_long_batches()
    {
        var test = await FilledAsync(4, Small);
        test.Put(Batch.Of(new string('x', 401)));
        await test.Log.SyncAsync();
        Assert.Equal(test.Log.SizeBytes, Length(test.Disk, File));
    }

    [Fact]
    public async Task After_any_crash_the_log_ends_where_its_batches_do()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var test = await FilledAsync(12, Small);
            test.Put(Batch.Of("unsynced"));
            await test.CrashAsync(seed);
            Assert.InRange(test.Log.LogEndOffset, 12, 13);
            Assert.Equal(test.Log.LogEndOffset, test.Records().Count);
            Assert.Equal(test.Log.SizeBytes, Length(test.Disk, File));
            Assert.Equal(test.Log.LogEndOffset, test.Put(Batch.Of("new")));
        }
    }

    [Fact]
    public async Task A_closed_log_and_a_sealed_segment_have_none()
    {
        var test = await FilledAsync(30, Small with { SegmentBytes = 1_500 });
        Assert.True(test.Log.SegmentCount > 1);
        Assert.Equal(test.Log.State.Segments[0].Size, Length(test.Disk, File));
        await test.Log.CloseAsync();
        foreach (var segment in test.Log.State.Segments)
            Assert.Equal(segment.Size, Length(test.Disk, segment.Log.Path));
        await test.ReopenAsync();
        Assert.Equal(30, test.Records().Count);
    }

    [Fact]
    public async Task A_cut_takes_it_away()
    {
        var test = await FilledAsync(12, Small);
        await test.Log.TruncateToAsync(9);
        Assert.Equal(test.Log.SizeBytes, Length(test.Disk, File));
        test.Put(Batch.Of("9 again"));
        await test.Log.SyncAsync();
        await test.CrashAsync();
        Assert.Equal("9:9 again", test.Records()[9]);
    }

    /// <summary>It may have been an error of what was appended, which a later sync is told nothing of.</summary>
    [Fact]
    public async Task A_failure_to_make_it_fails_the_log_and_the_sync_that_is_under_way()
    {
        var (room, syncs) = (new TaskCompletionSource(), new Queue<TaskCompletionSource>());
        var isHeld = false;
        var disk = new HookedDisk(new MemoryDisk(), async (what, doIt) =>
        {
            if (what.StartsWith("room", StringComparison.Ordinal))
                await room.Task;
            else if (isHeld && what.StartsWith("sync", StringComparison.Ordinal))
                await Held();
            await doIt();
        });
        var log = await PartitionLog.OpenAsync(disk, "t-0", Small, new TestLog.TestClock());
        for (var i = 0; i < 12; i++)
        {
            log.AppendAsLeader(Batch.Of($"{i}"), 0, AppendOrigin.Client);
            await log.SyncAsync();
        }
        isHeld = true;
        log.AppendAsLeader(Batch.Of("12"), 0, AppendOrigin.Client);
        var sync = log.SyncAsync().AsTask();
        room.SetException(new IOException("Input/output error"));
        syncs.Dequeue().SetResult();
        await Assert.ThrowsAsync<PoisonedException>(() => sync);
        Assert.Equal((12L, KafkaError.KafkaStorageError),
            (log.SyncedEndOffset, log.AppendAsLeader(Batch.Of("13"), 0, AppendOrigin.Client).Error));

        Task Held()
        {
            syncs.Enqueue(new TaskCompletionSource());
            return syncs.Peek().Task;
        }
    }

    private static async Task<TestLog> FilledAsync(int count, LogSettings settings)
    {
        var test = await TestLog.OpenAsync(settings);
        for (var i = 0; i < count; i++)
        {
            test.Put(Batch.Of($"{i}"));
            await test.Log.SyncAsync();
        }
        return test;
    }

    private static long Length(MemoryDisk disk, string path)
    {
        using var file = disk.Open(path, DiskOpen.Existing);
        return file.Length;
    }
}
