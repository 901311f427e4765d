using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.Edge;

/// <summary>What is done to a server, by wrk or h2load on the other core.</summary>
internal static partial class EdgeLoad
{
    /// <summary>One run: requests, errors, and the 99th percentile where the program tells it.</summary>
    public readonly record struct Result(long Requests, long Errors, double P99Ms, double Seconds);

    public static Result Wrk(int port, string path, int connections, int seconds)
    {
        var text = Run("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", $"http://127.0.0.1:{port}{path}"]);
        var errors = SocketErrors().Match(text) is { Success: true } m
            ? m.Groups.Values.Skip(1).Sum(g => long.Parse(g.Value, Invariant)) : 0;
        errors += OtherStatus().Match(text) is { Success: true } o ? long.Parse(o.Groups[1].Value, Invariant) : 0;
        var done = Done().Match(text);
        var p99 = Percentile().Match(text);
        return new Result(long.Parse(done.Groups[1].Value, Invariant), errors,
            double.Parse(p99.Groups[1].Value, Invariant) * (p99.Groups[2].Value switch { "us" => 0.001, "s" => 1000, _ => 1 }), seconds);
    }

    public static Result H2Load(string url, int clients, int streams, int seconds)
    {
        var text = Run("h2load", ["-t1", $"-c{clients}", $"-m{streams}", $"-D{seconds}", url]);
        var done = H2Done().Match(text);
        return new Result(long.Parse(done.Groups[1].Value, Invariant), long.Parse(done.Groups[2].Value, Invariant), double.NaN, seconds);
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static string Run(string program, string[] arguments)
    {
        string[] line = Environment.ProcessorCount > 1 ? ["taskset", "-c", "1", program, .. arguments] : [program, .. arguments];
        using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex SocketErrors();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex OtherStatus();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Done();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Percentile();

    [GeneratedRegex(@"requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed")]
    private static partial Regex H2Done();
}
