using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Redis.Tests.Persistence;

/// <summary>A real redis-server in a folder of its own; tests skip where there is none.</summary>
internal sealed class RealRedis : IAsyncDisposable
{
    private readonly Process _process;

    private RealRedis(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<RealRedis> StartAsync(string folder, params string[] options)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "redis-server"))))
            Assert.Skip("needs redis-server (Debian package redis-server)");
        var port = FreePort();
        var process = Process.Start(new ProcessStartInfo("redis-server",
            ["--port", $"{port}", "--save", "", "--enable-debug-command", "yes", "--dir", folder,
                .. options]) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.Contains("eady to accept connections", StringComparison.Ordinal))
                continue;
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new RealRedis(process, port);
        }
        Assert.Fail("redis-server ended at its start: it did not take the file");
        return null!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
