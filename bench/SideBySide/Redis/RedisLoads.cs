using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Microcosm.SideBySide.Redis;

/// <summary>What is done to a server.</summary>
internal static partial class RedisLoads
{
    private const int KeysABatch = 1_000;
    private const int WarmRequests = 100_000;

    /// <summary>redis-benchmark with its 50 clients.</summary>
    public static IEnumerable<Load<RedisServer>> All(Run run) =>
        from load in new[] { ("GET", 1, 400_000), ("SET", 1, 400_000), ("GET", 16, 2_000_000), ("SET", 16, 2_000_000) }
        let command = load.Item1
        let pipeline = load.Item2
        select new Load<RedisServer>($"{command} -P {pipeline}", "request", run.IsQuick ? load.Item3 / 10 : load.Item3, WarmRequests,
            (server, requests, _) => Benchmark(run, server, command, pipeline, requests));

    /// <summary>Sets keys of 16 bytes.</summary>
    public static void Fill(int port, int count, int valueBytes)
    {
        using var client = new TcpClient("127.0.0.1", port);
        var stream = client.GetStream();
        var replies = new byte[65536];
        var value = new string('x', valueBytes);
        for (var first = 0; first < count; first += KeysABatch)
        {
            var batch = new StringBuilder();
            var size = Math.Min(KeysABatch, count - first);
            for (var i = first; i < first + size; i++)
                batch.Append(CultureInfo.InvariantCulture, $"*3\r\n$3\r\nSET\r\n$16\r\nkey:{i:D12}\r\n${valueBytes}\r\n{value}\r\n");
            stream.Write(Encoding.ASCII.GetBytes(batch.ToString()));
            // +OK
            for (var left = size * 5; left > 0;)
                left -= stream.Read(replies) is > 0 and var read ? read : throw new IOException("the server closed the connection");
        }
    }

    // Its own seconds: those of the meter have its start in them.
    private static Outcome Benchmark(Run run, RedisServer server, string command, int pipeline, int requests)
    {
        var output = Tool.Run([.. RedisServer.Before(run), "redis-benchmark", "-p", $"{server.Port}", "-t", command.ToLowerInvariant(),
            "-n", $"{requests}", "-P", $"{pipeline}", "-r", "100000", "-q"]);
        return new Outcome(requests) { PerSecond = Last(Rate()), MedianMs = Last(Median()) };

        // The lines before it tell how far it is.
        double Last(Regex figure) => figure.Matches(output) is [.., var last]
            ? double.Parse(last.Groups[1].Value, CultureInfo.InvariantCulture) : double.NaN;
    }

    [GeneratedRegex(@"([\d.]+) requests per second")]
    private static partial Regex Rate();

    [GeneratedRegex(@"p50=([\d.]+) msec")]
    private static partial Regex Median();
}
