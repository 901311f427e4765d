using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.SideBySide.Kafka;

/// <summary>What this machine can do at best: a file written in order and synced, a socket on loopback.</summary>
internal static class Floor
{
    private const int Megabytes = 256;

    public static void See(Figures figures)
    {
        figures.See("machine", "write and fsync, a MB at a time", "MB/s", Megabytes / Disk());
        var cpu = Environment.CpuUsage.TotalTime;
        figures.See("machine", "copy over loopback", "MB/s", Megabytes / Loopback());
        var copied = Environment.CpuUsage.TotalTime - cpu;
        figures.See("machine", "copy over loopback", "CPU of sender and receiver, us a MB", copied.TotalMicroseconds / Megabytes);
    }

    private static double Disk()
    {
        var path = Path.GetTempFileName();
        var bytes = new byte[1_000_000];
        var began = Stopwatch.GetTimestamp();
        using (var file = File.OpenHandle(path, FileMode.Truncate, FileAccess.Write))
        {
            for (var i = 0; i < Megabytes; i++)
            {
                RandomAccess.Write(file, bytes, (long)i * bytes.Length);
                RandomAccess.FlushToDisk(file);
            }
        }
        File.Delete(path);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Loopback()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sender = new TcpClient("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        using var receiver = listener.AcceptTcpClient();
        var began = Stopwatch.GetTimestamp();
        var thread = new Thread(() =>
        {
            var bytes = new byte[1_000_000];
            for (var i = 0; i < Megabytes; i++)
                sender.GetStream().Write(bytes);
        });
        thread.Start();
        var buffer = new byte[1_000_000];
        for (var left = Megabytes * 1_000_000; left > 0;)
            left -= receiver.GetStream().Read(buffer);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        thread.Join();
        return seconds;
    }
}
