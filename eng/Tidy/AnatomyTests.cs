namespace Microcosm.Tidy.Tests;

/// <summary>Who knows one system knows all: the same folders, the same headings.</summary>
public sealed class AnatomyTests
{
    private static readonly string[] Headings =
    [
        "What it is", "Try it", "Map of the code", "Life of a request", "State and invariants", "Durability", "Limits", "Not implemented", "Judged by", "Papers",
    ];

    public static IEnumerable<TheoryDataRow<string>> Systems() =>
        Repository.Files.Where(f => f.StartsWith("systems/", StringComparison.Ordinal)).Select(f => f.Split('/')[1]).Distinct().Select(s => new TheoryDataRow<string>(s));

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_readme_has_the_fixed_headings(string system)
    {
        var lines = Repository.Lines($"systems/{system}/README.md");
        Assert.InRange(lines.Length, 1, 150);
        Assert.Equal(Headings, lines.Where(l => l.StartsWith("## ", StringComparison.Ordinal)).Select(l => l[3..]));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void The_folders_of_a_system_are_there(string system)
    {
        string[] wanted =
        [
            "contract.txt", $"src/{system}System.cs", $"src/{system}Options.cs", "src/Protocol/", "src/Operations/", "src/Core/", "src/Storage/", "src/Shell/",
            "tests/Scripts/", "tests/Clients/", "tests/Wire/",
        ];
        Assert.Empty(wanted.Where(w => !Repository.Files.Any(f => f.StartsWith($"systems/{system}/{w}", StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_kit_and_product_explains_itself() =>
        Assert.Empty(Repository.Files
            .Where(f => f.StartsWith("kits/", StringComparison.Ordinal)).Select(f => string.Join('/', f.Split('/').Take(2))).Distinct()
            .Where(folder => !Repository.Files.Contains(folder + "/README.md")));
}
