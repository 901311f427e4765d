using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Microcosm.SideBySide;

/// <summary>A server process under measurement: started by us, ended by its own process id.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process _process;

    private Server(string name, Process process, int port, double firstReplyMs)
    {
        (Name, _process, Port, FirstReplyMs) = (name, process, port, firstReplyMs);
    }

    public string Name { get; }

    public int Port { get; }

    /// <summary>From the start of the process to the first reply.</summary>
    public double FirstReplyMs { get; }

    /// <summary>User and system time of the process so far, in seconds: all threads, JIT and collector included.</summary>
    public double CpuSeconds => _process.Refreshed().TotalProcessorTime.TotalSeconds;

    /// <summary>Resident memory, bytes.</summary>
    public long ResidentBytes => _process.Refreshed().WorkingSet64;

    /// <summary>Ours, as published.</summary>
    public static Server StartOurs(string folder, bool appendOnly)
    {
        var ready = Path.Combine(Path.GetTempPath(), $"side-by-side-{Guid.NewGuid():N}.json");
        var data = Directory.CreateTempSubdirectory("side-by-side-").FullName;
        string[] log = appendOnly ? ["--data", data, "--set", "redis.appendonly=yes", "--set", "redis.appendfsync=everysec",
                "--set", "redis.save="]
            : ["--memory", "--set", "redis.appendonly=no", "--set", "redis.save="];
        string[] arguments = ["up", "redis", "--ports", "auto", "--control-port", "0", "--ready-file", ready, .. log];
        return Start("ours", Path.Combine(folder, "cosm"), arguments, data, () =>
        {
            if (!File.Exists(ready))
                return 0;
            using var json = JsonDocument.Parse(File.ReadAllText(ready));
            var endpoint = json.RootElement.GetProperty("redis").GetProperty("endpoints")[0].GetString()!;
            return int.Parse(endpoint[(endpoint.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        });
    }

    /// <summary>The real server, from the path.</summary>
    public static Server StartRedis(bool appendOnly)
    {
        var port = Machine.FreePort();
        var data = Directory.CreateTempSubdirectory("side-by-side-").FullName;
        string[] arguments = ["--port", $"{port}", "--save", "", "--appendonly", appendOnly ? "yes" : "no"];
        return Start("redis", "redis-server", arguments, data, () => port);
    }

    /// <summary>Garnet, built beside this program.</summary>
    public static Server StartGarnet(string folder)
    {
        var port = Machine.FreePort();
        return Start("garnet", Path.Combine(folder, "garnet"), ["--port", $"{port}", "--bind", "127.0.0.1"],
            Path.GetTempPath(), () => port);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Server Start(string name, string file, string[] arguments, string folder, Func<int> findPort)
    {
        var watch = Stopwatch.StartNew();
        var process = Priority.Start(file, arguments, folder);
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        while (watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            if (findPort() is > 0 and var port && Answers(port))
                return new Server(name, process, port, watch.Elapsed.TotalMilliseconds);
            Thread.Sleep(1);
        }
        process.Kill();
        throw new TimeoutException($"{name} did not answer within 20 s");
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
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
