using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Microcosm.SideBySide;

/// <summary>What is done to a server.</summary>
internal static partial class Load
{
    /// <summary>Runs redis-benchmark with its 50 clients; returns requests a second and the server's CPU seconds per million.</summary>
    public static (double PerSecond, double CpuSecondsPerMillion) Run(Server server, string command, int pipeline, int requests)
    {
        var before = server.CpuSeconds;
        using var process = Priority.Start("redis-benchmark",
            ["-p", $"{server.Port}", "-t", command, "-n", $"{requests}", "-P", $"{pipeline}", "-r", "100000", "-q"], "");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var cpu = server.CpuSeconds - before;
        var rate = double.Parse(Rate().Matches(output)[^1].Groups[1].Value, CultureInfo.InvariantCulture);
        return (rate, cpu / requests * 1e6);
    }

    /// <summary>Resident bytes that a million keys of 16 bytes with values of 3 add, each.</summary>
    public static double BytesPerKey(Server server)
    {
        const int count = 1_000_000;
        var before = server.ResidentBytes;
        using var client = new TcpClient("127.0.0.1", server.Port);
        var stream = client.GetStream();
        var replies = new byte[65536];
        for (var first = 0; first < count; first += 10_000)
        {
            var batch = new StringBuilder();
            for (var i = first; i < first + 10_000; i++)
                batch.Append(CultureInfo.InvariantCulture, $"*3\r\n$3\r\nSET\r\n$16\r\nkey:{i:D12}\r\n$3\r\nxxx\r\n");
            stream.Write(Encoding.ASCII.GetBytes(batch.ToString()));
            for (var left = 10_000 * 5; left > 0;)
                left -= stream.Read(replies);
        }
        Thread.Sleep(1000);
        return (double)(server.ResidentBytes - before) / count;
    }

    [GeneratedRegex(@"([\d.]+) requests per second")]
    private static partial Regex Rate();
}
