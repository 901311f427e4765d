using Microcosm.Runtime;
using Microcosm.Storage;
using Microcosm.Storage.Tests;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Opening after a crash, after damage, and after errors of the disk.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task A_torn_tail_is_cut_at_the_first_batch_that_is_not_right()
    {
        var test = await FilledAsync(3);
        var size = Batch.Of("0").Length;
        Change(test.Disk, "t-0/00000000000000000000.log", file => file.Write(size * 2 + 66, "?"u8));
        // Only what lies behind the recovery point is doubted, so that is taken away.
        DeleteCheckpoints(test.Disk);
        await test.ReopenAsync();
        Assert.Equal(["0:0", "1:1"], test.Records());
        Assert.Equal(2, test.Put(Batch.Of("new")));
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        Assert.Equal(["0:0", "1:1", "2:new"], test.Records());
    }

    [Fact]
    public async Task What_follows_a_cut_goes_too()
    {
        var test = await FilledAsync(9, new LogSettings { SegmentBytes = 200 });
        Change(test.Disk, "t-0/00000000000000000002.log", file => file.SetLength(80));
        DeleteCheckpoints(test.Disk);
        await test.ReopenAsync();
        Assert.Equal((3L, 2), (test.Log.LogEndOffset, test.Log.SegmentCount));
        Assert.DoesNotContain("t-0/00000000000000000004.log", test.Disk.List(""));
        Assert.DoesNotContain("t-0/00000000000000000004.timeindex", test.Disk.List(""));
    }

    [Fact]
    public async Task The_loss_of_what_was_synced_is_damage()
    {
        var test = await FilledAsync(9, new LogSettings { SegmentBytes = 200 });
        await test.Log.CloseAsync();
        var intact = test.Disk.Clone();
        Change(test.Disk, "t-0/00000000000000000008.log", file => file.SetLength(10));
        var damage = await Assert.ThrowsAsync<DamagedFileException>(test.ReopenAsync);
        Assert.Equal("t-0/00000000000000000008.log", damage.Path);
        foreach (var lost in (string[])["2", "8"])
        {
            var disk = intact.Clone();
            disk.Delete($"t-0/0000000000000000000{lost}.log");
            await Assert.ThrowsAsync<DamagedFileException>(() => TestLog.OpenAsync(disk: disk));
        }
        var cut = intact.Clone();
        Change(cut, "t-0/00000000000000000002.log", file => file.SetLength(70));
        await Assert.ThrowsAsync<DamagedFileException>(() => TestLog.OpenAsync(disk: cut));
        Assert.Equal(9, (await TestLog.OpenAsync(disk: intact)).Log.LogEndOffset);
    }

    [Fact]
    public async Task One_copy_of_the_checkpoint_is_enough()
    {
        var test = await FilledAsync(4);
        await test.Log.CheckpointAsync();
        test.Put(Batch.Of("4"));
        await test.Log.CloseAsync();
        foreach (var copy in (string[])["a", "b"])
        {
            var disk = test.Disk.Clone();
            Change(disk, $"t-0/checkpoint.{copy}", file => file.Write(30, "?"u8));
            Assert.Equal(5, (await TestLog.OpenAsync(disk: disk)).Records().Count);
        }
        Change(test.Disk, "t-0/checkpoint.a", file => file.Write(30, "?"u8));
        Change(test.Disk, "t-0/checkpoint.b", file => file.Write(30, "?"u8));
        await Assert.ThrowsAsync<DamagedFileException>(test.ReopenAsync);
    }

    [Fact]
    public async Task Damage_that_is_read_is_said_to_the_reader()
    {
        var test = await FilledAsync(4);
        Change(test.Disk, "t-0/00000000000000000000.log", file => file.Write(8, [0, 0, 0, 1]));
        Assert.Equal(KafkaError.CorruptMessage, test.Log.Read(0, 1000, 99, true).Error);
    }

    [Fact]
    public async Task Lost_indexes_are_made_again()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 3 << 20, IndexIntervalBytes = 4_096 });
        var value = new string('x', 10_000);
        for (var i = 0; i < 400; i++)
            test.Put(Batch.Of(i, $"{i} {value}"));
        await test.Log.CloseAsync();
        foreach (var name in test.Disk.List("").Where(n => n.EndsWith("index", StringComparison.Ordinal)))
            test.Disk.Delete(name);
        await test.ReopenAsync();
        Assert.StartsWith("100:100", Batch.Read(test.Log.Read(100, 1, 999, true).Records)[0], StringComparison.Ordinal);
        Assert.True(test.Log.State.Segments[0].Offsets.Entries.Count > 200);
    }

    /// <summary>A folder of Kafka's own has no checkpoint of ours, and after a cleaning gaps between its segments.</summary>
    [Fact]
    public async Task A_folder_of_Kafkas_is_read_from_the_beginning()
    {
        var disk = new MemoryDisk();
        foreach (var offset in (long[])[5, 20])
        {
            using var file = disk.Open($"t-0/{offset:D20}.log", DiskOpen.Truncate);
            file.Append(Batch.At(offset, 3, Batch.Produced(1, 0, (int)offset)));
        }
        using (disk.Open("t-0/leader-epoch-checkpoint", DiskOpen.Truncate))
        {
        }
        var test = await TestLog.OpenAsync(disk: disk);
        Assert.Equal((5L, 21L, 3), (test.Log.LogStartOffset, test.Log.LogEndOffset, test.Log.LatestEpoch));
        Assert.Equal(["5:p1=5", "20:p1=20"], test.Records());
        Assert.Equal(20, test.Log.Producers.Find(1)!.LastSequence);
    }

    [Fact]
    public async Task A_failed_sync_poisons_the_log_until_it_is_opened_again()
    {
        var disk = new PageCacheDisk();
        var log = await OpenAsync(disk);
        log.AppendAsLeader(Batch.Of("safe"), 0, AppendOrigin.Client);
        await log.SyncAsync();
        disk.SyncsUntilFailure = 1;
        log.AppendAsLeader(Batch.Of("lost?"), 0, AppendOrigin.Client);
        await Assert.ThrowsAsync<PoisonedException>(async () => await log.SyncAsync());
        await Assert.ThrowsAsync<PoisonedException>(async () => await log.SyncAsync());
        Assert.Equal(KafkaError.KafkaStorageError, log.AppendAsLeader(Batch.Of("more"), 0, AppendOrigin.Client).Error);
        Assert.Equal(KafkaError.KafkaStorageError, log.AppendAsFollower(Batch.At(2, 0, Batch.Of("more"))));
        await Assert.ThrowsAsync<PoisonedException>(async () => await log.TruncateToAsync(0));
        Assert.Equal((1L, "0:safe"), (log.SyncedEndOffset, TestLog.Records(log)[0]));
        log.Dispose();
        // The trap of fsyncgate: what the failed sync dropped is still in the page cache, where recovery reads it.
        log = await OpenAsync(disk);
        Assert.Equal((2L, 2L), (log.LogEndOffset, log.SyncedEndOffset));
        disk.Crash();
        Assert.Equal(["0:safe", "1:lost?"], TestLog.Records(await OpenAsync(disk)));
    }

    [Fact]
    public async Task A_full_disk_refuses_and_loses_nothing()
    {
        var test = await FilledAsync(4);
        test.Disk.BytesMax = test.Disk.BytesUsed + 20;
        var info = test.Append(Batch.Of("more"));
        Assert.Equal(KafkaError.KafkaStorageError, info.Error);
        Assert.Contains("No space left on device", info.ErrorMessage);
        Assert.Equal(4, test.Log.LogEndOffset);
        Assert.Equal(4, test.Records().Count);
        test.Disk.BytesMax = 0;
        await test.ReopenAsync();
        Assert.Equal(4, test.Put(Batch.Of("more")));
    }

    [Fact]
    public async Task Syncs_that_come_meanwhile_share_the_next()
    {
        var gate = new TaskCompletionSource();
        var disk = new HookedDisk(new MemoryDisk(), async (what, doIt) =>
        {
            if (what.StartsWith("sync", StringComparison.Ordinal))
                await gate.Task;
            await doIt();
        });
        var log = await OpenAsync(disk);
        List<long> ends = [];
        log.Synced += () => ends.Add(log.SyncedEndOffset);
        List<Task> syncs = [];
        for (var i = 0; i < 20; i++)
        {
            log.AppendAsLeader(Batch.Of($"{i}"), 0, AppendOrigin.Client);
            syncs.Add(log.SyncAsync().AsTask());
        }
        Assert.All(syncs, s => Assert.False(s.IsCompleted));
        gate.SetResult();
        await Task.WhenAll(syncs);
        Assert.Equal([1L, 20L], ends);
    }

    [Theory]
    [InlineData(1, "sync …log, durable, sync …index, sync …timeindex, sync checkpoint.a")]
    [InlineData(1 << 20, "sync …log, durable")]
    public async Task Batches_are_durable_before_indexes_and_the_checkpoint_and_wait_for_neither(int checkpointBytes, string expected)
    {
        List<string> steps = [];
        var disk = new HookedDisk(new MemoryDisk(), (what, doIt) =>
        {
            if (what.StartsWith("sync t-0/", StringComparison.Ordinal))
                steps.Add("sync " + what[9..].Replace("00000000000000000000.", "…"));
            return doIt();
        });
        var settings = new LogSettings { IndexIntervalBytes = 0, CheckpointBytes = checkpointBytes };
        var log = await PartitionLog.OpenAsync(disk, "t-0", settings, new TestLog.TestClock());
        log.AppendAsLeader(Batch.Of("first"), 0, AppendOrigin.Client);
        await log.SyncAsync();
        steps.Clear();
        log.Synced += () => steps.Add("durable");
        // So many that their index entries are written without a checkpoint, too.
        for (var i = 0; i < 600; i++)
            log.AppendAsLeader(Batch.Of(i, "more"), 0, AppendOrigin.Client);
        await log.SyncAsync();
        Assert.Equal(expected, string.Join(", ", steps));
    }

    private static ValueTask<PartitionLog> OpenAsync(IDisk disk) =>
        PartitionLog.OpenAsync(disk, "t-0", new LogSettings(), new TestLog.TestClock());

    private static async Task<TestLog> FilledAsync(int count, LogSettings? settings = null)
    {
        var test = await TestLog.OpenAsync(settings);
        for (var i = 0; i < count; i++)
            test.Put(Batch.Of($"{i}"));
        await test.Log.SyncAsync();
        return test;
    }

    private static void Change(MemoryDisk disk, string path, Action<IDiskFile> change)
    {
        using var file = disk.Open(path, DiskOpen.Existing);
        change(file);
    }

    private static void DeleteCheckpoints(MemoryDisk disk)
    {
        disk.Delete("t-0/checkpoint.a");
        disk.Delete("t-0/checkpoint.b");
    }
}
