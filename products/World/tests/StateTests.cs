using Microcosm.Redis;
using Microcosm.Runtime;
using StackExchange.Redis;

namespace Microcosm.Tests;

/// <summary>The state of a world as a whole: forked, reset, saved, loaded, kept over a graceful stop.</summary>
public sealed class StateTests
{
    [Fact]
    public async Task A_fork_has_the_state_and_goes_its_own_way()
    {
        await using var world = await DurableAsync();
        await using var client = await ConnectAsync(world);
        await client.GetDatabase().StringSetAsync("k", "before");
        await using var fork = await world.ForkAsync();
        await using var forked = await ConnectAsync(fork);
        await client.GetDatabase().StringSetAsync("k", "after");
        Assert.Equal("before", await forked.GetDatabase().StringGetAsync("k"));
        await forked.GetDatabase().StringSetAsync("k", "elsewhere");
        Assert.Equal("after", await client.GetDatabase().StringGetAsync("k"));
        Assert.NotEqual(world.System("redis").ConnectionString, fork.System("redis").ConnectionString);
    }

    [Fact]
    public async Task A_fork_begins_at_the_same_time()
    {
        await using var world = await DurableAsync();
        world.Clock.Pause();
        world.Clock.Advance(TimeSpan.FromDays(400));
        await using (var client = await ConnectAsync(world))
            await client.GetDatabase().StringSetAsync("k", "v", TimeSpan.FromHours(1));
        await using var fork = await world.ForkAsync();
        Assert.Equal((world.Clock.Now, 0.0), (fork.Clock.Now, fork.Clock.Scale));
        await using var forked = await ConnectAsync(fork);
        Assert.Equal(TimeSpan.FromHours(1), await forked.GetDatabase().KeyTimeToLiveAsync("k"));
        fork.Clock.Advance(TimeSpan.FromHours(2));
        Assert.False(await forked.GetDatabase().KeyExistsAsync("k"));
        Assert.NotEqual(world.Clock.Now, fork.Clock.Now);
    }

    [Fact]
    public async Task A_fork_of_a_fork_is_a_world_like_any()
    {
        await using var world = await DurableAsync();
        await using (var client = await ConnectAsync(world))
            await client.GetDatabase().StringSetAsync("k", "v");
        await using var fork = await world.ForkAsync();
        await using var second = await fork.ForkAsync();
        await fork.DisposeAsync();
        await using var forked = await ConnectAsync(second);
        Assert.Equal("v", await forked.GetDatabase().StringGetAsync("k"));
    }

    [Fact]
    public async Task A_reset_empties_the_world_and_keeps_its_ports()
    {
        await using var world = await DurableAsync();
        var endpoint = world.System("redis").ConnectionString;
        await using (var client = await ConnectAsync(world))
            await client.GetDatabase().StringSetAsync("k", "v");
        world.Faults.Add("redis.GET refuse=\"LOADING not now\"");
        world.Links.Cut("redis-1", "client");
        world.Clock.Scale = 10;
        world.Node("redis-1").Skew(TimeSpan.FromDays(1));
        await world.Node("redis-1").KillAsync();
        await world.ResetAsync();
        Assert.Equal(endpoint, world.System("redis").ConnectionString);
        Assert.Equal((1.0, 0, 0), (world.Clock.Scale, world.Faults.Rules.Count, world.Links.Disturbed.Count));
        await using var again = await ConnectAsync(world);
        Assert.False(await again.GetDatabase().KeyExistsAsync("k"));
        var off = await again.GetServers()[0].TimeAsync() - world.Clock.Now.UtcDateTime;
        Assert.InRange(off, TimeSpan.FromHours(-1), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_snapshot_is_loaded_into_another_world_at_the_time_it_was_taken()
    {
        using var snapshot = new MemoryStream();
        await using (var world = await DurableAsync())
        {
            await using var client = await ConnectAsync(world);
            await client.GetDatabase().StringSetAsync("short", "v", TimeSpan.FromHours(1));
            await client.GetDatabase().StringSetAsync("long", "v", TimeSpan.FromHours(9));
            world.Clock.Advance(TimeSpan.FromHours(2));
            await world.SaveSnapshotAsync(snapshot);
        }
        snapshot.Position = 0;
        await using var other = await DurableAsync();
        await using (var client = await ConnectAsync(other))
            await client.GetDatabase().StringSetAsync("mine", "v");
        await other.LoadSnapshotAsync(snapshot);
        await using var loaded = await ConnectAsync(other);
        var db = loaded.GetDatabase();
        Assert.Equal((false, true, false),
            (await db.KeyExistsAsync("short"), await db.KeyExistsAsync("long"), await db.KeyExistsAsync("mine")));
        Assert.InRange((await db.KeyTimeToLiveAsync("long"))!.Value, TimeSpan.FromHours(6), TimeSpan.FromHours(7));
    }

    [Fact]
    public async Task A_snapshot_under_load_is_whole()
    {
        await using var world = await DurableAsync();
        await using var client = await ConnectAsync(world);
        var isOn = true;
        var load = WriteAsync();
        for (var i = 0; i < 20; i++)
        {
            using var snapshot = new MemoryStream();
            await world.SaveSnapshotAsync(snapshot);
            snapshot.Position = 0;
            Assert.Single(WorldSnapshot.Read(snapshot).Disks);
        }
        isOn = false;
        Assert.NotEqual(0, await load);

        async Task<long> WriteAsync()
        {
            long n = 0;
            while (isOn)
                n = await client.GetDatabase().ListRightPushAsync("log", new string('x', 1000));
            return n;
        }
    }

    [Theory]
    [InlineData(NodeState.Paused)]
    [InlineData(NodeState.Killed)]
    public async Task A_snapshot_of_a_node_that_does_not_run_has_what_its_disk_has(NodeState state)
    {
        await using var world = await DurableAsync();
        await using (var client = await ConnectAsync(world))
            await client.GetDatabase().StringSetAsync("k", "v");
        if (state == NodeState.Paused)
            world.Node("redis-1").Pause();
        else
            await world.Node("redis-1").KillAsync();
        Assert.Equal(state, world.Node("redis-1").State);
        await using var fork = await world.ForkAsync();
        await using var forked = await ConnectAsync(fork);
        Assert.Equal("v", await forked.GetDatabase().StringGetAsync("k"));
    }

    [Theory]
    [InlineData("not one")]
    [InlineData("cut off")]
    [InlineData("damaged")]
    [InlineData("of another world")]
    public async Task A_snapshot_that_cannot_be_read_is_refused_and_changes_nothing(string how)
    {
        await using var world = await DurableAsync();
        await using var client = await ConnectAsync(world);
        await client.GetDatabase().StringSetAsync("k", "v");
        using var good = new MemoryStream();
        await world.SaveSnapshotAsync(good);
        var bytes = good.ToArray();
        switch (how)
        {
            case "not one": bytes = new byte[100]; break;
            case "cut off": bytes = bytes[..^20]; break;
            case "damaged": bytes[^30] ^= 1; break;
            default: bytes[bytes.AsSpan().IndexOf("redis-1"u8)] = (byte)'x'; break;
        }
        await Assert.ThrowsAsync<InvalidDataException>(() => world.LoadSnapshotAsync(new MemoryStream(bytes)));
        Assert.Equal(NodeState.Running, world.Node("redis-1").State);
        Assert.Equal("v", await client.GetDatabase().StringGetAsync("k"));
    }

    [Fact]
    public async Task A_redis_without_a_log_is_forked_by_its_snapshot()
    {
        await using var world = await World.StartAsync(w => w.AddRedis(o => o.AppendOnly = false));
        await using (var client = await ConnectAsync(world))
            await client.GetDatabase().StringSetAsync("k", "v");
        await using var fork = await world.ForkAsync();
        await using var forked = await ConnectAsync(fork);
        Assert.Equal("v", await forked.GetDatabase().StringGetAsync("k"));
    }

    [Fact]
    public async Task A_graceful_stop_keeps_what_was_not_yet_synced()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm").FullName;
        for (var round = 1; round <= 2; round++)
        {
            var world = await World.StartAsync(w =>
            {
                // Nothing is synced until the node stops.
                w.AddRedis(o => (o.AppendOnly, o.AppendFsync) = (true, AppendFsync.No));
                w.Options.DataFolder = folder;
            });
            await using (var client = await ConnectAsync(world))
                Assert.Equal(round, await client.GetDatabase().StringIncrementAsync("rounds"));
            await world.DisposeAsync();
            await world.DisposeAsync();
            Assert.Equal(NodeState.Stopped, world.Node("redis-1").State);
            await Assert.ThrowsAnyAsync<Exception>(async () => await world.ConnectAsync(world.Node("redis-1").Address));
        }
        Directory.Delete(folder, recursive: true);
    }

    private static Task<World> DurableAsync() =>
        World.StartAsync(w => w.AddRedis(o => (o.AppendOnly, o.AppendFsync) = (true, AppendFsync.Always)));

    private static async Task<ConnectionMultiplexer> ConnectAsync(World world) =>
        await ConnectionMultiplexer.ConnectAsync(world.System("redis").ConnectionString);
}
