using System.Net.Sockets;
using System.Text;
using Microcosm.Redis;

namespace Microcosm.Tests;

/// <summary>Links and rules about connections act on clients over real sockets.</summary>
public sealed class NetworkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_into_a_cut_link_is_answered_when_it_heals(bool portable)
    {
        await using var world = await StartAsync(portable);
        using var client = await ConnectAsync(world);
        Assert.Equal("+OK\r\n", await AskAsync(client, "SET k 1\r\n", 5));
        world.Links.Cut("redis-1", "client");
        var reply = AskAsync(client, "INCR k\r\n", 4);
        Assert.Equal(":1\r\n", await AskAsOtherAsync(world, "STRLEN k\r\n"));
        Assert.False(reply.IsCompleted);
        Assert.Equal("$1\r\n1\r\n", await AskAsOtherAsync(world, "GET k\r\n"));
        world.Links.Heal("redis-1", "client");
        Assert.Equal(":2\r\n", await reply);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_link_answers_by_the_worlds_clock(bool portable)
    {
        await using var world = await StartAsync(portable);
        using var client = await ConnectAsync(world);
        Assert.Equal("+PONG\r\n", await AskAsync(client, "PING\r\n", 7));
        world.Clock.Pause();
        var before = world.Clock.Now;
        world.Links.Slow("redis-1", "client", latencyMs: 100);
        var reply = AskAsync(client, "PING\r\n", 7);
        while (!reply.IsCompleted)
        {
            world.Clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
        Assert.True(world.Clock.Now - before >= TimeSpan.FromMilliseconds(200));
        Assert.Equal("+PONG\r\n", await reply);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reply_is_reset_after_three_bytes_and_the_write_stays(bool portable)
    {
        await using var world = await StartAsync(portable);
        world.Faults.Add("bytes.redis node=redis-1 client=client down limit=1 reset-after=3");
        using var client = await ConnectAsync(world);
        await Assert.ThrowsAnyAsync<SocketException>(() => AskAsync(client, "SET k v\r\n", 5));
        using var second = await ConnectAsync(world);
        Assert.Equal("$1\r\nv\r\n", await AskAsync(second, "GET k\r\n", 7));
        var fired = Assert.Single(world.Faults.Fired);
        Assert.Equal(("bytes.redis", "redis-1", 1), (fired.Operation, fired.Node, fired.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_world_with_cut_links_stops_and_resets_as_any_other(bool portable)
    {
        await using var world = await StartAsync(portable);
        using var open = await ConnectAsync(world);
        Assert.Equal("+OK\r\n", await AskAsync(open, "SET k 1\r\n", 5));
        world.Links.Cut("*", "*");
        using var hanging = await ConnectAsync(world);
        await world.ResetAsync().WaitAsync(Patience);
        using var client = await ConnectAsync(world);
        Assert.Equal("$-1\r\n", await AskAsync(client, "GET k\r\n", 5));
        world.Links.Cut("*", "*");
        await world.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    private static Task<World> StartAsync(bool portable) => World.StartAsync(w =>
    {
        w.AddRedis();
        w.Options.PortableSockets = portable;
    });

    private static async Task<Socket> ConnectAsync(World world)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(world.Node("redis-1").Socket!);
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket, string command, int replyBytes)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(command));
        var reply = new byte[replyBytes];
        for (var at = 0; at < reply.Length;)
        {
            var read = await socket.ReceiveAsync(reply.AsMemory(at)).AsTask().WaitAsync(Patience);
            Assert.NotEqual(0, read);
            at += read;
        }
        return Encoding.ASCII.GetString(reply);
    }

    // A client whose link is whole.
    private static async Task<string> AskAsOtherAsync(World world, string command)
    {
        await using var stream = await world.ConnectAsync(world.Node("redis-1").Address, "other");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command));
        var reply = new byte[64];
        return Encoding.ASCII.GetString(reply, 0, await stream.ReadAsync(reply).AsTask().WaitAsync(Patience));
    }
}
