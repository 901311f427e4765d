using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>After a failed write or sync nothing is promised any more, and opening again finds out what is there.</summary>
public sealed class PoisonTests
{
    [Fact]
    public async Task A_failed_sync_poisons_the_log_until_it_is_opened_again()
    {
        var disk = new PageCacheDisk();
        using (var log = await SegmentedLog.OpenAsync(disk, "log"))
        {
            log.Append("safe"u8);
            await log.CommitAsync();
            disk.SyncsUntilFailure = 1;
            log.Append("lost?"u8);
            var e = await Assert.ThrowsAsync<PoisonedException>(async () => await log.CommitAsync());
            Assert.Contains("Input/output error", e.Message);
            await Assert.ThrowsAsync<PoisonedException>(async () => await log.CommitAsync());
            await Assert.ThrowsAsync<PoisonedException>(async () => await log.WriteAsync());
            Assert.Throws<PoisonedException>(() => log.Append("more"u8));
            Assert.Throws<PoisonedException>(() => log.TruncateSuffix(1));
            Assert.Throws<PoisonedException>(() => log.TruncatePrefix(2));
            Assert.Throws<PoisonedException>(() => log.Read(2, new byte[9]));
            Assert.Equal(4, log.Read(1, new byte[9]));
            Assert.Equal(2, log.DurableNext);
        }
        using var again = await SegmentedLog.OpenAsync(disk, "log");
        Assert.Equal("safe", Text(again, 1));
    }

    /// <summary>The trap of fsyncgate: what a failed sync dropped is still in the page cache, where recovery reads it.</summary>
    [Fact]
    public async Task What_recovery_shows_after_a_failed_sync_survives_a_crash()
    {
        var disk = new PageCacheDisk();
        using (var log = await SegmentedLog.OpenAsync(disk, "log"))
        {
            log.Append("one"u8);
            await log.CommitAsync();
            log.Append("two"u8);
            disk.SyncsUntilFailure = 1;
            await Assert.ThrowsAsync<PoisonedException>(async () => await log.CommitAsync());
        }
        using (var log = await SegmentedLog.OpenAsync(disk, "log"))
            Assert.Equal((3, 3), (log.Next, log.DurableNext));
        disk.Crash();
        using var again = await SegmentedLog.OpenAsync(disk, "log");
        Assert.Equal((1, 3), (again.First, again.Next));
        Assert.Equal("two", Text(again, 2));
    }

    /// <summary>Every step fails once, in turn; nothing that was acknowledged is lost, and nothing is acknowledged after the
    /// error.</summary>
    [Fact]
    public async Task An_error_of_any_step_loses_nothing_that_was_acknowledged()
    {
        var failures = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            for (var at = 1; await FailAsync(seed, at); at++)
                failures++;
        }
        Assert.True(failures > 500, $"only {failures}");
    }

    [Fact]
    public async Task All_that_wait_for_a_sync_are_told_that_it_failed()
    {
        var gate = new TaskCompletionSource();
        var memory = new MemoryDisk();
        var holds = false;
        var disk = new HookedDisk(memory, async (what, doIt) =>
        {
            if (holds && what.StartsWith("sync", StringComparison.Ordinal))
                await gate.Task;
            await doIt();
        });
        using var log = await SegmentedLog.OpenAsync(disk, "log");
        holds = true;
        log.Append("one"u8);
        var first = log.CommitAsync().AsTask();
        log.Append("two"u8);
        var second = log.CommitAsync().AsTask();
        gate.SetException(new IOException("fdatasync: Input/output error"));
        await Assert.ThrowsAsync<PoisonedException>(() => first);
        await Assert.ThrowsAsync<PoisonedException>(() => second);
        Assert.Equal(1, log.DurableNext);
    }

    // False if the script has fewer steps.
    private static async Task<bool> FailAsync(ulong seed, int at)
    {
        var memory = new MemoryDisk();
        var (steps, random, model) = (0, new RandomStream(seed), new LogModel());
        var disk = new HookedDisk(memory, (what, doIt) =>
            ++steps == at ? throw new IOException($"{what}: No space left on device") : doIt());
        var options = LogScript.Options(random);
        var script = new LogScript(model, random, "v");
        SegmentedLog? log = null;
        try
        {
            log = await SegmentedLog.OpenAsync(disk, "log", options);
            await script.RunAsync(log, 25);
        }
        catch (IOException) when (log is not null)
        {
            Assert.Throws<PoisonedException>(() => log.Append("more"u8));
        }
        catch (IOException)
        {
        }
        log?.Dispose();
        memory.Crash(random);
        using var again = await SegmentedLog.OpenAsync(memory, "log", options);
        Assert.True(model.Reopened(LogContent.Of(again)) is var fault && fault is null, $"seed {seed}, step {at}: {fault}");
        return steps >= at;
    }

    private static string Text(SegmentedLog log, long sequence)
    {
        var buffer = new byte[100];
        return Encoding.UTF8.GetString(buffer, 0, log.Read(sequence, buffer));
    }
}
