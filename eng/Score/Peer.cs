using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Microcosm.Score;

/// <summary>A server under test: a process and its port.</summary>
internal sealed class Peer(Process process, int port, string folder) : IDisposable
{
    public int Port { get; } = port;

    public static async Task<Peer> StartRedis()
    {
        var folder = Directory.CreateTempSubdirectory("score").FullName;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var process = Start("redis-server", folder, "--port", $"{port}", "--save", "", "--enable-debug-command", "yes",
            "--enable-protected-configs", "yes");
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return new Peer(process, port, folder);
            }
            catch (SocketException) when (tries < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    public static async Task<Peer> StartOurs(string root)
    {
        var folder = Directory.CreateTempSubdirectory("score").FullName;
        var ready = Path.Combine(folder, "ready.json");
        var cosm = Path.Combine(root, "artifacts/bin/Microcosm.Cli/release/cosm");
        var process = Start(cosm, folder, "up", "redis", "--ports", "auto", "--control-port", "0", "--ready-file", ready,
            "--set", "redis.save=");
        for (var tries = 0; !File.Exists(ready); tries++)
        {
            if (tries == 200 || process.HasExited)
                throw new InvalidOperationException("our server did not start");
            await Task.Delay(50);
        }
        var endpoint = JsonNode.Parse(await File.ReadAllTextAsync(ready))!["redis"]!["endpoints"]![0]!.ToString();
        return new Peer(process, int.Parse(endpoint[(endpoint.LastIndexOf(':') + 1)..]), folder);
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static Process Start(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}
