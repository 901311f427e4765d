using System.CommandLine;

namespace Microcosm.SideBySide;

/// <summary>The whole of a command: what is missing is told first, ours is published, then one comparison after the other.</summary>
internal static class Bench
{
    public static async Task<int> RunAsync(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var comparisons = parsed.GetValue(Options.Comparisons)!.Distinct().Select(n => Comparison.All.First(c => c.Name == n)).ToList();
        if (Options.Stray(parsed, comparisons) is { } stray)
            return Fail(ExitCode.Usage, $"{stray.Name} is nothing for {string.Join(", ", comparisons.Select(c => c.Name))}");
        var runs = comparisons.Select(c => new Run(c, parsed, arguments)).ToList();
        if (runs.Select(r => r.Before).FirstOrDefault(b => b is not null && !File.Exists(b)) is { } before)
            return Fail(ExitCode.Usage, $"--before: there is no {before}");
        var missing = runs.SelectMany(r => r.Comparison.Needs(r)).Distinct().Where(p => !p.IsThere).ToList();
        if (missing.Count > 0)
            return Fail(ExitCode.Missing, $"missing: {string.Join(", ", missing)}");
        try
        {
            foreach (var ours in comparisons.Select(c => c.Ours).Distinct())
                Published.Publish(ours.Project, ours.Program);
            // After the builds, whose servers would keep it.
            if (parsed.GetValue(Options.Priority))
                Priority.Take();
            foreach (var run in runs)
                await MeasureAsync(run);
        }
        catch (Exception e)
        {
            return Fail(ExitCode.Failed, e is IOException or InvalidOperationException or TimeoutException ? e.Message : $"{e}");
        }
        finally
        {
            Server.EndAll();
            if (parsed.GetValue(Options.Json) is { } file)
                await File.WriteAllTextAsync(file, Report.ToJson(runs.SelectMany(r => r.Reports)));
        }
        return runs.Find(r => r.Reports.All(report => report.IsEmpty)) is { } empty
            ? Fail(ExitCode.Usage, $"nothing of {empty.Comparison.Name} is called so, or there are no rounds") : ExitCode.Ok;
    }

    private static async Task MeasureAsync(Run run)
    {
        try
        {
            await run.Comparison.MeasureAsync(run);
        }
        finally
        {
            // Of a run that fails, what it saw.
            foreach (var report in run.Reports.Where(r => !r.IsEmpty))
                Console.WriteLine(report.ToMarkdown());
        }
        if (run.IsWhole)
            run.Reports.Where(r => !r.IsEmpty).ToList().ForEach(Published.Keep);
    }

    private static int Fail(int code, string message)
    {
        Console.Error.WriteLine($"bench/run: {message.TrimEnd()}");
        return code;
    }
}
