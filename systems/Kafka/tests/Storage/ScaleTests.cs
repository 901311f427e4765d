using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>What ten thousand partitions cost, shown with a thousand. Alone, since memory is that of the whole process.</summary>
[CollectionDefinition(nameof(ScaleTests), DisableParallelization = true)]
[Collection(nameof(ScaleTests))]
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const int Partitions = 1_000;

    [Fact]
    public async Task An_idle_log_costs_little_memory()
    {
        var disk = new MemoryDisk();
        foreach (var log in await OpenAllAsync(disk, new LogFiles(disk)))
        {
            log.AppendAsLeader(Batch.Produced(1, 0, 0), 3, AppendOrigin.Client);
            await log.CloseAsync();
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var logs = await OpenAllAsync(disk, new LogFiles(disk));
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Partitions;
        output.WriteLine($"{each} bytes");
        Assert.All(logs, l => Assert.Equal((1L, 1, 3), (l.LogEndOffset, l.Producers.Count, l.LatestEpoch)));
        Assert.InRange(each, 1, 20 << 10);
    }

    [Fact]
    public async Task A_clean_restart_reads_no_batches_and_writes_nothing()
    {
        var disk = new MemoryDisk();
        var log = await PartitionLog.OpenAsync(disk, "t-0", new LogSettings { SegmentBytes = 1_000 }, new TestLog.TestClock());
        for (var i = 0; i < 100; i++)
            log.AppendAsLeader(Batch.Produced(1, 0, i), 3, AppendOrigin.Client);
        await log.CloseAsync();
        var watched = new WatchedDisk(disk);
        log = await PartitionLog.OpenAsync(watched, "t-0", new LogSettings { SegmentBytes = 1_000 }, new TestLog.TestClock());
        Assert.Equal((100L, 100L, 99), (log.LogEndOffset, log.SyncedEndOffset, log.Producers.Find(1)!.LastSequence));
        Assert.Equal(0, watched.Changes);
        Assert.DoesNotContain("log", watched.Read);
        Assert.Contains("snapshot", watched.Read);
    }

    [Fact]
    public async Task A_crash_costs_no_more_reading_than_since_the_last_checkpoint()
    {
        var disk = new MemoryDisk();
        var settings = new LogSettings { CheckpointBytes = 2_000 };
        var log = await PartitionLog.OpenAsync(disk, "t-0", settings, new TestLog.TestClock());
        for (var i = 0; i < 1_000; i++)
        {
            log.AppendAsLeader(Batch.Produced(1, 0, i), 3, AppendOrigin.Client);
            await log.SyncAsync();
        }
        disk.Crash(new RandomStream(1));
        var watched = new WatchedDisk(disk);
        log = await PartitionLog.OpenAsync(watched, "t-0", settings, new TestLog.TestClock());
        Assert.Equal(1_000, log.LogEndOffset);
        Assert.InRange(watched.LogBytesRead, 1, 3 * 2_000);
    }

    private static async Task<List<PartitionLog>> OpenAllAsync(IDisk disk, LogFiles files)
    {
        Assert.Same(disk, files.Disk);
        List<PartitionLog> logs = [];
        for (var i = 0; i < Partitions; i++)
            logs.Add(await PartitionLog.OpenAsync(files, $"topic-{i}", new LogSettings(), new TestLog.TestClock()));
        return logs;
    }

    // Counts what is read and changed.
    private sealed class WatchedDisk(IDisk disk) : IDisk
    {
        public int Changes { get; private set; }

        public long LogBytesRead { get; private set; }

        public SortedSet<string> Read { get; } = new(StringComparer.Ordinal);

        public IDiskFile Open(string path, DiskOpen mode) => new File(this, disk.Open(path, mode), path);

        public bool Exists(string path) => disk.Exists(path);

        public IReadOnlyList<string> List(string prefix) => disk.List(prefix);

        public void Rename(string from, string to)
        {
            Changes++;
            disk.Rename(from, to);
        }

        public void Delete(string path)
        {
            Changes++;
            disk.Delete(path);
        }

        public ValueTask SyncNamesAsync(CancellationToken cancellation = default)
        {
            Changes++;
            return disk.SyncNamesAsync(cancellation);
        }

        private sealed class File(WatchedDisk owner, IDiskFile file, string path) : IDiskFile
        {
            public long Length => file.Length;

            public int Read(long offset, Span<byte> buffer)
            {
                var read = file.Read(offset, buffer);
                var name = path[(path.LastIndexOf('/') + 1)..];
                owner.Read.Add(char.IsDigit(name[0]) ? name[(name.IndexOf('.') + 1)..] : name);
                owner.LogBytesRead += name.EndsWith(".log", StringComparison.Ordinal) ? read : 0;
                return read;
            }

            public void Write(long offset, ReadOnlySpan<byte> bytes)
            {
                owner.Changes++;
                file.Write(offset, bytes);
            }

            public void Append(ReadOnlySpan<byte> bytes) => Write(Length, bytes);

            public void SetLength(long length)
            {
                owner.Changes++;
                file.SetLength(length);
            }

            public ValueTask SyncAsync(CancellationToken cancellation = default)
            {
                owner.Changes++;
                return file.SyncAsync(cancellation);
            }

            public ValueTask MakeRoomAsync(long length, CancellationToken cancellation = default)
            {
                owner.Changes++;
                return file.MakeRoomAsync(length, cancellation);
            }

            public void Sync()
            {
                owner.Changes++;
                file.Sync();
            }

            public void Dispose() => file.Dispose();
        }
    }
}
