using System.Net.Sockets;
using System.Text;

namespace Microcosm.SideBySide.Redis;

/// <summary>A server that speaks Redis' protocol.</summary>
internal sealed class RedisServer : Server
{
    private RedisServer(string name)
        : base(name)
    {
    }

    public int Port { get; private set; }

    /// <summary>What servers' and the load's command lines begin with.</summary>
    public static IReadOnlyList<string> Before(Run run) => run.HasPriority ? Priority.Realtime : [];

    /// <summary>Ours, as published.</summary>
    public static RedisServer StartOurs((string Name, string Program) ours, Run run, bool appendOnly)
    {
        var server = new RedisServer(ours.Name);
        string[] log = appendOnly
            ? ["--data", server.Folder.FullName, "--set", "redis.appendonly=yes", "--set", "redis.appendfsync=everysec"]
            : ["--memory", "--set", "redis.appendonly=no"];
        var ready = server.Up([.. Before(run), ours.Program], ["redis", "--set", "redis.save=", .. log]);
        return server.AwaitAnswer(ready.EndPoints("redis")[0].Port);
    }

    /// <summary>The real one.</summary>
    public static RedisServer StartRedis(Run run, bool appendOnly)
    {
        var (server, port) = (new RedisServer("redis"), Machine.FreePort());
        server.Launch([.. Before(run), "redis-server", "--port", $"{port}", "--save", "", "--appendonly", appendOnly ? "yes" : "no"]);
        return server.AwaitAnswer(port);
    }

    /// <summary>Garnet, built beside this program.</summary>
    public static RedisServer StartGarnet(Run run)
    {
        var (server, port) = (new RedisServer("garnet"), Machine.FreePort());
        server.Launch([.. Before(run), Published.PathOf("garnet"), "--port", $"{port}", "--bind", "127.0.0.1"]);
        return server.AwaitAnswer(port);
    }

    private RedisServer AwaitAnswer(int port)
    {
        Port = port;
        AwaitFirstAnswer(Answers);
        return this;
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port);
            client.GetStream().Write("PING\r\n"u8);
            var reply = new byte[16];
            var read = client.GetStream().Read(reply);
            return Encoding.ASCII.GetString(reply, 0, read) == "+PONG\r\n";
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
