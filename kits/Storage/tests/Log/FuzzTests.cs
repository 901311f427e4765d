using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>Files with wrong bytes: a log with damage is refused and left alone, or cut at its tail; never is a wrong record
/// shown.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private LogOptions _options = new() { SegmentBytes = 300, IndexBytes = 64, RecordBytesMax = 200, PendingBytesMax = 4_096 };

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_flipped_bit_is_refused_or_cuts_the_tail(bool isClosed, bool verifiesAll)
    {
        _options = _options with { VerifiesAll = verifiesAll };
        var (disk, written) = await WriteAsync(isClosed);
        var (refused, cut, same) = (0, 0, 0);
        var last = disk.List("log/").Last(p => p.EndsWith(".log", StringComparison.Ordinal));
        foreach (var path in disk.List(""))
        {
            for (var i = 0; i < BytesOf(disk, path).Length; i++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    var damaged = disk.Clone();
                    Overwrite(damaged, path, i, (byte)(BytesOf(disk, path)[i] ^ (1 << bit)));
                    var outcome = await OpenAsync(damaged, written, $"{path}, byte {i}, bit {bit}");
                    // One copy of the state may go; a segment that has a successor, or was closed, never silently.
                    if (path.Contains("state", StringComparison.Ordinal))
                        Assert.Equal(written.Count, outcome);
                    else if (path != last || isClosed && i < BytesOf(disk, path).Length - Frame.MarkBytes)
                        Assert.Equal(-1, outcome);
                    _ = outcome < 0 ? refused++ : outcome < written.Count ? cut++ : same++;
                }
            }
        }
        output.WriteLine($"refused {refused}, cut {cut}, nothing lost {same}");
        Assert.True(refused > 0 && (isClosed || cut > 0));
    }

    [Fact]
    public async Task A_file_cut_off_anywhere_is_refused_or_cuts_the_tail()
    {
        var (disk, written) = await WriteAsync(isClosed: false);
        var segments = disk.List("log/").Where(p => p.EndsWith(".log", StringComparison.Ordinal)).ToArray();
        foreach (var path in segments)
        {
            for (var length = 0; length < BytesOf(disk, path).Length; length++)
            {
                var damaged = disk.Clone();
                using (var file = damaged.Open(path, DiskOpen.Existing))
                    file.SetLength(length);
                var outcome = await OpenAsync(damaged, written, $"{path} cut to {length}");
                Assert.Equal(path == segments[^1], outcome >= 0);
            }
        }
    }

    [Fact]
    public async Task What_stands_behind_the_last_record_is_cut_whatever_it_is()
    {
        var (disk, written) = await WriteAsync(isClosed: false);
        var segments = disk.List("log/").Where(p => p.EndsWith(".log", StringComparison.Ordinal)).ToArray();
        // Zeros, noise, another segment's frames, this segment's own.
        byte[][] tails =
        [
            new byte[500], Encoding.ASCII.GetBytes(new string('?', 500)), BytesOf(disk, segments[0])[SegmentHeader.Bytes..],
            BytesOf(disk, segments[^1])[SegmentHeader.Bytes..],
        ];
        foreach (var tail in tails)
        {
            var damaged = disk.Clone();
            using (var file = damaged.Open(segments[^1], DiskOpen.Existing))
                file.Append(tail);
            Assert.Equal(written.Count, await OpenAsync(damaged, written, "tail"));
        }
    }

    [Fact]
    public async Task A_missing_segment_or_state_is_refused()
    {
        var (disk, written) = await WriteAsync(isClosed: false);
        var segments = disk.List("log/").Where(p => p.EndsWith(".log", StringComparison.Ordinal)).ToArray();
        foreach (var path in segments[..^1])
        {
            var damaged = disk.Clone();
            damaged.Delete(path);
            Assert.Equal(-1, await OpenAsync(damaged, written, $"without {path}"));
        }
        var stateless = disk.Clone();
        stateless.Delete("log/state.a");
        stateless.Delete("log/state.b");
        Assert.Equal(-1, await OpenAsync(stateless, written, "without state"));
    }

    // Returns how many records the log has, -1 if it is refused; then nothing was changed but names that are empty files.
    private async Task<int> OpenAsync(MemoryDisk disk, List<string> written, string place)
    {
        var before = Segments(disk);
        try
        {
            using var log = await SegmentedLog.OpenAsync(disk, "log", _options);
            var count = 0;
            using var reader = log.ReadFrom(log.First);
            while (reader.TryRead(out var record))
                Assert.True(written[count++] == Encoding.UTF8.GetString(record), place);
            return count;
        }
        catch (DamagedFileException e)
        {
            Assert.True(before.SequenceEqual(Segments(disk)), place);
            Assert.Contains(e.Path, e.Message);
            Assert.InRange(e.Position, 0, 10_000);
            return -1;
        }
    }

    private async Task<(MemoryDisk Disk, List<string> Written)> WriteAsync(bool isClosed)
    {
        var (disk, written) = (new MemoryDisk(), new List<string>());
        using var log = await SegmentedLog.OpenAsync(disk, "log", _options);
        for (var i = 0; i < 24; i++)
        {
            written.Add($"record {i} {new string((char)('a' + i), i * 7 % 31)}");
            log.Append(Encoding.UTF8.GetBytes(written[^1]));
            if (i % 3 == 0)
                await log.CommitAsync();
        }
        await log.CommitAsync();
        Assert.True(log.SegmentCount > 3);
        if (isClosed)
            await log.CloseAsync();
        return (disk, written);
    }

    private static string[] Segments(MemoryDisk disk) =>
        [.. disk.List("log/0").Select(p => $"{p} {Convert.ToHexString(BytesOf(disk, p))}")];

    private static byte[] BytesOf(MemoryDisk disk, string path)
    {
        using var file = disk.Open(path, DiskOpen.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    private static void Overwrite(MemoryDisk disk, string path, int at, byte value)
    {
        using var file = disk.Open(path, DiskOpen.Existing);
        file.Write(at, [value]);
    }
}
