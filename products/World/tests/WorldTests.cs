using Microcosm.Redis;
using Microcosm.Runtime;
using StackExchange.Redis;

namespace Microcosm.Tests;

/// <summary>The public API as a user of it would use it.</summary>
public sealed class WorldTests
{
    [Fact]
    public async Task The_clock_expires_keys_when_it_is_moved()
    {
        await using var world = await World.StartAsync(w => w.AddRedis());
        await using var client = await ConnectAsync(world);
        await client.GetDatabase().StringSetAsync("k", "v", TimeSpan.FromHours(1));
        world.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await client.GetDatabase().KeyExistsAsync("k"));
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await client.GetDatabase().KeyExistsAsync("k"));
    }

    [Fact]
    public async Task The_third_SET_is_applied_and_its_reply_dropped()
    {
        await using var world = await World.StartAsync(w => w.AddRedis());
        world.Faults.Add("redis.SET target=k* nth=3 drop-reply");
        await using var stream = await world.ConnectAsync(world.Node("redis-1").Address);
        var line = new byte[5];
        for (var i = 1; i <= 2; i++)
        {
            await stream.WriteAsync("SET k v\r\n"u8.ToArray());
            await stream.ReadExactlyAsync(line);
        }
        await stream.WriteAsync("SET k third\r\n"u8.ToArray());
        Assert.Equal(0, await stream.ReadAsync(line));
        await using var client = await ConnectAsync(world);
        Assert.Equal("third", await client.GetDatabase().StringGetAsync("k"));
        Assert.Equal(3, Assert.Single(world.Faults.Fired).Ordinal);
    }

    [Fact]
    public async Task A_killed_node_comes_back_with_every_acknowledged_write()
    {
        await using var world = await DurableAsync();
        for (var i = 0; i < 20; i++)
        {
            await using (var client = await ConnectAsync(world))
                await client.GetDatabase().StringSetAsync($"k{i}", i);
            await world.Node("redis-1").KillAsync();
            Assert.Equal(NodeState.Killed, world.Node("redis-1").State);
            await world.Node("redis-1").RestartAsync();
        }
        await using var last = await ConnectAsync(world);
        for (var i = 0; i < 20; i++)
            Assert.Equal(i, (int)await last.GetDatabase().StringGetAsync($"k{i}"));
    }

    [Fact]
    public async Task A_data_folder_keeps_the_state_over_worlds()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm").FullName;
        for (var round = 0; round < 2; round++)
        {
            await using var world = await World.StartAsync(w =>
            {
                w.AddRedis(o => o.AppendOnly = true);
                w.Options.DataFolder = folder;
            });
            await using var client = await ConnectAsync(world);
            Assert.Equal(round + 1, await client.GetDatabase().StringIncrementAsync("rounds"));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_world_does_not_listen_beyond_this_machine() =>
        await Assert.ThrowsAsync<ArgumentException>(() => World.StartAsync(w => w.Options.Address = global::System.Net.IPAddress.Any));

    private static Task<World> DurableAsync() => World.StartAsync(w => w.AddRedis(o =>
    {
        o.AppendOnly = true;
        o.AppendFsync = AppendFsync.Always;
    }));

    private static async Task<ConnectionMultiplexer> ConnectAsync(World world) =>
        await ConnectionMultiplexer.ConnectAsync(world.System("redis").ConnectionString);
}
