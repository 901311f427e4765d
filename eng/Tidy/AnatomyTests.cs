namespace Microcosm.Tidy.Tests;

/// <summary>Who knows one system knows all: the same folders, the same headings (ARCHITECTURE.md, CONTRIBUTING.md).</summary>
public sealed class AnatomyTests
{
    private const int ReadmeLinesMax = 150;

    private static readonly string[] Headings =
    [
        "What it is", "Try it", "Map of the code", "Life of a request", "State and invariants",
        "Durability", "Limits", "Not implemented", "Judged by", "Papers",
    ];

    public static IEnumerable<TheoryDataRow<string>> Systems() => Repository.FoldersIn("systems").Select(s => new TheoryDataRow<string>(s));

    public static IEnumerable<TheoryDataRow<string, string>> Parts() =>
        Repository.WholeSystems.SelectMany(PartsOf, (s, p) => new TheoryDataRow<string, string>(s, p));

    /// <summary>Headings are lines of the form <c>## What it is</c>, in this order and no others.</summary>
    [Theory]
    [MemberData(nameof(Systems))]
    public void A_readme_has_the_fixed_headings(string system)
    {
        var lines = Repository.Lines($"systems/{system}/README.md");
        Assert.Equal(Headings, lines.Where(l => l.StartsWith("## ", StringComparison.Ordinal)).Select(l => l[3..]));
        Assert.InRange(lines.Length, 1, ReadmeLinesMax);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_system_has_every_part(string system, string part) =>
        Assert.True(
            Repository.Files.Any(f => f.StartsWith($"systems/{system}/{part}", StringComparison.Ordinal)),
            $"systems/{system}/{part} is missing");

    /// <summary>A system is whole once it has its door; before that its README says that nobody can start it yet.</summary>
    [Fact]
    public void A_system_without_a_door_says_so() => Findings.None(Repository.FoldersIn("systems").Except(Repository.WholeSystems)
        .Where(s => !Repository.Read($"systems/{s}/README.md").Contains("**Being built:", StringComparison.Ordinal)));

    [Fact]
    public void Every_kit_and_system_has_a_readme() => Findings.None(new[] { "kits", "systems" }
        .SelectMany(Repository.FoldersIn, (level, name) => $"{level}/{name}/README.md").Except(Repository.Files));

    private static string[] PartsOf(string system) =>
    [
        "README.md", "contract.txt", $"src/{system}System.cs", $"src/{system}Options.cs",
        "src/Protocol/", "src/Operations/", "src/Core/", "src/Storage/", "src/Shell/", "src/Inside/",
        "tests/Scripts/", "tests/Sim/", "tests/Wire/", "tests/Clients/", "bench/",
    ];
}
