using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>Bad input is refused, in words that say what was wrong.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("SegmentBytes")]
    [InlineData("RecordBytesMax")]
    [InlineData("PendingBytesMax")]
    [InlineData("IndexBytes")]
    public void An_option_out_of_range_is_refused_when_it_is_set(string option)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => option switch
        {
            "SegmentBytes" => new LogOptions { SegmentBytes = 63 },
            "RecordBytesMax" => new LogOptions { RecordBytesMax = 0 },
            "PendingBytesMax" => new LogOptions { PendingBytesMax = int.MaxValue },
            _ => new LogOptions { IndexBytes = 0 },
        });
        Assert.Contains(option, e.Message);
    }

    [Fact]
    public async Task Limits_that_contradict_each_other_are_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await SegmentedLog.OpenAsync(new MemoryDisk(), "log", new LogOptions { RecordBytesMax = 100, PendingBytesMax = 100 }));

    [Fact]
    public async Task A_record_over_the_limit_is_refused_and_one_at_it_is_not()
    {
        using var log = await SegmentedLog.OpenAsync(new MemoryDisk(), "log",
            new LogOptions { SegmentBytes = 64, RecordBytesMax = 1_000, PendingBytesMax = 2_000 });
        Assert.Throws<ArgumentException>(() => log.Append(new byte[1_001]));
        Assert.Equal(1, log.Append(new byte[1_000]));
        Assert.Throws<InvalidOperationException>(() => log.Append(new byte[1_000]));
        await log.CommitAsync();
        Assert.Equal(2, log.Append(new byte[1_000]));
        await log.CommitAsync();
        Assert.Equal(2, log.SegmentCount);
        Assert.Equal(1_000, log.Read(2, new byte[1_000]));
    }

    [Fact]
    public async Task A_buffer_that_is_too_small_is_left_alone_and_told_the_length()
    {
        using var log = await SegmentedLog.OpenAsync(new MemoryDisk(), "log");
        log.Append("12345"u8);
        var buffer = new byte[4];
        Assert.Equal(5, log.Read(1, buffer));
        Assert.Equal(new byte[4], buffer);
    }

    [Fact]
    public async Task Records_that_are_not_there_are_refused()
    {
        using var log = await SegmentedLog.OpenAsync(new MemoryDisk(), "log");
        for (var i = 0; i < 4; i++)
            log.Append("x"u8);
        log.TruncatePrefix(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Read(2, new byte[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Read(5, new byte[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.TruncateSuffix(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.TruncateSuffix(6));
        using var reader = log.ReadFrom(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.TryRead(out _));
    }

    [Fact]
    public async Task A_closed_log_is_refused()
    {
        var log = await SegmentedLog.OpenAsync(new MemoryDisk(), "log");
        log.Append("x"u8);
        await log.CloseAsync();
        Assert.Throws<ObjectDisposedException>(() => log.Append("y"u8));
        Assert.Throws<ObjectDisposedException>(() => log.Read(1, new byte[9]));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.CommitAsync());
    }

    [Fact]
    public void The_checksum_is_the_known_one() => Assert.Equal(0xe3069283, Crc32C.Of("123456789"u8));

    [Theory]
    [InlineData(1535)]
    [InlineData(1536)]
    [InlineData(1537)]
    [InlineData(10_007)]
    public void A_checksum_is_that_of_its_bytes_one_by_one(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        var oneByOne = 0x12345678u;
        foreach (var b in bytes)
            oneByOne = System.Numerics.BitOperations.Crc32C(oneByOne, b);
        Assert.Equal(oneByOne, Crc32C.Add(0x12345678u, bytes));
    }
}
