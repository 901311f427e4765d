using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

/// <summary>The same random commands to ours and to Debian's redis-server: every reply is the same.</summary>
public sealed class RealServerTests
{
    private const string Server = "/usr/bin/redis-server";

    // Replies whose order is a hash table's.
    private static readonly string[] Unordered = ["HGETALL", "HSCAN", "SMEMBERS", "SINTER", "SUNION", "SDIFF"];

    [Theory]
    [InlineData(1, "2")]
    [InlineData(2, "3")]
    public async Task Replies_to_random_commands_are_those_of_real_Redis(ulong seed, string protocol)
    {
        Assert.SkipUnless(File.Exists(Server), "redis-server is not installed");
        await using var world = await World.StartAsync(w =>
        {
            w.AddRedis();
            w.Options.Ports = PortPolicy.None;
        });
        using var real = Start(out var port);
        try
        {
            using var socket = await ConnectAsync(port);
            Assert.SkipUnless((await AskAsync(socket, ["INFO", "server"])).Contains("redis_version:7.0."), "redis-server is not 7.0");
            await using var ours = await world.ConnectAsync(world.Node("redis-1").Address, "random", TestContext.Current.CancellationToken);
            string[] limits = ["hash-max-listpack-entries", "set-max-intset-entries", "zset-max-listpack-entries",
                "list-max-listpack-size"];
            foreach (var limit in limits)
                await CompareAsync(ours, socket, ["CONFIG", "SET", limit, "8"]);
            await AskAsync(ours, ["HELLO", protocol]);
            await AskAsync(socket, ["HELLO", protocol]);
            var commands = new RandomCommands(new RandomStream(seed));
            for (var i = 0; i < 4000; i++)
                await CompareAsync(ours, socket, commands.Next());
        }
        finally
        {
            real.Kill();
        }
    }

    private static async Task CompareAsync(Stream ours, Stream real, string[] command)
    {
        var wanted = await AskAsync(real, command);
        var seen = await AskAsync(ours, command);
        if (Unordered.Contains(command[0]))
            (wanted, seen) = (Sorted(wanted), Sorted(seen));
        Assert.True(wanted == seen, $"{string.Join(' ', command)}\nreal:\n{wanted}\nours:\n{seen}");
    }

    private static async Task<string> AskAsync(Stream stream, string[] command)
    {
        var request = new StringBuilder($"*{command.Length}\r\n");
        foreach (var argument in command)
            request.Append($"${argument.Length}\r\n{argument}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request.ToString()));
        await stream.FlushAsync();
        return await new ReplyPrinter(stream).ReadAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    // Lines without their numbers.
    private static string Sorted(string reply) =>
        string.Join('\n', reply.Split('\n').Select(l => l[(l.LastIndexOf(") \"", StringComparison.Ordinal) + 1)..])
            .Order(StringComparer.Ordinal));

    private static Process Start(out int port)
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        var start = new ProcessStartInfo(Server, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        // Its log says when it listens.
        while (process.StandardOutput.ReadLine() is { } line && !line.Contains("Ready to accept"))
        {
        }
        return process;
    }

    private static async Task<NetworkStream> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
