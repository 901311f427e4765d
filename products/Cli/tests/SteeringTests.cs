using System.Net.Sockets;

namespace Microcosm.Cli.Tests;

/// <summary>Commands that look at a running world and steer it, each as a process of its own.</summary>
public sealed class SteeringTests : IAsyncLifetime
{
    private CosmUp _up = null!;

    public async ValueTask InitializeAsync() => _up = await CosmUp.StartAsync("--seed", "7", "--set", "redis.appendonly=yes");

    public ValueTask DisposeAsync() => _up.DisposeAsync();

    [Fact]
    public async Task Ps_shows_the_nodes_and_the_seed()
    {
        var world = await _up.AskAsync("ps");
        Assert.Equal(7, (int)world["seed"]!);
        var node = Assert.Single(world["nodes"]!.AsArray())!;
        Assert.Equal(("redis-1", "running", _up.Redis.ToString()),
            ((string)node["name"]!, (string)node["state"]!, (string)node["endpoint"]!));
        Assert.Contains("redis-1", (await _up.RunAsync("ps")).Text);
    }

    [Fact]
    public async Task Env_prints_what_a_shell_can_read()
    {
        Assert.Equal(
            $"export REDIS_CONNECTION='{_up.Redis}'\nexport REDIS_ENDPOINTS='{_up.Redis}'\n", (await _up.RunAsync("env")).Text);
        Assert.Equal(_up.Redis.ToString(), (string)(await _up.AskAsync("env"))["redis"]!["connection"]!);
    }

    [Fact]
    public async Task Logs_are_of_all_nodes_or_of_one()
    {
        Assert.NotEmpty((await _up.AskAsync("logs")).AsArray());
        Assert.All((await _up.AskAsync("logs", "redis-1")).AsArray(), l => Assert.Equal("redis-1", (string)l!["node"]!));
        Assert.Contains(" redis-1 info ", (await _up.RunAsync("logs")).Text);
        var unknown = await _up.RunAsync("logs", "kafka-9");
        Assert.Equal((1, "cosm: The world has no node 'kafka-9'\n"), (unknown.ExitCode, unknown.Errors));
    }

    [Fact]
    public async Task What_is_asked_for_in_vain_is_counted()
    {
        Assert.Equal("nobody asked for anything that is not there\n", (await _up.RunAsync("unserved")).Text);
        Assert.StartsWith("-ERR unknown command 'xadd'", await RedisLine.AskAsync(_up.Redis, "xadd s * a 1"), StringComparison.Ordinal);
        Assert.StartsWith("-ERR unknown command", await RedisLine.AskAsync(_up.Redis, "XADD s * a 2"), StringComparison.Ordinal);
        Assert.StartsWith("-ERR unknown subcommand", await RedisLine.AskAsync(_up.Redis, "CLIENT trackinginfo"), StringComparison.Ordinal);
        Assert.Equal([("redis.XADD", 2), ("redis.CLIENT|TRACKINGINFO", 1)],
            (await _up.AskAsync("unserved")).AsArray().Select(o => ((string)o!["operation"]!, (int)o["asked"]!)));
        Assert.Contains("redis.XADD", (await _up.RunAsync("unserved")).Text);
    }

    [Fact]
    public async Task A_fault_is_added_fires_is_listed_and_cleared()
    {
        Assert.Equal(1, (int)(await _up.AskAsync("fault", "add", "redis.SET nth=2 drop-reply"))["id"]!);
        Assert.Equal("+OK", await RedisLine.AskAsync(_up.Redis, "SET k one"));
        Assert.Null(await RedisLine.AskAsync(_up.Redis, "SET k two"));
        var faults = await _up.AskAsync("fault", "list");
        Assert.Equal(1, (int)faults["rules"]![0]!["fired"]!);
        Assert.Equal("redis.SET", (string)Assert.Single(faults["fired"]!.AsArray())!["operation"]!);
        Assert.Contains("redis.SET number 2 on redis-1", (await _up.RunAsync("fault", "list")).Text);
        await _up.AskAsync("fault", "clear");
        Assert.Empty((await _up.AskAsync("fault", "list"))["rules"]!.AsArray());
    }

    [Fact]
    public async Task Connections_are_refused_and_replies_cut_by_rule()
    {
        await _up.AskAsync("fault", "add", "connect.redis node=redis-1 nth=1 refuse");
        await Assert.ThrowsAnyAsync<IOException>(() => RedisLine.AskAsync(_up.Redis, "PING"));
        Assert.Equal("+PONG", await RedisLine.AskAsync(_up.Redis, "PING"));
        await _up.AskAsync("fault", "add", "bytes.redis down cut-after=2");
        Assert.Equal("+P", await RedisLine.AskAsync(_up.Redis, "PING"));
        var faults = await _up.AskAsync("fault", "list");
        Assert.Equal(["connect.redis", "bytes.redis"], faults["fired"]!.AsArray().Select(f => (string)f!["operation"]!));
        Assert.Equal("bytes.redis down cut-after=2", (string)faults["rules"]![1]!["rule"]!);
        Assert.Contains("connect.redis number 1 on redis-1", (await _up.RunAsync("fault", "list")).Text);
        await _up.AskAsync("fault", "clear");
        Assert.Equal("+PONG", await RedisLine.AskAsync(_up.Redis, "PING"));
    }

    [Fact]
    public async Task A_black_hole_answers_once_it_is_cleared()
    {
        await _up.AskAsync("fault", "add", "connect.* black-hole");
        var reply = RedisLine.AskAsync(_up.Redis, "PING");
        while ((long)(await _up.AskAsync("fault", "list"))["rules"]![0]!["fired"]! == 0)
            Assert.False(reply.IsCompleted);
        Assert.False(reply.IsCompleted);
        await _up.AskAsync("fault", "clear");
        Assert.Equal("+PONG", await reply);
    }

    [Fact]
    public async Task A_cut_link_keeps_a_clients_command_until_it_heals()
    {
        using var client = new RedisLine(_up.Redis);
        Assert.Equal("+PONG", await client.AskAsync("PING"));
        await _up.AskAsync("link", "cut", "redis-1", "client");
        var reply = client.AskAsync("PING");
        await _up.AskAsync("link", "slow", "redis-1", "app", "20ms", "5ms", "10kb");
        Assert.False(reply.IsCompleted);
        await _up.AskAsync("link", "heal", "redis-1", "client");
        Assert.Equal("+PONG", await reply);
        Assert.All((await _up.AskAsync("link", "heal", "a", "b")).AsArray(), l =>
            Assert.Equal((20.0, 5.0, 10_240L), ((double)l!["latencyMs"]!, (double)l["jitterMs"]!, (long)l["bytesPerSecond"]!)));
    }

    [Fact]
    public async Task A_node_is_killed_and_restarted()
    {
        Assert.Equal("killed", (string)(await _up.AskAsync("node", "kill", "redis-1"))["state"]!);
        Assert.ThrowsAny<SocketException>(() => new RedisLine(_up.Redis));
        Assert.Equal("running", (string)(await _up.AskAsync("node", "restart", "redis-1"))["state"]!);
        Assert.Equal("+PONG", await RedisLine.AskAsync(_up.Redis, "PING"));
    }

    [Fact]
    public async Task A_paused_node_answers_when_it_is_resumed()
    {
        using var client = new RedisLine(_up.Redis);
        Assert.Equal("+PONG", await client.AskAsync("PING"));
        Assert.Equal("paused", (string)(await _up.AskAsync("node", "pause", "redis-1"))["state"]!);
        await client.SendAsync("INCR n");
        var reply = client.ReadAsync();
        Assert.Equal("paused", (string)(await _up.AskAsync("ps"))["nodes"]![0]!["state"]!);
        Assert.False(reply.IsCompleted);
        await _up.AskAsync("node", "resume", "redis-1");
        Assert.Equal(":1", await reply);
    }

    [Fact]
    public async Task A_skewed_node_tells_another_time()
    {
        await _up.AskAsync("node", "skew", "redis-1", "10d");
        using var client = new RedisLine(_up.Redis);
        await client.SendAsync("TIME");
        Assert.Equal("*2", await client.ReadAsync());
        await client.ReadAsync();
        var seconds = long.Parse((await client.ReadAsync())!);
        var world = DateTimeOffset.Parse((string)(await _up.AskAsync("ps"))["now"]!);
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(seconds) - world, TimeSpan.FromDays(9.9), TimeSpan.FromDays(10.1));
    }

    [Fact]
    public async Task A_link_is_cut_slowed_and_healed()
    {
        Assert.All((await _up.AskAsync("link", "cut", "redis-1", "app")).AsArray(), l => Assert.True((bool)l!["cut"]!));
        var slow = await _up.AskAsync("link", "slow", "redis-1", "app", "20ms");
        Assert.Equal([20.0, 20.0], slow.AsArray().Select(l => (double)l!["latencyMs"]!));
        Assert.Empty((await _up.AskAsync("link", "heal", "redis-1", "app")).AsArray());
    }

    [Fact]
    public async Task Time_is_advanced_paused_and_scaled()
    {
        await RedisLine.AskAsync(_up.Redis, "SET k v EX 7000");
        await _up.AskAsync("clock", "advance", "1h");
        Assert.Equal("$1", await RedisLine.AskAsync(_up.Redis, "GET k"));
        await _up.AskAsync("clock", "advance", "1h");
        Assert.Equal("$-1", await RedisLine.AskAsync(_up.Redis, "GET k"));

        var paused = await _up.AskAsync("clock", "pause");
        Assert.Equal(0, (double)paused["scale"]!);
        Assert.Equal((string)paused["now"]!, (string)(await _up.AskAsync("ps"))["now"]!);
        Assert.Equal(10, (double)(await _up.AskAsync("clock", "scale", "10"))["scale"]!);
        Assert.Equal(1, (double)(await _up.AskAsync("clock", "resume"))["scale"]!);
    }

    [Fact]
    public async Task A_snapshot_brings_back_what_a_reset_emptied()
    {
        var file = Path.Combine(Path.GetDirectoryName(_up.ReadyFile)!, "world.snapshot");
        await RedisLine.AskAsync(_up.Redis, "SET k v");
        await _up.AskAsync("snapshot", "save", file);
        await _up.AskAsync("reset");
        Assert.Equal("$-1", await RedisLine.AskAsync(_up.Redis, "GET k"));
        await _up.AskAsync("snapshot", "load", file);
        Assert.Equal("$1", await RedisLine.AskAsync(_up.Redis, "GET k"));
    }

    [Fact]
    public async Task Down_ends_the_world_and_a_second_one_finds_none()
    {
        await _up.AskAsync("down");
        Assert.Equal(0, await _up.ExitCodeAsync());
        var second = await _up.RunAsync("down");
        Assert.Equal(3, second.ExitCode);
        Assert.Equal($"cosm: no world is running under control port {_up.ControlPort}: start one with 'cosm up'\n", second.Errors);
    }

    [Fact]
    public async Task A_port_on_which_something_else_listens_is_no_world()
    {
        var run = await Cosm.RunAsync("ps", "--control-port", $"{_up.Redis.Port}");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"cosm: what listens on control port {_up.Redis.Port} does not answer as a world does: ", run.Errors);
    }

    [Theory]
    [InlineData("is not a duration: write 20ms, 2s, 5m, 2h or 7d", "clock", "advance", "soon")]
    [InlineData("is not a duration: write 20ms, 2s, 5m, 2h or 7d", "node", "skew", "redis-1", "5")]
    [InlineData("The world has no node 'redis-9'", "node", "kill", "redis-9")]
    [InlineData("time does not go back", "clock", "advance", "-2h")]
    [InlineData("a rate is 0 or more", "clock", "scale", "-1")]
    [InlineData("a rate is 0 or more", "clock", "scale", "fast")]
    [InlineData("no-such-action", "fault", "add", "redis.SET no-such-action")]
    [InlineData("'refuse' of a connection takes no value", "fault", "add", "connect.redis refuse=x")]
    [InlineData("is not a number of bytes: write 100, 10kb or 1mb", "fault", "add", "bytes.redis throttle=fast")]
    [InlineData("is not a number of bytes: write 100, 10kb or 1mb", "link", "slow", "a", "b", "1ms", "1ms", "wide")]
    [InlineData("nowhere", "snapshot", "load", "nowhere/at.all")]
    public async Task What_the_world_refuses_fails_and_says_why(string why, params string[] command)
    {
        var run = await _up.RunAsync(command);
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        Assert.StartsWith("cosm: ", run.Errors);
        Assert.Contains(why, run.Errors);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
        Assert.Equal("+PONG", await RedisLine.AskAsync(_up.Redis, "PING"));
    }
}
