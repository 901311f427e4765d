using System.Text;

namespace Microcosm.Runtime.Tests;

/// <summary>Errors as .NET has them on Linux, a full disk, and what is left after a sync that failed.</summary>
public sealed class DiskErrorTests
{
    [Fact]
    public void A_full_device_is_what_dotnet_throws()
    {
        SkipUnless("/dev/full");
        using var handle = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        var real = Assert.Throws<IOException>(() => RandomAccess.Write(handle, "x"u8, 0));
        Same(real, DiskError.NoSpace.At("/dev/full"));
    }

    [Fact]
    public void A_failed_read_is_what_dotnet_throws()
    {
        SkipUnless("/proc/self/mem");
        using var handle = File.OpenHandle("/proc/self/mem", FileMode.Open);
        var real = Assert.Throws<IOException>(() => RandomAccess.Read(handle, new byte[1], 0));
        Same(real, DiskError.Io.At("/proc/self/mem"));
    }

    [Fact]
    public void Numbers_and_texts_are_those_of_the_system()
    {
        SkipUnless("/dev/full");
        Assert.All(DiskError.All, e => Assert.Equal(
            System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(e.Number), e.Text));
    }

    [Fact]
    public void A_disk_of_a_hundred_bytes_takes_a_hundred()
    {
        var disk = new MemoryDisk { BytesMax = 100 };
        using var first = disk.Open("a", DiskOpen.OrCreate);
        using var second = disk.Open("b", DiskOpen.OrCreate);
        first.Append(new byte[60]);
        var error = Assert.Throws<IOException>(() => second.Append(new byte[50]));
        Assert.Equal("No space left on device : 'b'", error.Message);
        Assert.Equal((60, 40), (first.Length, second.Length));
        first.Write(0, new byte[60]);
        Assert.Throws<IOException>(() => first.Append("x"u8));
        disk.Delete("b");
        first.Append(new byte[40]);
        Assert.Equal(100, disk.BytesUsed);
    }

    [Fact]
    public async Task What_a_failed_sync_covered_may_be_lost_although_the_next_one_succeeds()
    {
        var seen = new HashSet<string>();
        for (ulong seed = 0; seed < 100; seed++)
        {
            var (disk, plan) = NewDisk();
            using var file = disk.Faulty.Open("log", DiskOpen.OrCreate);
            file.Append("safe"u8);
            await file.SyncAsync(TestContext.Current.CancellationToken);
            await disk.Memory.SyncNamesAsync(TestContext.Current.CancellationToken);
            file.Append("gone"u8);
            plan.Add("disk.sync nth=1 error=EIO");
            await Assert.ThrowsAsync<IOException>(async () => await file.SyncAsync(TestContext.Current.CancellationToken));
            file.Append("kept"u8);
            await file.SyncAsync(TestContext.Current.CancellationToken);
            Assert.Equal("safegonekept", Read(disk.Memory));
            disk.Memory.Crash(new RandomStream(seed));
            seen.Add(Read(disk.Memory));
        }
        Assert.Equal(["safe\0\0\0\0kept", "safegonekept"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task After_a_failed_sync_the_rest_is_kept_lost_or_torn_as_ever()
    {
        var seen = new HashSet<string>();
        for (ulong seed = 0; seed < 300; seed++)
        {
            var (disk, plan) = NewDisk();
            using var file = disk.Faulty.Open("log", DiskOpen.OrCreate);
            await disk.Memory.SyncNamesAsync(TestContext.Current.CancellationToken);
            file.Append("ab"u8);
            plan.Add("disk.sync nth=1 error=EIO");
            Assert.Throws<IOException>(file.Sync);
            file.SetLength(1);
            file.Append("xy"u8);
            disk.Memory.Crash(new RandomStream(seed));
            seen.Add(Read(disk.Memory));
        }
        // Lost with the first write; both; the cut alone; the cut and a part or all of the last write; the same over what was lost.
        Assert.Equal(["", "\0", "\0x", "\0xy", "a", "ab", "ax", "axy"], seen.Order(StringComparer.Ordinal));
    }

    private static ((MemoryDisk Memory, FaultyDisk Faulty) Disk, FaultPlan Plan) NewDisk()
    {
        var clock = new WorldClock(null, DateTimeOffset.UnixEpoch);
        var plan = new FaultPlan(new Seed(1), clock);
        var memory = new MemoryDisk();
        return ((memory, new FaultyDisk(memory, plan, "n-1", new Seed(1), clock)), plan);
    }

    private static void Same(IOException real, IOException ours) =>
        Assert.Equal((real.GetType(), real.Message, real.HResult), (ours.GetType(), ours.Message, ours.HResult));

    private static void SkipUnless(string path)
    {
        if (!File.Exists(path))
            Assert.Skip($"needs {path} (Linux)");
    }

    private static string Read(MemoryDisk disk)
    {
        using var file = disk.Open("log", DiskOpen.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
