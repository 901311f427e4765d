using System.Text;

namespace Microcosm.Runtime.Tests;

/// <summary>What both disks promise, and what a crash of the memory disk takes.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("microcosm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_are_written_read_renamed_listed_and_deleted(bool real)
    {
        IDisk disk = real ? new RealDisk(_folder) : new MemoryDisk();
        using (var file = disk.Open("a/one", DiskOpen.OrCreate))
        {
            file.Append("hello"u8);
            file.Write(1, "E"u8);
            file.SetLength(4);
            await file.SyncAsync();
            Assert.Equal(4, file.Length);
        }
        disk.Rename("a/one", "b/two");
        await disk.SyncNamesAsync();
        Assert.Equal(["b/two"], disk.List(""));
        Assert.Equal("hEll", Read(disk, "b/two"));
        Assert.Throws<FileNotFoundException>(() => disk.Open("a/one", DiskOpen.Existing));
        disk.Delete("b/two");
        Assert.False(disk.Exists("b/two"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_may_be_closed_while_it_is_synced(bool real)
    {
        IDisk disk = real ? new RealDisk(_folder) : new MemoryDisk();
        for (var i = 0; i < 100; i++)
        {
            var file = disk.Open("log", DiskOpen.OrCreate);
            file.Append("x"u8);
            var sync = file.SyncAsync();
            file.Dispose();
            file.Dispose();
            await sync;
        }
        Assert.Equal(100, Read(disk, "log").Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Room_is_zeros_behind_what_was_written(bool real)
    {
        IDisk disk = real ? new RealDisk(_folder) : new MemoryDisk();
        using var file = disk.Open("log", DiskOpen.OrCreate);
        file.Append("hello"u8);
        await file.MakeRoomAsync(300_000);
        file.Write(5, " world"u8);
        await file.SyncAsync();
        await file.MakeRoomAsync(10);
        Assert.Equal(300_000, file.Length);
        Assert.Equal("hello world", Read(disk, "log").TrimEnd('\0'));
        file.SetLength(11);
        Assert.Equal("hello world", Read(disk, "log"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Room_never_takes_the_place_of_what_is_written_while_it_is_made(bool real)
    {
        const int pieces = 200;
        IDisk disk = real ? new RealDisk(_folder) : new MemoryDisk();
        using var file = disk.Open("log", DiskOpen.OrCreate);
        var piece = Enumerable.Repeat((byte)'x', 20_000).ToArray();
        var room = file.MakeRoomAsync(pieces * piece.Length / 2);
        for (var i = 0; i < pieces; i++)
            file.Write((long)i * piece.Length, piece);
        await room;
        Assert.Equal(new string('x', pieces * piece.Length), Read(disk, "log"));
    }

    [Fact]
    public async Task No_room_is_made_any_more_where_the_file_was_cut_closed_or_deleted_meanwhile()
    {
        var disk = new RealDisk(_folder);
        for (var i = 0; i < 50; i++)
        {
            var file = disk.Open("log", DiskOpen.OrCreate);
            file.Write(0, "x"u8);
            var room = file.MakeRoomAsync(10_000_000);
            if (i % 2 == 0)
                file.SetLength(1);
            else
                file.Dispose();
            var length = new FileInfo(Path.Combine(_folder, "log")).Length;
            if (i % 3 == 0)
            {
                file.Dispose();
                disk.Delete("log");
            }
            await room;
            if (i % 3 != 0)
                Assert.Equal(length, new FileInfo(Path.Combine(_folder, "log")).Length);
            file.Dispose();
        }
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("")]
    public void A_path_that_leaves_the_disk_is_refused(string path)
    {
        Assert.Throws<ArgumentException>(() => new MemoryDisk().Open(path, DiskOpen.OrCreate));
        Assert.Throws<ArgumentException>(() => new RealDisk(_folder).Open(path, DiskOpen.OrCreate));
    }

    [Fact]
    public async Task A_crash_keeps_what_was_synced_and_a_prefix_of_the_rest()
    {
        var lengths = new HashSet<long>();
        for (ulong seed = 0; seed < 200; seed++)
        {
            var disk = new MemoryDisk();
            using var file = disk.Open("log", DiskOpen.OrCreate);
            file.Append("safe"u8);
            await file.SyncAsync();
            await disk.SyncNamesAsync();
            file.Append("1234"u8);
            file.Append("5678"u8);
            disk.Crash(new RandomStream(seed));
            var left = Read(disk, "log");
            Assert.StartsWith(left, "safe12345678");
            Assert.StartsWith("safe", left);
            lengths.Add(left.Length);
        }
        Assert.Contains(4, lengths);
        Assert.Contains(8, lengths);
        Assert.Contains(12, lengths);
        Assert.Contains(6, lengths);
    }

    [Fact]
    public async Task A_name_that_was_not_synced_may_be_gone_after_a_crash()
    {
        var seen = new HashSet<bool>();
        for (ulong seed = 0; seed < 50; seed++)
        {
            var disk = new MemoryDisk();
            using var file = disk.Open("new", DiskOpen.OrCreate);
            await file.SyncAsync();
            disk.Crash(new RandomStream(seed));
            seen.Add(disk.Exists("new"));
        }
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void An_archive_brings_every_file_back_and_damage_is_seen()
    {
        var disk = new MemoryDisk();
        using (var file = disk.Open("dir/data", DiskOpen.OrCreate))
            file.Append(new byte[200_000]);
        var archive = new MemoryStream();
        DiskArchive.Save(disk, archive);
        archive.Position = 0;
        var copy = new MemoryDisk();
        DiskArchive.Load(archive, copy);
        Assert.Equal(200_000, copy.Open("dir/data", DiskOpen.Existing).Length);
        var bytes = archive.ToArray();
        bytes[1000] ^= 1;
        Assert.Throws<InvalidDataException>(() => DiskArchive.Load(new MemoryStream(bytes), new MemoryDisk()));
        Assert.Throws<InvalidDataException>(() => DiskArchive.Load(new MemoryStream(bytes[..5000]), new MemoryDisk()));
    }

    private static string Read(IDisk disk, string path)
    {
        using var file = disk.Open(path, DiskOpen.Existing);
        var bytes = new byte[file.Length];
        var n = file.Read(0, bytes);
        return Encoding.ASCII.GetString(bytes, 0, n);
    }
}
