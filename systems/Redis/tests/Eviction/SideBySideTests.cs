using System.Net;
using System.Net.Sockets;
using System.Text;
using Microcosm.Redis.Tests.Persistence;

namespace Microcosm.Redis.Tests.Eviction;

/// <summary>
/// What can be compared with the real server, which counts its memory otherwise: texts, LFU counters, which kind of key goes.
/// </summary>
public sealed class SideBySideTests
{
    private static readonly string[] Lines =
    [
        "SET k v", "OBJECT FREQ k", "OBJECT FREQ nothing", "OBJECT IDLETIME k", "CONFIG SET maxmemory-policy lru",
        "CONFIG SET maxmemory-samples 0", "CONFIG SET maxmemory-samples 65", "CONFIG SET maxmemory-eviction-tenacity 101",
        "CONFIG SET maxmemory -1", "CONFIG SET maxmemory 1x", "CONFIG SET maxmemory 100mb", "CONFIG GET maxmemory-policy",
        "CONFIG GET maxmemory", "CONFIG SET maxmemory-policy allkeys-lfu lfu-log-factor 0", "OBJECT IDLETIME k", "SET f v",
        "OBJECT FREQ f", "GET f", "OBJECT FREQ f", "SET f w", "OBJECT FREQ f", "MSET f x", "OBJECT FREQ f", "SETEX f 100 7",
        "OBJECT FREQ f", "INCR f", "OBJECT FREQ f", "APPEND f x", "OBJECT FREQ f", "STRLEN f", "OBJECT FREQ f", "TTL f", "TYPE f",
        "EXISTS f", "OBJECT FREQ f", "GETSET f y", "OBJECT FREQ f", "SET f z XX GET", "OBJECT FREQ f", "EXPIRE f 100", "OBJECT FREQ f",
        "RPUSH l a", "OBJECT FREQ l", "LPOP l 0", "OBJECT FREQ l", "RPUSH l b", "OBJECT FREQ l", "RENAME l m", "OBJECT FREQ m",
        "COPY m n", "OBJECT FREQ n", "MOVE n 3", "SELECT 3", "OBJECT FREQ n", "TOUCH n", "OBJECT FREQ n", "SELECT 0",
        "CONFIG SET maxmemory-samples 5", "CONFIG SET maxmemory 1 maxmemory-policy allkeys-random", "DBSIZE", "CONFIG SET maxmemory 0",
        "SET stays v", "SETEX goes 100 v", "CONFIG SET maxmemory 1 maxmemory-policy volatile-lru", "DBSIZE", "SET k v", "MULTI",
        "GET k", "EXEC", "CONFIG SET maxmemory-policy noeviction", "SET k v", "DEL k", "GET k",
    ];

    [Fact]
    public async Task Every_reply_is_that_of_the_real_server()
    {
        await using var real = await RealRedis.StartAsync(Directory.CreateTempSubdirectory("microcosm-").FullName);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, real.Port, TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        await using var ours = await Conversation.BeginAsync();
        var differences = new List<string>();
        foreach (var line in Lines)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);
            var wanted = await new ReplyPrinter(stream).ReadAsync();
            var seen = await ours.AskAsync(line);
            if (wanted != seen)
                differences.Add($"{line}\nreal: {wanted}\nours: {seen}");
        }
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }
}
