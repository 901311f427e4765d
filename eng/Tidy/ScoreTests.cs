using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.Tidy.Tests;

/// <summary>What eng/score has measured: the README's table says it, and no figure of ours falls.</summary>
public sealed partial class ScoreTests
{
    public static IEnumerable<TheoryDataRow<string>> Scored() => Repository.WholeSystems.Where(s => Row(s) is not null)
        .Select(s => new TheoryDataRow<string>(s));

    [Theory]
    [MemberData(nameof(Scored))]
    public void The_readme_has_the_systems_figures_and_day(string system)
    {
        var score = Repository.Read($"systems/{system}/score.md");
        var cells = Row(system)!.Trim('|').Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal(Ours(score), int.Parse(cells[3], NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        Assert.Equal(Day().Match(score).Groups[1].Value, cells[4]);
    }

    /// <summary>A stamped system has no judge yet, and no row.</summary>
    [Fact]
    public void Every_system_with_a_judge_has_a_row() => Findings.None(Repository.WholeSystems
        .Where(s => Day().IsMatch(Repository.Read($"systems/{s}/score.md"))).Except(Scored().Select(r => r.Data)));

    [Theory]
    [MemberData(nameof(Scored))]
    public void Ours_is_no_less_than_it_ever_was(string system)
    {
        var path = $"systems/{system}/score.md";
        var versions = Repository.Git("log", "--format=%H", "--", path) ?? "";
        Assert.SkipWhen(versions.Length == 0, "there is no history here");
        var before = versions.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(v => Repository.Git("show", $"{v}:{path}"));
        Assert.InRange(Ours(Repository.Read(path)), before.OfType<string>().Max(Ours), int.MaxValue);
    }

    private static string? Row(string system) =>
        Repository.Lines("README.md").SkipWhile(l => l != "<!-- eng/score writes this -->").TakeWhile(l => l != "<!-- up to here -->")
            .FirstOrDefault(l => l.StartsWith($"| {system} |", StringComparison.Ordinal));

    private static int Ours(string score) => int.Parse(Total().Match(score).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| all \| \d+ \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Total();

    [GeneratedRegex(@"Made by `eng/score \w+` on ([0-9-]+)\.")]
    private static partial Regex Day();
}
