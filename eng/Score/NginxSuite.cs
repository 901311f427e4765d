using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microcosm.Score;

/// <summary>
/// Runs nginx' own tests, Perl programs that start a server for each file, on Debian's nginx and on ours, file by file, some side by side
/// in network namespaces of their own. A file counts where all of it passes; one that is skipped, for a module that is not there, does not.
/// </summary>
internal static partial class NginxSuite
{
    private static readonly ParallelOptions SideBySide = new() { MaxDegreeOfParallelism = 3 };

    // Network namespaces need root; without them files would take each other's ports.
    private static readonly bool HasNamespaces = Environment.UserName == "root" && Run("unshare", ["-n", "true"]) == 0;

    /// <param name="suite">A work tree of nginx-tests.</param>
    /// <param name="wanted">Tiers or files; none for all.</param>
    public static async Task<List<UnitRun>> RunAsync(string root, string suite, IReadOnlyCollection<string> wanted)
    {
        var ours = Path.Combine(root, "artifacts/bin/Microcosm.Nginx.Program/release/nginx");
        var files = File.ReadLines(Path.Combine(root, "eng/Score/nginx-tests/tests.txt")).Where(l => l.Length > 0 && l[0] != '#')
            .Where(l => wanted.Count == 0 || l.Split(' ').Any(wanted.Contains)).ToList();
        var runs = new (UnitResult Real, UnitResult Ours)[files.Count];
        var options = HasNamespaces ? SideBySide : new ParallelOptions { MaxDegreeOfParallelism = 1 };
        await Parallel.ForAsync(0, files.Count, options, async (i, _) =>
        {
            var name = files[i].Split(' ')[1];
            runs[i] = (await RunAsync(suite, name, "/usr/sbin/nginx"), await RunAsync(suite, name, ours));
            Console.WriteLine($"{files[i],-50} real {runs[i].Real.Passed}   ours {runs[i].Ours.Passed}   {runs[i].Ours.Note}");
        });
        // Tests measure times of their own, and the machine may be busy: a second attempt for both, alone, which the table tells of.
        for (var i = 0; i < files.Count; i++)
        {
            var name = files[i].Split(' ')[1];
            if (runs[i].Real.Failed.Count > 0)
                runs[i].Real = await AgainAsync(runs[i].Real, () => RunAsync(suite, name, "/usr/sbin/nginx"));
            if (runs[i].Ours.Failed.Count > 0)
                runs[i].Ours = await AgainAsync(runs[i].Ours, () => RunAsync(suite, name, ours));
        }
        return [.. files.Zip(runs, (file, run) => new UnitRun(file, run.Real with { Failed = [] },
            run.Ours with { Note = $"{run.Ours.Note} (real: {run.Real.Note})" }))];
    }

    private static async Task<UnitResult> AgainAsync(UnitResult first, Func<Task<UnitResult>> run)
    {
        var again = await run();
        return again.Passed > 0 ? again with { Note = $"{again.Note}, in a second attempt" } : first;
    }

    private static async Task<UnitResult> RunAsync(string suite, string file, string binary)
    {
        var folder = Directory.CreateTempSubdirectory("score").FullName;
        string[] perl = ["timeout", "-k", "5", "90", "perl", "-I", "lib", file];
        string[] command = HasNamespaces ? ["unshare", "-n", "sh", "-c", $"ip link set lo up; exec {string.Join(' ', perl)}"] : perl;
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = suite, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["TEST_NGINX_BINARY"] = binary;
        start.Environment["TEST_NGINX_MODULES"] = "/usr/lib/nginx/modules";
        start.Environment["TMPDIR"] = folder;
        // As root, nginx' workers become somebody who may not read the suite's folders.
        if (Environment.UserName == "root")
            start.Environment["TEST_NGINX_GLOBALS"] = "user root;";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        // A server that outlives its test holds the pipes.
        await Task.WhenAny(Task.WhenAll(errors, output), Task.Delay(TimeSpan.FromSeconds(10)));
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Somebody still writes there.
        }
        return output.IsCompletedSuccessfully ? ResultOf(output.Result, process.ExitCode) : new UnitResult(0, [file], "hangs");
    }

    private static UnitResult ResultOf(string text, int code)
    {
        if (Skipped().Match(text) is { Success: true } skipped)
            return new UnitResult(0, [], $"skipped: {skipped.Groups[1].Value}");
        var outcomes = Outcome().Matches(text);
        // What is marked as not to be done yet may fail.
        var failed = outcomes.Where(m => m.Groups[1].Success && !m.Groups[3].Value.Contains("# TODO", StringComparison.Ordinal)).ToList();
        var planned = Plan().Match(text) is { Success: true } plan ? int.Parse(plan.Groups[1].Value) : 0;
        var passed = outcomes.Count - failed.Count;
        var isWhole = failed.Count == 0 && code == 0 && passed >= planned && passed > 0;
        return new UnitResult(isWhole ? 1 : 0, isWhole ? [] : [.. failed.Select(m => m.Groups[3].Value).DefaultIfEmpty("it ended early")],
            $"{passed} of {Math.Max(planned, outcomes.Count)}");
    }

    private static int Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    [GeneratedRegex(@"^1\.\.0 # SKIP (.*)$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Skipped();

    [GeneratedRegex(@"^(not )?ok (\d+)(?: - )?(.*)$", RegexOptions.Multiline)]
    private static partial Regex Outcome();

    [GeneratedRegex(@"^1\.\.(\d+)", RegexOptions.Multiline)]
    private static partial Regex Plan();
}
