using System.Globalization;
using System.Text;

namespace Microcosm.Score;

/// <summary>Writes the table. A figure that would fall against the stored one fails the command.</summary>
internal static class Report
{
    /// <param name="path">systems/X/score.md</param>
    /// <param name="suite">The judge, in the words of a sentence: "the TCL suite of redis-7.0.15".</param>
    /// <param name="how">How it was run.</param>
    /// <param name="row">The judge in README.md's table, with a link to the score.</param>
    /// <param name="other">What the number beside ours is: of the real server, or, where it is not to be had, of all cases.</param>
    public static void Write(string path, string suite, string how, string row, IReadOnlyList<UnitRun> runs, string other = "real")
    {
        var system = Path.GetFileName(Path.GetDirectoryName(path)!);
        var ours = runs.Sum(r => r.Ours.Passed);
        if (File.Exists(path) && Stored(path) is { } stored && ours < stored)
        {
            Console.Error.WriteLine($"the score fell from {stored} to {ours}; {path} is left as it was");
            Environment.ExitCode = 1;
            return;
        }
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"# Score of {system}\n\nJudge: {suite}, {how}. ");
        text.Append(CultureInfo.InvariantCulture, $"Made by `eng/score {system.ToLowerInvariant()}` on {DateTime.UtcNow:yyyy-MM-dd}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| unit | {other} | ours | |\n|---|---|---|---|\n");
        foreach (var run in runs)
            text.Append(CultureInfo.InvariantCulture, $"| {run.Unit} | {run.Real.Passed} | {run.Ours.Passed} | {run.Ours.Note} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| all | {runs.Sum(r => r.Real.Passed)} | {ours} | |\n\n## Cases that fail on ours\n\n");
        var reasons = Reasons.Read(Path.Combine(Path.GetDirectoryName(path)!, "score-reasons.txt"));
        var failed = runs.SelectMany(r =>
            r.Ours.Failed.Select(name => (Name: $"{r.Unit}: {name}", IsShared: r.Real.Failed.Contains(name))));
        foreach (var group in failed.GroupBy(f => f.IsShared ? "The real server fails them too" : reasons.Of(f.Name)))
        {
            text.Append(CultureInfo.InvariantCulture, $"### {group.Key}\n\n");
            foreach (var (name, _) in group)
                text.Append(CultureInfo.InvariantCulture, $"- {name}\n");
            text.Append('\n');
        }
        File.WriteAllText(path, text.ToString().TrimEnd() + "\n");
        var folder = Path.GetDirectoryName(path)!;
        var real = runs.Sum(r => r.Real.Passed);
        var words = string.Create(CultureInfo.InvariantCulture,
            $"{suite}: {(other == "real" ? $"real {real:N0}, ours {ours:N0}" : $"ours {ours:N0} of {real:N0}")} cases");
        Insert(Path.Combine(folder, "README.md"), $"{char.ToUpperInvariant(words[0])}{words[1..]} ([score.md](score.md)).");
        InsertRow(Path.Combine(folder, "../../README.md"), system, string.Create(CultureInfo.InvariantCulture,
            $"| {system} | {row} | {(other == "real" ? $"{real:N0}" : "–")} | {ours:N0} | {DateTime.UtcNow:yyyy-MM-dd} |"));
    }

    // One system's row; the others stay.
    private static void InsertRow(string readme, string system, string row)
    {
        var rows = File.ReadAllLines(readme)
            .SkipWhile(l => l != "<!-- eng/score writes this -->").Skip(1).TakeWhile(l => l != "<!-- up to here -->").ToList();
        rows.RemoveAll(l => l.StartsWith($"| {system} |", StringComparison.Ordinal));
        rows.Add(row);
        Insert(readme, string.Join('\n', [.. rows.Take(2), .. rows.Skip(2).Order(StringComparer.Ordinal)]));
    }

    // Between the two marks of a README.
    private static void Insert(string readme, string text)
    {
        const string begin = "<!-- eng/score writes this -->\n", end = "\n<!-- up to here -->";
        var old = File.ReadAllText(readme);
        var (from, to) = (old.IndexOf(begin, StringComparison.Ordinal), old.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < 0)
            throw new InvalidDataException($"{readme} has no place for the score");
        File.WriteAllText(readme, string.Concat(old.AsSpan(0, from + begin.Length), text, old.AsSpan(to)));
    }

    private static int? Stored(string path)
    {
        var line = File.ReadLines(path).FirstOrDefault(l => l.StartsWith("| all |", StringComparison.Ordinal));
        return line is null ? null : int.Parse(line.Split('|')[3], CultureInfo.InvariantCulture);
    }
}
