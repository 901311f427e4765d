using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.SideBySide.Nginx;

/// <summary>What is done to a server, by wrk or h2load on the other core.</summary>
internal static partial class EdgeLoads
{
    /// <summary>Clients ask again and again for so many seconds.</summary>
    public static IEnumerable<Load<EdgeServer>> All(int seconds, int warmSeconds)
    {
        yield return Wrk("return 1 KiB", "/return", 64);
        yield return Wrk("static 1 KiB", "/1k.txt", 64);
        yield return Wrk("static 1 MiB", "/1m.txt", 16);
        yield return Wrk("proxy 1 KiB", "/proxy/1k.txt", 64);
        yield return Wrk("proxy 64 KiB", "/proxy/64k.txt", 64);
        yield return Load("HTTP/2 over TLS, 1 KiB",
            (server, s) => H2Load($"https://127.0.0.1:{server.Port + 1}/return", clients: 16, streams: 32, s), isForProxies: false);

        Load<EdgeServer> Wrk(string name, string path, int connections) => Load(name,
            (server, s) => EdgeLoads.Wrk(server.Port, path, connections, s), path.StartsWith("/proxy/", StringComparison.Ordinal));

        Load<EdgeServer> Load(string name, Func<EdgeServer, int, Outcome> act, bool isForProxies) =>
            new(name, "request", seconds, warmSeconds, (server, s, _) => act(server, s)) { IsFor = s => isForProxies || !s.IsProxyOnly };
    }

    // The seconds are those that it was told: those of the meter have its start in them.
    private static Outcome Wrk(int port, string path, int connections, int seconds)
    {
        var text = Tool.Run([.. Machine.OnCore(1), "wrk", "-t1", $"-c{connections}", $"-d{seconds}s", "--latency",
            $"http://127.0.0.1:{port}{path}"]);
        var failed = SocketErrors().Match(text) is { Success: true } m
            ? m.Groups.Values.Skip(1).Sum(g => long.Parse(g.Value, CultureInfo.InvariantCulture)) : 0;
        failed += OtherStatus().Match(text) is { Success: true } o ? Number(o) : 0;
        var requests = Number(Done().Match(text));
        return new Outcome(requests)
        {
            PerSecond = (double)requests / seconds,
            MedianMs = Milliseconds(Percentile50().Match(text)),
            P99Ms = Milliseconds(Percentile99().Match(text)),
            Failed = failed,
        };
    }

    private static Outcome H2Load(string url, int clients, int streams, int seconds)
    {
        var text = Tool.Run([.. Machine.OnCore(1), "h2load", "-t1", $"-c{clients}", $"-m{streams}", $"-D{seconds}", url]);
        var done = H2Done().Match(text);
        var requests = Number(done);
        return new Outcome(requests)
        {
            PerSecond = (double)requests / seconds,
            Failed = long.Parse(done.Groups[2].Value, CultureInfo.InvariantCulture),
        };
    }

    private static long Number(Match match) => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private static double Milliseconds(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        * (match.Groups[2].Value switch { "us" => 0.001, "s" => 1000, _ => 1 });

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex SocketErrors();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex OtherStatus();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Done();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Percentile50();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Percentile99();

    [GeneratedRegex(@"requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed")]
    private static partial Regex H2Done();
}
