using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Microcosm.Cli;

/// <summary>
/// <c>cosm score</c>: shows how the systems fare with their peers' own suites. The tables are those committed (systems/X/score.md), as
/// they were when this program was built; <c>--run</c> measures anew, in a checkout.
/// </summary>
internal static class Score
{
    public static Command Command()
    {
        var system = new Argument<string?>("system")
        {
            Description = "One system, unit by unit; a line for each when left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var run = new Option<bool>("--run")
        {
            Description = "Run the peer's suite on ours and on the real one now (eng/score); takes minutes.",
        };
        var units = new Option<string[]>("--unit") { Description = "With --run: one unit of the suite; the table is then left as it is.",
            DefaultValueFactory = _ => [], HelpName = "UNIT" };
        var command = new Command("score", "Show the score tables: our systems in their peers' own test suites.") { system, run, units };
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetValue(system);
            if (name is not null && !ScoreTable.Names.Contains(name))
                return Output.Fail(ExitCode.Usage, $"there is no score of '{name}'. Known: {string.Join(", ", ScoreTable.Names)}");
            if (parsed.GetValue(run))
                return name is null
                    ? Output.Fail(ExitCode.Usage, "say which: cosm score redis --run")
                    : await RunAsync(name, parsed.GetValue(units)!, cancellation);
            var tables = ScoreTable.Names.Where(n => name is null || n == name).Select(ScoreTable.Committed).ToList();
            if (Output.IsJson(parsed))
                Output.Json(new JsonArray([.. tables.Select(t => t.ToJson())]));
            else if (name is null)
                Summarize(tables);
            else
                Print(tables[0]);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Summarize(IEnumerable<ScoreTable> scores)
    {
        var table = new Table().Border(TableBorder.Minimal);
        foreach (var column in (string[])["system", "judge", "real", "ours", "%", "day"])
            table.AddColumn(column);
        foreach (var score in scores)
        {
            var isRealKnown = score.Other == "real";
            table.AddRow(score.System, Markup.Escape(score.Judge), isRealKnown ? $"{score.Total.Real}" : "–",
                isRealKnown ? $"{score.Total.Ours}" : $"{score.Total.Ours} of {score.Total.Real}", Percent(score.Total), score.Day);
        }
        AnsiConsole.Write(table);
    }

    private static void Print(ScoreTable score)
    {
        Console.WriteLine($"{score.System}: {score.Judge} ({score.Day})");
        var table = new Table().Border(TableBorder.Minimal);
        foreach (var column in (string[])["unit", score.Other, "ours", "%", ""])
            table.AddColumn(column);
        foreach (var unit in score.Units)
            table.AddRow(Markup.Escape(unit.Name), $"{unit.Real}", $"{unit.Ours}", Percent(unit), Markup.Escape(unit.Note));
        AnsiConsole.Write(table);
        Console.WriteLine($"{score.System}: {score.Total.Ours} of {score.Total.Real} ({Percent(score.Total)} %), "
            + $"{score.Failing.Count} cases fail");
    }

    private static string Percent(ScoreUnit unit) => unit.Real == 0 ? "" : $"{100.0 * unit.Ours / unit.Real:0.0}";

    // Output goes straight through: the runner says itself how far it is.
    private static async Task<int> RunAsync(string system, string[] units, CancellationToken cancellation)
    {
        if (FindScript() is not { } script)
            return Output.Fail(ExitCode.Failed, "--run needs a checkout of the repository: eng/score is in no folder above this one");
        using var process = Process.Start(new ProcessStartInfo("bash", [script, system, .. units]))!;
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return ExitCode.Failed;
        }
        return process.ExitCode == 0 ? ExitCode.Ok : Output.Fail(ExitCode.Failed, $"eng/score ended with {process.ExitCode}");
    }

    private static string? FindScript()
    {
        foreach (var start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var script = Path.Combine(folder.FullName, "eng", "score");
                if (File.Exists(script))
                    return script;
            }
        }
        return null;
    }
}
