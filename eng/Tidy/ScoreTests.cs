using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.Tidy.Tests;

/// <summary>What eng/score has measured: the README's table says it, and no figure of ours falls.</summary>
public sealed partial class ScoreTests
{
    // A stamped system has no judge yet, and no row.
    private static IEnumerable<string> Judged => Repository.WholeSystems.Where(s => Day().IsMatch(ScoreOf(s)));

    [Fact]
    public void The_readme_has_each_systems_figures_and_day() => Assert.All(Judged, system =>
    {
        var cells = Row(system)?.Trim('|').Split('|', StringSplitOptions.TrimEntries);
        Assert.NotNull(cells);
        Assert.Equal(Ours(ScoreOf(system)), int.Parse(cells[3], NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        Assert.Equal(Day().Match(ScoreOf(system)).Groups[1].Value, cells[4]);
    });

    [Fact]
    public void Ours_is_no_less_than_it_ever_was() => Assert.All(Judged, system =>
    {
        var path = PathOf(system);
        var versions = Repository.Git("log", "--format=%H", "--", path) ?? "";
        Assert.SkipWhen(versions.Length == 0, "there is no history here");
        var before = versions.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(v => Repository.Git("show", $"{v}:{path}"));
        Assert.InRange(Ours(ScoreOf(system)), before.OfType<string>().Max(Ours), int.MaxValue);
    });

    private static string PathOf(string system) => $"systems/{system}/score.md";

    private static string ScoreOf(string system) => Repository.Read(PathOf(system));

    private static string? Row(string system) =>
        Repository.Lines("README.md").SkipWhile(l => l != "<!-- eng/score writes this -->").TakeWhile(l => l != "<!-- up to here -->")
            .FirstOrDefault(l => l.StartsWith($"| {system} |", StringComparison.Ordinal));

    private static int Ours(string score) => int.Parse(Total().Match(score).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| all \| \d+ \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Total();

    [GeneratedRegex(@"Made by `eng/score \w+` on ([0-9-]+)\.")]
    private static partial Regex Day();
}
