using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Consensus.Tests.Storage;

/// <summary>What was flushed is there after any crash, and what is there was written, in order.</summary>
public class FileRaftStorageTests
{
    private static readonly Membership Founders = new([1, 2, 3]);

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

    /// <summary>Writes, flushes, snapshots and compactions, then a crash: what was flushed is kept, and nothing is there that was not
    /// written.</summary>
    [Fact]
    public async Task Any_crash_leaves_what_was_flushed_and_a_state_that_was_written()
    {
        for (var seed = 1UL; seed <= 400; seed++)
        {
            var random = new RandomStream(seed);
            var disk = new MemoryDisk();
            var storage = await FileRaftStorage.OpenAsync(disk, "raft/", Founders);
            var written = new List<Written> { new([], 1, default) };
            var (flushed, term) = (0, 1L);
            for (var step = random.Next(1, 25); step > 0; step--)
            {
                switch (random.Next(4))
                {
                    case 0:
                        await storage.FlushAsync();
                        flushed = written.Count - 1;
                        break;
                    case 1 when flushed == written.Count - 1 && storage.HardState.Commit > storage.Snapshot.Index:
                        var index = storage.HardState.Commit;
                        await storage.SaveSnapshotAsync(new SnapshotMeta(index, storage.EntryAt(index).Term, Founders), new byte[9]);
                        await storage.CompactAsync(index - random.Next(2));
                        break;
                    default:
                        var ready = AnyReady(random, storage, written.Count, ref term);
                        storage.Write(ready);
                        var first = ready.Entries[0].Index;
                        long[] terms = [.. written[^1].Terms[..(int)(first - 1)], .. ready.Entries.Select(e => e.Term)];
                        written.Add(new Written(terms, first, ready.HardState!.Value));
                        break;
                }
            }
            disk.Crash(random);
            Judge(await FileRaftStorage.OpenAsync(disk, "raft/", Founders), written, flushed, $"seed {seed}");
        }
    }

    private static void Judge(FileRaftStorage found, List<Written> written, int flushed, string seed)
    {
        var (last, hard) = (found.LastIndex, found.HardState);
        Assert.True(hard.Term >= written[flushed].Hard.Term && hard.Commit >= written[flushed].Hard.Commit, seed);
        Assert.True(hard.Commit <= last && (last == 0 || last == found.BaseIndex || hard.Term >= found.EntryAt(last).Term), seed);
        // A write of which only the front survived: what it replaced is gone from its first entry on.
        var isThere = written.Index().Skip(flushed).Any(w => IsPrefix(found, w.Item.Terms)
            && (last == w.Item.Terms.Length || (w.Index > flushed && last >= w.Item.First)));
        Assert.True(isThere, $"{seed}: found {Text(found)}, last written {string.Join(' ', written[^1].Terms)}");
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
        return Ready(write, new HardState(term, 0, commit), entries);
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

    // The terms of the whole log after a write, and where that write began.
    private sealed record Written(long[] Terms, long First, HardState Hard);
}
