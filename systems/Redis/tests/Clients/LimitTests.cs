using System.Net.Sockets;
using System.Text;

namespace Microcosm.Redis.Tests;

/// <summary>Limits and bad clients, on real sockets.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_client_after_maxclients_is_told_and_closed()
    {
        await using var world = await World.StartAsync(w => w.AddRedis(o => o.MaxClients = 1));
        using var first = Connect(world);
        Assert.Equal("+PONG\r\n", await AskAsync(first, "PING\r\n"));
        using var second = Connect(world);
        Assert.Equal("-ERR max number of clients reached\r\n", await ReadToEndAsync(second));
    }

    [Fact]
    public async Task A_password_is_asked_for_and_checked()
    {
        await using var world = await World.StartAsync(w => w.AddRedis(o => o.RequirePass = "secret"));
        using var client = Connect(world);
        Assert.Equal("-NOAUTH Authentication required.\r\n", await AskAsync(client, "GET k\r\n"));
        Assert.Equal("-WRONGPASS invalid username-password pair or user is disabled.\r\n", await AskAsync(client, "AUTH guess\r\n"));
        Assert.Equal("+OK\r\n", await AskAsync(client, "AUTH secret\r\n"));
        Assert.Equal("$-1\r\n", await AskAsync(client, "GET k\r\n"));
    }

    [Fact]
    public async Task What_is_not_the_protocol_gets_its_error_and_the_end()
    {
        await using var world = await World.StartAsync(w => w.AddRedis());
        using var client = Connect(world);
        await client.SendAsync("*1\r\n+PING\r\n"u8.ToArray());
        Assert.Equal("-ERR Protocol error: expected '$', got '+'\r\n", await ReadToEndAsync(client));
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_is_closed_at_its_limit()
    {
        await using var world = await World.StartAsync(w => w.AddRedis(o => o.Set("client-output-buffer-limit", "pubsub 1mb 0 0")));
        using var slow = Connect(world);
        await AskAsync(slow, "SUBSCRIBE news\r\n");
        using var publisher = Connect(world);
        var message = Encoding.ASCII.GetBytes($"PUBLISH news {new string('x', 50_000)}\r\n");
        var receivers = ":1\r\n";
        for (var i = 0; i < 10_000 && receivers == ":1\r\n"; i++)
        {
            await publisher.SendAsync(message);
            receivers = await ReadLineAsync(publisher);
        }
        Assert.Equal(":0\r\n", receivers);
    }

    private static Socket Connect(World world)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(world.Node("redis-1").Socket!);
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket, string request)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        return await ReadLineAsync(socket);
    }

    private static async Task<string> ReadLineAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var n = await socket.ReceiveAsync(buffer).WaitAsync(Patience);
        return Encoding.ASCII.GetString(buffer, 0, n);
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer).WaitAsync(Patience) is > 0 and var n)
            text.Append(Encoding.ASCII.GetString(buffer, 0, n));
        return text.ToString();
    }
}
