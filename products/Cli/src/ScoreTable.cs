using System.Globalization;
using System.Text.Json.Nodes;

namespace Microcosm.Cli;

/// <summary>A system's score.md, read.</summary>
/// <param name="System"><c>redis</c></param>
/// <param name="Judge">Which suite, of which version, and how it was run.</param>
/// <param name="Day">When: <c>2026-11-29</c>; empty where nobody has judged yet.</param>
/// <param name="Other">What the number beside ours is: <c>real</c>, or <c>cases</c> where the real one did not run.</param>
/// <param name="Units">Unit by unit.</param>
/// <param name="Total">All units together.</param>
/// <param name="Failing">Cases that fail on ours: <c>unit: case</c>.</param>
internal sealed record ScoreTable(
    string System, string Judge, string Day, string Other, IReadOnlyList<ScoreUnit> Units, ScoreUnit Total, IReadOnlyList<string> Failing)
{
    // The build names the resource after the system's folder: score/Redis.md.
    private const string Prefix = "score/";
    private const string Judging = "Judge: ";

    /// <summary>Systems that have a score.</summary>
    public static IEnumerable<string> Names => Resources.Select(NameOf);

    private static IEnumerable<string> Resources =>
        typeof(ScoreTable).Assembly.GetManifestResourceNames().Where(r => r.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>The table that was committed when this program was built.</summary>
    public static ScoreTable Committed(string system)
    {
        using var resource = typeof(ScoreTable).Assembly.GetManifestResourceStream(Resources.First(r => NameOf(r) == system))!;
        using var reader = new StreamReader(resource);
        return Parse(system, reader.ReadToEnd());
    }

    /// <summary>Reads what eng/score wrote. Throws <see cref="FormatException"/>.</summary>
    public static ScoreTable Parse(string system, string markdown)
    {
        var lines = markdown.Split('\n');
        var rows = lines.Where(l => l.StartsWith("| ", StringComparison.Ordinal)).ToList();
        var units = rows.Skip(1).Select(Row).ToList();
        var judge = lines.FirstOrDefault(l => l.StartsWith(Judging, StringComparison.Ordinal))?[Judging.Length..] ?? "";
        var made = judge.IndexOf(". Made by", StringComparison.Ordinal);
        var total = units.Find(u => u.Name == "all") ?? throw new FormatException($"The score of {system} has no line 'all'");
        return new(
            system,
            made < 0 ? judge : judge[..made],
            made < 0 ? "" : judge[^"2026-11-29.".Length..].TrimEnd('.'),
            rows[0].Split('|', StringSplitOptions.TrimEntries)[2],
            [.. units.Where(u => u != total)],
            total,
            [.. lines.Where(l => l.StartsWith("- ", StringComparison.Ordinal)).Select(l => l[2..])]);
    }

    /// <summary>For programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["system"] = System,
        ["judge"] = Judge,
        ["day"] = Day,
        [Other] = Total.Real,
        ["ours"] = Total.Ours,
        ["units"] = new JsonArray([.. Units.Select(u => new JsonObject
        {
            ["unit"] = u.Name,
            [Other] = u.Real,
            ["ours"] = u.Ours,
            ["note"] = u.Note,
        })]),
        ["failing"] = new JsonArray([.. Failing.Select(f => JsonValue.Create(f))]),
    };

    private static ScoreUnit Row(string line)
    {
        var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
        return new(cells[0], Number(cells[1]), Number(cells[2]), cells.ElementAtOrDefault(3) ?? "");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string NameOf(string resource) => Path.GetFileNameWithoutExtension(resource).ToLowerInvariant();
}
