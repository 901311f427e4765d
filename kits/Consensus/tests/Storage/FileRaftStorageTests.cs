using System.Text;
using Microcosm.Runtime;
using Microcosm.Storage;
using Microcosm.Storage.Tests;

namespace Microcosm.Consensus.Tests.Storage;

/// <summary>What was flushed is there after any crash, and what is there was written, in order.</summary>
public class FileRaftStorageTests
{
    private static readonly Membership Founders = new([1, 2, 3]);
    private static readonly LogOptions Small = new() { SegmentBytes = 200 };

    [Fact]
    public async Task A_new_member_begins_with_its_founders()
    {
        var storage = await FileRaftStorage.OpenAsync(new MemoryDisk(), "raft/", Founders);
        Assert.Equal((0, 0, default(HardState)), (storage.LastIndex, storage.BaseIndex, storage.HardState));
        Assert.Equal(Founders, storage.Snapshot.Membership);
    }

    [Fact]
    public async Task Entries_replace_what_stands_from_their_index_on()
    {
        var disk = new MemoryDisk();
        var storage = await FileRaftStorage.OpenAsync(disk, "raft/", Founders);
        storage.Write(Ready(1, new(1, 0, 0), (1, 1), (2, 1), (3, 1)));
        storage.Write(Ready(2, new(2, 3, 1), (2, 2)));
        Assert.Equal(2, await storage.FlushAsync());
        var again = await FileRaftStorage.OpenAsync(disk, "raft/", Founders);
        Assert.Equal("1/1 2/2", Text(again));
        Assert.Equal(new HardState(2, 3, 1), again.HardState);
    }

    [Fact]
    public async Task A_snapshot_takes_the_place_of_entries()
    {
        var disk = new MemoryDisk();
        var storage = await FileRaftStorage.OpenAsync(disk, "raft/", Founders);
        storage.Write(Ready(1, new(1, 0, 3), (1, 1), (2, 1), (3, 1), (4, 1)));
        await storage.FlushAsync();
        await storage.SaveSnapshotAsync(new SnapshotMeta(3, 1, new Membership([1, 2])), Encoding.UTF8.GetBytes("state"));
        await storage.CompactAsync(2);
        var again = await FileRaftStorage.OpenAsync(disk, "raft/", Founders);
        Assert.Equal("behind 2/1: 3/1 4/1", Text(again));
        Assert.Equal((3, "(1 2)", "state"), (again.Snapshot.Index, again.Snapshot.Membership.ToString(),
            Encoding.UTF8.GetString(again.SnapshotContents.Span)));
    }

    [Fact]
    public async Task Entries_that_are_not_in_memory_are_read_from_the_log()
    {
        var disk = new MemoryDisk();
        var storage = await FileRaftStorage.OpenAsync(disk, "raft/", Founders, Small, cacheBytes: 0);
        for (var i = 1; i <= 50; i++)
        {
            storage.Write(Ready(i, new(i, 0, i - 1), (i, i)));
            await storage.FlushAsync();
        }
        storage.Write(Ready(51, new(51, 0, 30), (41, 51)));
        Assert.Equal(Enumerable.Range(1, 40).Append(51).Select(t => (long)t), Enumerable.Range(1, 41).Select(i => storage.EntryAt(i).Term));
        await storage.FlushAsync();
        Assert.Equal((41, 51), (storage.LastIndex, storage.EntryAt(41).Term));
    }

    [Fact]
    public async Task A_commit_index_alone_needs_no_flush_and_is_noted_with_the_next_entries()
    {
        var disk = new MemoryDisk();
        var storage = await FileRaftStorage.OpenAsync(disk, "raft/", Founders);
        storage.Write(Ready(1, new(1, 0, 0), (1, 1), (2, 1)));
        await storage.FlushAsync();
        storage.Write(new RaftReady { HardState = new HardState(1, 0, 2) });
        Assert.False(storage.HasUnflushed);
        storage.Write(Ready(2, new(1, 0, 2), (3, 1)));
        await storage.FlushAsync();
        Assert.Equal(2, (await FileRaftStorage.OpenAsync(disk, "raft/", Founders)).HardState.Commit);
    }

    [Fact]
    public async Task A_synced_log_that_is_damaged_is_refused()
    {
        var disk = new MemoryDisk();
        var storage = await FileRaftStorage.OpenAsync(disk, "raft/", Founders);
        storage.Write(Ready(1, new(1, 0, 0), (1, 1), (2, 1), (3, 1)));
        await storage.FlushAsync();
        await storage.CloseAsync();
        using (var file = disk.Open(disk.List("raft/log/").Single(p => p.EndsWith(".log", StringComparison.Ordinal)), DiskOpen.Existing))
            file.Write(60, [0xff, 0xff, 0xff, 0xff]);
        await Assert.ThrowsAsync<DamagedFileException>(() => FileRaftStorage.OpenAsync(disk, "raft/", Founders).AsTask());
    }

    /// <summary>Writes, flushes, snapshots and compactions, and the power fails in one of their steps: what was flushed is kept, and
    /// nothing is there that was not written.</summary>
    [Fact]
    public async Task Any_crash_leaves_what_was_flushed_and_a_state_that_was_written()
    {
        var (crashes, inFlush) = (0, 0);
        for (var seed = 1UL; seed <= 1_500; seed++)
        {
            var random = new RandomStream(seed);
            var disk = new MemoryDisk();
            var crash = new CrashingDisk(disk, random.Next(1, 120), random.Chance(0.5));
            var ledger = new Ledger { Written = { new([], 1, default) } };
            try
            {
                await WorkAsync(await FileRaftStorage.OpenAsync(crash.Disk, "raft/", Founders, Small, cacheBytes: 60), random, ledger);
            }
            catch (IOException)
            {
                crashes++;
                inFlush += ledger.Flushed < ledger.Written.Count - 1 ? 1 : 0;
            }
            disk.Crash(random);
            var why = $"seed {seed}, {crash.LastStep}";
            try
            {
                Judge(await FileRaftStorage.OpenAsync(disk, "raft/", Founders, Small), ledger, why);
            }
            catch (Exception e) when (e is InvariantException or DamagedFileException)
            {
                Assert.Fail($"{why}: {e.Message}");
            }
        }
        Assert.True(crashes > 700 && inFlush > 300, $"{crashes} crashes, {inFlush} of them in a flush");
    }

    private static async Task WorkAsync(FileRaftStorage storage, RandomStream random, Ledger ledger)
    {
        var term = 1L;
        for (var step = random.Next(1, 40); step > 0; step--)
        {
            switch (random.Next(4))
            {
                case 0:
                    var covers = ledger.Written.Count - 1;
                    await storage.FlushAsync();
                    ledger.Flushed = covers;
                    break;
                case 1 when !storage.HasUnflushed && storage.HardState.Commit > storage.Snapshot.Index:
                    var index = storage.HardState.Commit;
                    await storage.SaveSnapshotAsync(new SnapshotMeta(index, storage.EntryAt(index).Term, Founders), new byte[9]);
                    await storage.CompactAsync(Math.Max(storage.BaseIndex, index - random.Next(3)));
                    break;
                default:
                    var ready = AnyReady(random, storage, ledger.Written.Count, ref term);
                    storage.Write(ready);
                    var first = ready.Entries[0].Index;
                    long[] terms = [.. ledger.Written[^1].Terms[..(int)(first - 1)], .. ready.Entries.Select(e => e.Term)];
                    ledger.Written.Add(new Written(terms, first, ready.HardState!.Value));
                    break;
            }
        }
    }

    private static void Judge(FileRaftStorage found, Ledger ledger, string why)
    {
        var (last, hard) = (found.LastIndex, found.HardState);
        var since = ledger.Written[ledger.Flushed..];
        Assert.True(since.Exists(w => (w.Hard.Term, w.Hard.Vote) == (hard.Term, hard.Vote)), $"{why}: term and vote were never so");
        Assert.True(last == found.BaseIndex || hard.Term >= found.EntryAt(last).Term, $"{why}: an entry of a later term");
        Assert.True(hard.Commit <= last && hard.Commit <= since[^1].Hard.Commit, why);
        // What a write that was not flushed replaces may be gone from its first entry on.
        var kept = since[1..].Aggregate((long)since[0].Terms.Length, (least, w) => Math.Min(least, w.First - 1));
        Assert.True(last >= kept && since.Exists(w => IsPrefix(found, w.Terms)),
            $"{why}: found {Text(found)}, flushed {string.Join(' ', since[0].Terms)}, written {string.Join(' ', since[^1].Terms)}");
    }

    private static bool IsPrefix(FileRaftStorage found, long[] terms)
    {
        for (var i = found.BaseIndex + 1; i <= found.LastIndex; i++)
        {
            if (i > terms.Length || found.EntryAt(i).Term != terms[i - 1])
                return false;
        }
        return found.LastIndex <= terms.Length;
    }

    private static RaftReady AnyReady(RandomStream random, FileRaftStorage storage, long write, ref long term)
    {
        term += random.Next(2);
        var entryTerm = term;
        var first = storage.LastIndex + 1 - random.Next((int)Math.Min(3, storage.LastIndex - storage.HardState.Commit + 1));
        var entries = Enumerable.Range(0, random.Next(1, 4)).Select(i => (first + i, entryTerm)).ToArray();
        var last = entries[^1].Item1;
        var commit = storage.HardState.Commit + random.Next((int)(last - storage.HardState.Commit + 1));
        return Ready(write, new HardState(term, term % 3, commit), entries);
    }

    private static RaftReady Ready(long write, HardState hard, params (long Index, long Term)[] entries) => new()
    {
        Write = write,
        HardState = hard,
        Entries = [.. entries.Select(e => new RaftEntry(e.Index, e.Term, EntryKind.Command, new byte[e.Index % 5]))],
    };

    private static string Text(FileRaftStorage storage)
    {
        var entries = Enumerable.Range(1, (int)(storage.LastIndex - storage.BaseIndex)).Select(i => storage.EntryAt(storage.BaseIndex + i));
        var text = string.Join(' ', entries.Select(e => $"{e.Index}/{e.Term}"));
        return storage.BaseIndex == 0 ? text : $"behind {storage.BaseIndex}/{storage.BaseTerm}: {text}";
    }

    private sealed class Ledger
    {
        public List<Written> Written { get; } = [];

        public int Flushed { get; set; }
    }

    // The terms of the whole log after a write, and where that write began.
    private sealed record Written(long[] Terms, long First, HardState Hard);
}
