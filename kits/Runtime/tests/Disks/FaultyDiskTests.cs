using System.Text;

namespace Microcosm.Runtime.Tests;

/// <summary>Disks that fail where the fault plan says so.</summary>
public sealed class FaultyDiskTests
{
    private readonly WorldClock _clock = new(null, DateTimeOffset.UnixEpoch);
    private readonly MemoryDisk _memory = new();
    private readonly FaultPlan _plan;
    private readonly FaultyDisk _disk;

    public FaultyDiskTests()
    {
        _plan = new FaultPlan(new Seed(1), _clock);
        _disk = new FaultyDisk(_memory, _plan, "n-1", new Seed(1), _clock);
    }

    [Theory]
    [InlineData("disk.write target=appendonlydir/* nth=3 error=ENOSPC")]
    [InlineData("disk.* node=redis-1 p=0.5 limit=2 error=EIO")]
    [InlineData("disk.write short-write=100")]
    [InlineData("disk.read every=2 corrupt")]
    [InlineData("disk.sync delay=20ms")]
    [InlineData("disk.rename kill-node")]
    public void A_rule_prints_as_it_is_written(string text) => Assert.Equal(text, FaultGrammar.Parse(text).ToString());

    [Theory]
    [InlineData("disk.write error=EPERM", "'error' takes one of EIO, ENOSPC")]
    [InlineData("disk.write short-write=few", "takes a number of bytes")]
    [InlineData("disk.sync short-write=3", "'short-write' goes with disk.write")]
    [InlineData("disk.open corrupt", "'corrupt' goes with disk.read and disk.write")]
    [InlineData("disk.write delay=1s", "'delay' goes with disk.sync")]
    [InlineData("disk.write drop-reply", "'drop-reply' goes with operations of protocols")]
    [InlineData("redis.SET error=EIO", "'error' goes with disk.*")]
    [InlineData("disk.seek error=EIO", "no operation 'seek'")]
    [InlineData("disk.write client=app error=EIO", "no clients")]
    public void A_wrong_rule_says_what_is_wrong(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => FaultGrammar.Parse(text)).Message);

    [Fact]
    public void The_third_write_to_a_matching_file_fails_and_is_recorded()
    {
        _plan.Add("disk.write node=n-1 target=aof/* nth=3 error=ENOSPC");
        using var other = _disk.Open("dump", DiskOpen.OrCreate);
        using var file = _disk.Open("aof/1", DiskOpen.OrCreate);
        for (var i = 0; i < 5; i++)
            other.Append("x"u8);
        file.Append("a"u8);
        file.Append("b"u8);
        var error = Assert.Throws<IOException>(() => file.Append("c"u8));
        file.Append("d"u8);
        Assert.Equal("No space left on device : 'aof/1'", error.Message);
        Assert.Equal("abd", Read("aof/1"));
        var fired = Assert.Single(_plan.Fired);
        Assert.Equal(("disk.write", 3, "n-1"), (fired.Operation, fired.Ordinal, fired.Node));
    }

    [Theory]
    [InlineData("disk.write error=ENOSPC", 28)]
    [InlineData("disk.write short-write=2", 28)]
    [InlineData("disk.sync error=EIO", 5)]
    public async Task Room_is_a_write_and_a_sync_and_fails_as_they_do(string rule, int error)
    {
        using var file = _disk.Open("f", DiskOpen.OrCreate);
        file.Append("abc"u8);
        _plan.Add(rule);
        Assert.Equal(error, (await Assert.ThrowsAsync<IOException>(async () => await file.MakeRoomAsync(10))).HResult);
    }

    [Fact]
    public async Task What_was_written_may_be_lost_although_it_was_only_the_sync_of_room_that_failed()
    {
        var lengths = new HashSet<long>();
        for (ulong seed = 0; seed < 50; seed++)
        {
            var memory = new MemoryDisk();
            var disk = new FaultyDisk(memory, _plan, "n-1", new Seed(1), _clock);
            using var file = disk.Open("f", DiskOpen.OrCreate);
            await disk.SyncNamesAsync();
            file.Append("abc"u8);
            var rule = _plan.Add("disk.sync limit=1 error=EIO");
            await Assert.ThrowsAsync<IOException>(async () => await file.MakeRoomAsync(4));
            _plan.Remove(rule.Id);
            await file.SyncAsync();
            memory.Crash(new RandomStream(seed));
            lengths.Add(file.Length);
        }
        Assert.Contains(0, lengths);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("read")]
    [InlineData("truncate")]
    [InlineData("sync")]
    [InlineData("rename")]
    [InlineData("delete")]
    public void Every_operation_can_fail_and_does_nothing_then(string operation)
    {
        using var file = _disk.Open("f", DiskOpen.OrCreate);
        file.Append("abc"u8);
        _plan.Add($"disk.{operation} error=EIO");
        Action act = operation switch
        {
            "open" => () => _disk.Open("new", DiskOpen.OrCreate),
            "read" => () => file.Read(0, new byte[1]),
            "truncate" => () => file.SetLength(1),
            "sync" => file.Sync,
            "rename" => () => _disk.Rename("f", "g"),
            _ => () => _disk.Delete("f"),
        };
        Assert.Equal(5, Assert.Throws<IOException>(act).HResult);
        Assert.Equal(["f"], _disk.List(""));
        Assert.Equal("abc", Read("f"));
    }

    [Fact]
    public async Task Names_that_are_not_synced_are_the_syncs_of_a_point()
    {
        _plan.Add("disk.sync target=. error=EROFS");
        using var file = _disk.Open("f", DiskOpen.OrCreate);
        await file.SyncAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<IOException>(async () => await _disk.SyncNamesAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_short_write_leaves_its_first_bytes()
    {
        _plan.Add("disk.write short-write=2");
        using var file = _disk.Open("f", DiskOpen.OrCreate);
        file.Append("ab"u8);
        Assert.Equal(DiskError.NoSpace.Number, Assert.Throws<IOException>(() => file.Append("cdef"u8)).HResult);
        Assert.Equal("abcd", Read("f"));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("write")]
    public void Corruption_flips_one_bit_and_the_same_one_for_the_same_seed(string operation)
    {
        Assert.Equal(Corrupted(operation, 7), Corrupted(operation, 7));
        Assert.NotEqual(Corrupted(operation, 7), Corrupted(operation, 8));
        Assert.Equal(1, Corrupted(operation, 7).Sum(b => System.Numerics.BitOperations.PopCount(b)));
    }

    [Fact]
    public async Task A_slow_sync_takes_its_time_on_the_clock()
    {
        _plan.Add("disk.sync delay=20ms");
        using var file = _disk.Open("f", DiskOpen.OrCreate);
        var sync = file.SyncAsync(TestContext.Current.CancellationToken).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(sync.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await sync;
    }

    [Fact]
    public async Task A_rule_for_protocols_meets_no_disk()
    {
        _plan.Add("*.* drop-reply");
        using var file = _disk.Open("f", DiskOpen.OrCreate);
        await file.SyncAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_plan.Fired);
    }

    private static byte[] Corrupted(string operation, ulong seed)
    {
        var clock = new WorldClock(null, DateTimeOffset.UnixEpoch);
        var plan = new FaultPlan(new Seed(seed), clock);
        plan.Add($"disk.{operation} corrupt");
        var disk = new FaultyDisk(new MemoryDisk(), plan, "n-1", new Seed(seed), clock);
        using var file = disk.Open("f", DiskOpen.OrCreate);
        file.Append(new byte[64]);
        var bytes = new byte[64];
        file.Read(0, bytes);
        return bytes;
    }

    private string Read(string path)
    {
        using var file = _memory.Open(path, DiskOpen.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
