using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>A log on a disk in memory, with a clock that stands until it is moved.</summary>
internal sealed class TestLog
{
    private readonly string _folder;

    private TestLog(MemoryDisk disk, LogSettings settings, string folder) => (Disk, Settings, _folder) = (disk, settings, folder);

    public MemoryDisk Disk { get; }

    public TestClock Clock { get; } = new();

    public LogSettings Settings { get; set; }

    public PartitionLog Log { get; private set; } = null!;

    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<TestLog> OpenAsync(LogSettings? settings = null, MemoryDisk? disk = null)
    {
        var test = new TestLog(disk ?? new MemoryDisk(), settings ?? new LogSettings(), "t-0");
        await test.ReopenAsync();
        return test;
    }

    /// <summary>Opens it again as it is on the disk, without having closed it.</summary>
    public async Task ReopenAsync() => Log = await PartitionLog.OpenAsync(Disk, _folder, Settings, Clock);

    /// <summary>The power fails and comes back.</summary>
    public async Task CrashAsync(ulong seed = 1)
    {
        Disk.Crash(new RandomStream(seed));
        await ReopenAsync();
    }

    public AppendInfo Append(byte[] batch, int epoch = 0, AppendOrigin origin = AppendOrigin.Client) =>
        Log.AppendAsLeader(batch, epoch, origin);

    /// <summary>Appends a batch, which must do, and returns its first offset.</summary>
    public long Put(byte[] batch, int epoch = 0, AppendOrigin origin = AppendOrigin.Client)
    {
        var info = Append(batch, epoch, origin);
        Assert.True(info.Error == KafkaError.None, $"{info.Error}: {info.ErrorMessage}");
        return info.FirstOffset;
    }

    /// <summary>Everything that is there from an offset on.</summary>
    public List<string> Records(long from = -1) => Records(Log, from);

    public static List<string> Records(PartitionLog log, long from = -1, int maxBytes = 1 << 20)
    {
        List<string> records = [];
        for (var offset = from < 0 ? log.LogStartOffset : from; offset < log.LogEndOffset;)
        {
            var read = log.Read(offset, maxBytes, long.MaxValue, minOneBatch: true);
            Assert.Equal(KafkaError.None, read.Error);
            if (read.Records.IsEmpty)
                break;
            records.AddRange(Batch.Read(read.Records));
            offset = read.NextOffset;
        }
        return records;
    }

    internal sealed class TestClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(long ms) => _now += TimeSpan.FromMilliseconds(ms);
    }
}
