using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>How many writes and syncs changes cost, and whom they release.</summary>
public sealed class CommitTests
{
    private readonly MemoryDisk _memory = new();
    private readonly List<string> _steps = [];
    private readonly Queue<TaskCompletionSource> _held = new();
    private bool _holds;

    private IDisk Disk => new HookedDisk(_memory, async (what, doIt) =>
    {
        _steps.Add(what.Split(' ')[0]);
        if (_holds && what.StartsWith("sync log/0", StringComparison.Ordinal))
        {
            var held = new TaskCompletionSource();
            _held.Enqueue(held);
            await held.Task;
        }
        await doIt();
    });

    [Fact]
    public async Task A_batch_is_one_write_and_one_sync()
    {
        using var log = await SegmentedLog.OpenAsync(Disk, "log");
        _steps.Clear();
        for (var i = 0; i < 100; i++)
            log.Append("record"u8);
        Assert.Empty(_steps);
        await log.CommitAsync();
        Assert.Equal(["write", "sync"], _steps);
        await log.CommitAsync();
        Assert.Equal(2, _steps.Count);
        Assert.Equal((101, 101), (log.Next, log.DurableNext));
    }

    [Fact]
    public async Task A_commit_that_comes_during_a_sync_joins_the_next_one()
    {
        using var log = await SegmentedLog.OpenAsync(Disk, "log");
        _steps.Clear();
        _holds = true;
        log.Append("one"u8);
        var first = log.CommitAsync();
        var covered = log.CommitAsync();
        log.Append("two"u8);
        var second = log.CommitAsync();
        log.Append("three"u8);
        var third = log.CommitAsync();
        Assert.Equal(["write", "sync"], _steps);

        _held.Dequeue().SetResult();
        await first;
        await covered;
        Assert.Equal(2, log.DurableNext);
        Assert.False(second.IsCompleted || third.IsCompleted);
        Assert.Equal(["write", "sync", "write", "sync"], _steps);

        _held.Dequeue().SetResult();
        await second;
        await third;
        Assert.Equal(4, log.DurableNext);
        Assert.Equal(4, _steps.Count);
    }

    [Fact]
    public async Task A_sync_does_not_cover_records_that_replaced_those_it_was_for()
    {
        using var log = await SegmentedLog.OpenAsync(Disk, "log");
        _holds = true;
        log.Append("one"u8);
        log.Append("two"u8);
        var old = log.CommitAsync();
        log.TruncateSuffix(2);
        log.Append("another two"u8);
        _held.Dequeue().SetResult();
        await old;
        Assert.Equal(2, log.DurableNext);
        _holds = false;
        await log.CommitAsync();
        Assert.Equal(3, log.DurableNext);
        Assert.Equal("another two", Text(log, 2));
    }

    [Fact]
    public async Task Records_are_read_before_they_are_written()
    {
        using var log = await SegmentedLog.OpenAsync(Disk, "log");
        log.Append("written"u8);
        await log.WriteAsync();
        Assert.DoesNotContain("write-sync", string.Join('-', _steps.TakeLast(2)));
        log.Append("pending, "u8, "of two parts"u8);
        log.Append([]);
        Assert.Equal("written", Text(log, 1));
        Assert.Equal("pending, of two parts", Text(log, 2));
        Assert.Equal("", Text(log, 3));
        Assert.Equal(1, log.DurableNext);
    }

    [Fact]
    public async Task A_cut_through_many_segments_syncs_every_name_before_the_next_goes()
    {
        using var log = await SegmentedLog.OpenAsync(Disk, "log", new LogOptions { SegmentBytes = 64 });
        for (var i = 0; i < 8; i++)
            log.Append("0123456789"u8);
        await log.CommitAsync();
        _steps.Clear();
        log.TruncateSuffix(5);
        log.Append("five"u8);
        await log.CommitAsync();
        var first = string.Join(' ', _steps.Take(4));
        Assert.Equal("delete sync delete sync", first);
        Assert.True(_steps.IndexOf("cut") < _steps.IndexOf("write"));
        Assert.Equal("sync", _steps[_steps.IndexOf("cut") + 1]);
        Assert.Equal("five", Text(log, 5));
    }

    [Fact]
    public async Task A_log_that_received_a_snapshot_goes_on_behind_it()
    {
        var disk = new MemoryDisk();
        using (var log = await SegmentedLog.OpenAsync(disk, "log"))
        {
            log.Append("old"u8);
            log.TruncatePrefix(1_000);
            Assert.Equal((1_000, 1_000), (log.First, log.Next));
            Assert.Equal(1_000, log.Append("new"u8));
            await log.CommitAsync();
        }
        disk.Crash(new RandomStream(1));
        using var again = await SegmentedLog.OpenAsync(disk, "log");
        Assert.Equal((1_000, 1_001, 1), (again.First, again.Next, again.SegmentCount));
        Assert.Equal("new", Text(again, 1_000));
    }

    private static string Text(SegmentedLog log, long sequence)
    {
        var buffer = new byte[100];
        return Encoding.UTF8.GetString(buffer, 0, log.Read(sequence, buffer));
    }
}
