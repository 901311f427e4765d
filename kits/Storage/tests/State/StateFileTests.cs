using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>A value is replaced whole or not at all, and never goes back.</summary>
public sealed class StateFileTests
{
    [Fact]
    public async Task A_value_is_there_after_opening_again()
    {
        var disk = new MemoryDisk();
        using (var state = await StateFile.OpenAsync(disk, "raft/state"))
        {
            Assert.False(state.HasValue);
            await state.SaveAsync("a long value"u8.ToArray());
            await state.SaveAsync("short"u8.ToArray());
        }
        disk.Crash(new RandomStream(1));
        using var again = await StateFile.OpenAsync(disk, "raft/state");
        Assert.Equal("short", Encoding.UTF8.GetString(again.Value));
    }

    [Fact]
    public async Task A_value_may_be_empty_and_no_longer_than_agreed()
    {
        using var state = await StateFile.OpenAsync(new MemoryDisk(), "state", bytesMax: 3);
        await state.SaveAsync(ReadOnlyMemory<byte>.Empty);
        Assert.True(state.HasValue);
        await state.SaveAsync("123"u8.ToArray());
        await Assert.ThrowsAsync<ArgumentException>(async () => await state.SaveAsync("1234"u8.ToArray()));
        Assert.Equal(3, state.Value.Length);
    }

    [Fact]
    public async Task A_crash_in_any_step_leaves_the_old_value_or_the_new()
    {
        var (old, fresh) = (0, 0);
        for (var at = 1; at <= 25; at++)
        {
            for (var torn = 0; torn < 40; torn++)
            {
                var disk = new MemoryDisk();
                var crash = new CrashingDisk(disk, at, torn % 2 == 0);
                var (acknowledged, begun) = await SaveAsync(crash.Disk, 0);
                var random = new RandomStream((ulong)(at * 100 + torn));
                disk.Crash(random);
                // It may crash in recovery too, and be saved again.
                var second = new CrashingDisk(disk, 1 + random.Next(9), random.Chance(0.5));
                (acknowledged, begun) = await SaveAsync(second.Disk, begun, acknowledged);
                disk.Crash(random);
                using var again = await StateFile.OpenAsync(disk, "state");
                var found = again.HasValue ? int.Parse(Encoding.UTF8.GetString(again.Value).Split(' ')[0]) : 0;
                Assert.True(found >= acknowledged && found <= begun, $"step {at}, torn {torn}: {acknowledged} ≤ {found} ≤ {begun}");
                _ = found == acknowledged ? old++ : fresh++;
            }
        }
        Assert.True(old > 100 && fresh > 100, $"{old} old, {fresh} new");
    }

    [Fact]
    public async Task One_damaged_copy_is_mended_and_two_are_refused()
    {
        var disk = new MemoryDisk();
        using (var state = await StateFile.OpenAsync(disk, "state"))
            await SaveAsync(state, "one", "two", "three");
        foreach (var path in new[] { "state.a", "state.b" })
        {
            for (var at = 0; at < 24 + 5; at++)
            {
                var damaged = disk.Clone();
                Flip(damaged, path, at);
                using (var state = await StateFile.OpenAsync(damaged, "state"))
                    Assert.Equal("three", Encoding.UTF8.GetString(state.Value));
                // Mended: the other may be damaged now.
                Flip(damaged, path == "state.a" ? "state.b" : "state.a", at);
                using (var state = await StateFile.OpenAsync(damaged, "state"))
                    Assert.Equal("three", Encoding.UTF8.GetString(state.Value));
            }
        }
        Flip(disk, "state.a", 20);
        Flip(disk, "state.b", 20);
        await Assert.ThrowsAsync<DamagedFileException>(async () => await StateFile.OpenAsync(disk, "state"));
    }

    [Fact]
    public async Task A_failed_sync_poisons_it()
    {
        var disk = new PageCacheDisk();
        using (var state = await StateFile.OpenAsync(disk, "state"))
        {
            await state.SaveAsync("safe"u8.ToArray());
            disk.SyncsUntilFailure = 1;
            await Assert.ThrowsAnyAsync<IOException>(async () => await state.SaveAsync("lost?"u8.ToArray()));
            await Assert.ThrowsAsync<PoisonedException>(async () => await state.SaveAsync("more"u8.ToArray()));
            Assert.Equal("safe", Encoding.UTF8.GetString(state.Value));
        }
        string shown;
        using (var again = await StateFile.OpenAsync(disk, "state"))
            shown = Encoding.UTF8.GetString(again.Value);
        disk.Crash();
        using var last = await StateFile.OpenAsync(disk, "state");
        Assert.Equal(shown, Encoding.UTF8.GetString(last.Value));
    }

    private static async Task<(int Acknowledged, int Begun)> SaveAsync(IDisk disk, int begun, int acknowledged = 0)
    {
        try
        {
            using var state = await StateFile.OpenAsync(disk, "state");
            if (state.HasValue)
                acknowledged = Math.Max(acknowledged, int.Parse(Encoding.UTF8.GetString(state.Value).Split(' ')[0]));
            for (var i = 0; i < 4; i++)
            {
                var text = $"{++begun} {new string('x', begun * 37 % 60)}";
                await state.SaveAsync(Encoding.UTF8.GetBytes(text));
                acknowledged = begun;
            }
        }
        catch (IOException)
        {
        }
        return (acknowledged, begun);
    }

    private static async Task SaveAsync(StateFile state, params string[] values)
    {
        foreach (var value in values)
            await state.SaveAsync(Encoding.UTF8.GetBytes(value));
    }

    private static void Flip(MemoryDisk disk, string path, int at)
    {
        using var file = disk.Open(path, DiskOpen.Existing);
        var bytes = new byte[1];
        file.Read(at, bytes);
        file.Write(at, [(byte)(bytes[0] ^ 4)]);
    }
}
