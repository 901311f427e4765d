using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microcosm.Score;

/// <summary>Runs units of Redis' own TCL suite against a server that is already up.</summary>
internal static partial class TclSuite
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    // Long fuzzers, left out on both sides alike.
    private static readonly string[] Skipped = ["/Stress tester for #3343", "/Corrupted sparse HyperLogLogs", "/GEOSEARCH fuzzy test",
        "SDIFF fuzzing", "/ZDIFF fuzzing"];

    public static async Task<UnitResult> RunAsync(string suite, string unit, Func<Task<Peer>> start)
    {
        Prepare(suite);
        using var peer = await start();
        var arguments = new List<string>
        {
            "tests/test_helper.tcl", "--host", "127.0.0.1", "--port", $"{peer.Port}", "--single", unit, "--durable", "--no-latency",
            "--timeout", $"{(int)Limit.TotalSeconds}", "--tags", "-slow",
        };
        foreach (var name in Skipped)
            arguments.AddRange(["--skiptest", name]);
        using var tcl = Process.Start(new ProcessStartInfo("tclsh", arguments) { WorkingDirectory = suite,
            RedirectStandardOutput = true })!;
        var reading = tcl.StandardOutput.ReadToEndAsync();
        var note = "";
        if (await Task.WhenAny(reading, Task.Delay(Limit + TimeSpan.FromSeconds(10))) != reading)
        {
            note = "timed out";
            tcl.Kill(entireProcessTree: true);
        }
        var text = Colour().Replace(await reading, "");
        if (text.Contains("[exception]"))
            note = "ended by an exception of the suite";
        else if (text.Contains("[TIMEOUT]"))
            note = "timed out";
        return new UnitResult(Passed().Count(text), [.. FailedCase().Matches(text).Select(m => m.Groups[1].Value.Trim())], note);
    }

    // The suite looks for its programs below src/. What its harness does before the first case is no case: a server that lacks a command
    // or an option of the set-up still gets its score.
    private static void Prepare(string suite)
    {
        var harness = Path.Combine(suite, "tests/support/server.tcl");
        var script = File.ReadAllText(harness);
        var tolerant = SetUp().Replace(script, "$1catch {$2}");
        if (tolerant != script)
            File.WriteAllText(harness, tolerant);
        Directory.CreateDirectory(Path.Combine(suite, "tests/tmp"));
        foreach (var program in new[] { "redis-server", "redis-cli", "redis-benchmark", "redis-check-aof", "redis-check-rdb" })
        {
            var link = Path.Combine(suite, "src", program);
            if (!File.Exists(link))
                File.CreateSymbolicLink(link, "/usr/bin/" + program);
        }
    }

    [GeneratedRegex(@"^( +)(r function flush|r config set \$param \$val)$", RegexOptions.Multiline)]
    private static partial Regex SetUp();

    [GeneratedRegex(@"^\[ok\]:", RegexOptions.Multiline)]
    private static partial Regex Passed();

    [GeneratedRegex(@"^\[err\]: (.*?) in tests/", RegexOptions.Multiline)]
    private static partial Regex FailedCase();

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colour();
}
