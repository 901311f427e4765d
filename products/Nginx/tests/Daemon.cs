using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Nginx.Program.Tests;

/// <summary>The real program in the background, in a folder of its own, and those that it starts in its place.</summary>
internal sealed class Daemon : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private static readonly TimeProvider s_clock = TimeProvider.System;

    private readonly HashSet<int> _seen = [];

    private Daemon() => Folder = Directory.CreateTempSubdirectory("nginx").FullName;

    public string Folder { get; }

    public int Port { get; private init; }

    public string SocketPath => $"{Folder}/socket";

    private string PidPath => $"{Folder}/nginx.pid";

    private string OldPidPath => $"{PidPath}.oldbin";

    /// <summary>Starts it: when this returns it serves.</summary>
    public static async Task<Daemon> StartAsync()
    {
        var daemon = new Daemon { Port = FreePort() };
        await File.WriteAllTextAsync($"{daemon.Folder}/nginx.conf",
            $$"""
            pid nginx.pid;
            error_log error.log notice;
            events { }
            http {
                access_log off;
                server { listen 127.0.0.1:{{daemon.Port}}; listen unix:{{daemon.SocketPath}}; location / { return 200 $pid; } }
            }
            """);
        using var starter = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "nginx"),
            ["-p", daemon.Folder + "/", "-c", "nginx.conf", "-e", "error.log"]))!;
        await starter.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(starter.ExitCode == 0, daemon.Log());
        return daemon;
    }

    public string Log() => File.Exists($"{Folder}/error.log") ? File.ReadAllText($"{Folder}/error.log") : "";

    /// <summary>Who has the pid file.</summary>
    public int ProcessId() => Read(PidPath);

    public static void Signal(int process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits until another process has the pid file, and this one's number stands aside.</summary>
    public async Task<int> SuccessorOfAsync(int process)
    {
        await UntilAsync(
            () => File.Exists(OldPidPath) && File.Exists(PidPath) && Read(PidPath) is var other && other > 0 && other != process,
            "the new binary serves");
        Assert.Equal(process, Read(OldPidPath));
        return Read(PidPath);
    }

    /// <summary>Waits until nobody's number stands aside.</summary>
    public Task UntilAloneAsync() => UntilAsync(() => !File.Exists(OldPidPath), "one process is left");

    public Task UntilGoneAsync(int process) => UntilAsync(() => !Directory.Exists($"/proc/{process}"), $"{process} has ended");

    public Task UntilLoggedAsync(string words) =>
        UntilAsync(() => Log().Contains(words, StringComparison.Ordinal), $"the log says {words}");

    /// <summary>One request on a connection of its own; gives who answered it.</summary>
    public async Task<int> AskAsync()
    {
        using var client = new HttpClient { Timeout = Patience };
        return int.Parse(await client.GetStringAsync($"http://127.0.0.1:{Port}/"), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        foreach (var path in new[] { PidPath, OldPidPath })
        {
            if (File.Exists(path))
                Read(path);
        }
        foreach (var process in _seen.Where(p => Directory.Exists($"/proc/{p}")))
            Signal(process, "KILL");
        Directory.Delete(Folder, recursive: true);
    }

    private int Read(string path)
    {
        if (!int.TryParse(File.ReadAllText(path), out var process))
            return 0;
        _seen.Add(process);
        return process;
    }

    // Other processes tell nobody what they have done: it is looked for again and again.
    private async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var watch = Stopwatch.StartNew(); !holds(); await Task.Delay(s_look, s_clock))
            Assert.True(watch.Elapsed < Patience, $"waited in vain until {what}; the log:\n{Log()}");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
