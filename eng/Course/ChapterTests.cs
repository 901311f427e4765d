using System.Text;
using Microcosm.Cli;

namespace Microcosm.Course.Tests;

/// <summary>
/// Every chapter and every README prints what it says. <c>MICROCOSM_UPDATE=1</c> writes what was printed into the file
/// where the two differ.
/// </summary>
public sealed class ChapterTests
{
    public static IEnumerable<TheoryDataRow<string>> Chapters() => Files()
        .Where(f => Read(f).Steps.Count > 0).Order(StringComparer.Ordinal).Select(f => new TheoryDataRow<string>(f));

    /// <summary>The runner stands in for the peers' client programs where it can.</summary>
    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task It_prints_what_it_says(string chapter)
    {
        SkipWhereMissing(chapter, p => !p.HasStandIn);
        await RunAsync(chapter, asPeer: false);
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task The_peers_own_clients_print_the_same(string chapter)
    {
        SkipWhereMissing(chapter, _ => true);
        await RunAsync(chapter, asPeer: true);
    }

    private static void SkipWhereMissing(string chapter, Func<IClientProgram, bool> isNeeded)
    {
        var named = Read(chapter).Steps.Where(s => s.IsShell).Select(s => ChapterRun.WordsOf(s)[0]).ToHashSet();
        var missing = ChapterRun.Programs.Where(p => named.Contains(p.Name) && isNeeded(p) && !p.IsInstalled).Select(p => p.Name).ToArray();
        Assert.SkipWhen(missing.Length > 0, "not installed: " + string.Join(", ", missing));
    }

    private static async Task RunAsync(string path, bool asPeer)
    {
        var chapter = Read(path);
        var differences = await Differences.FindAsync(chapter, asPeer);
        if (differences.Count == 0)
            return;
        if (Environment.GetEnvironmentVariable("MICROCOSM_UPDATE") == "1" && !asPeer)
        {
            await File.WriteAllTextAsync(Path.Combine(Checkout.Root, path), chapter.With(differences));
            return;
        }
        var text = new StringBuilder($"{differences.Count} steps print something else than is quoted");
        foreach (var (step, printed) in differences)
            text.Append($"\n\n{path}:{step.Line}: {step.Prompt} {step.Command}"
                + $"\nexpected:\n{string.Join('\n', step.Expected)}\ngot:\n{printed}");
        Assert.Fail(text.ToString());
    }

    private static Chapter Read(string path) => Chapter.Parse(path, File.ReadAllText(Path.Combine(Checkout.Root, path)));

    private static IEnumerable<string> Files() =>
    [
        "README.md",
        .. Directory.GetFiles(Path.Combine(Checkout.Root, "docs", "course"), "*.md").Select(f => "docs/course/" + Path.GetFileName(f)),
        .. new[] { "kits", "systems", "products" }
            .SelectMany(level => Directory.GetDirectories(Path.Combine(Checkout.Root, level)),
                (level, f) => $"{level}/{Path.GetFileName(f)}/README.md")
            .Where(f => File.Exists(Path.Combine(Checkout.Root, f))),
    ];
}
