using System.Text.RegularExpressions;

namespace Microcosm.Cli;

/// <summary>
/// Compares output with what a chapter quotes: <c>…</c> in a line stands for anything in that line, a line that is only <c>…</c> for any
/// number of lines. Blanks at the ends of lines do not count.
/// </summary>
internal static class QuotedOutput
{
    private const string Anything = "…";

    public static bool Matches(IReadOnlyList<string> quoted, string output)
    {
        var pattern = string.Concat(quoted.Select(line => line.Trim() == Anything ? "(?:.*\n)*" : PatternOf(line.TrimEnd()) + "\n"));
        return Regex.IsMatch(Tidy(output) + (output.Length == 0 ? "" : "\n"), $@"\A{pattern}\z");
    }

    /// <summary>Output as a chapter quotes it.</summary>
    public static string Tidy(string output) =>
        string.Join('\n', output.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())).Trim('\n');

    private static string PatternOf(string line) => string.Join(".*", line.Split(Anything).Select(Regex.Escape));
}
