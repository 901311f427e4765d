namespace Microcosm.Packages.Tests;

/// <summary>What is in the packages.</summary>
public sealed class ContentTests(Packed packed)
{
    private static readonly string[] Tools = ["Microcosm.Cli", "Microcosm.Nginx.Program"];

    [Fact]
    public void Every_kit_system_and_product_is_a_package_and_nothing_else_is()
    {
        var projects = new[] { "kits", "systems", "products" }
            .SelectMany(level => Directory.EnumerateFiles(Path.Combine(Packed.Repository, level), "*.csproj", SearchOption.AllDirectories))
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(n => !n.EndsWith(".Tests", StringComparison.Ordinal) && !n.EndsWith(".Bench", StringComparison.Ordinal));
        Assert.Equal(projects.Order(StringComparer.Ordinal), packed.Names);
    }

    [Fact]
    public void Each_has_its_readme_licence_description_and_symbols() => Assert.All(packed.Names, name =>
    {
        var says = packed.Says(name);
        Assert.Equal(("MIT", "README.md"), (says["license"].Single().Value, says["readme"].Single().Value));
        Assert.Equal("The Microcosm authors", says["authors"].Single().Value);
        Assert.NotEqual("Package Description", says["description"].Single().Value);
        Assert.Contains("microcosm", says["tags"].Single().Value.Split(' '));
        using var package = packed.Open(name);
        Assert.True(package.GetEntry("README.md")!.Length > 200);
        using var licence = new StreamReader(package.GetEntry("LICENSE")!.Open());
        Assert.StartsWith("MIT License", licence.ReadToEnd());
        using var symbols = packed.Open(name, "snupkg");
        Assert.Contains(symbols.Entries, e => e.Name.EndsWith(".pdb", StringComparison.Ordinal));
    });

    [Fact]
    public void A_library_has_its_documentation_and_needs_only_packages_that_are_there() =>
        Assert.All(packed.Names.Except(Tools), name =>
        {
            using var package = packed.Open(name);
            Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.dll"));
            Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.xml"));
            var needs = packed.Says(name)["dependency"].ToDictionary(d => (string)d.Attribute("id")!, d => (string)d.Attribute("version")!);
            Assert.DoesNotContain(needs.Keys, n => n.Contains("Analyzers") || n.Contains("Generator") || n == "Grpc.Tools");
            Assert.All(needs.Where(n => n.Key.StartsWith("Microcosm.", StringComparison.Ordinal)), need =>
            {
                Assert.Contains(need.Key, packed.Names);
                Assert.Equal(packed.Version, need.Value);
            });
        });

    [Fact]
    public void A_tool_brings_all_that_it_needs() => Assert.All(Tools, name =>
    {
        Assert.Equal("DotnetTool", (string?)packed.Says(name)["packageType"].Single().Attribute("name"));
        Assert.Empty(packed.Says(name)["dependency"]);
        using var package = packed.Open(name);
        Assert.NotNull(package.GetEntry("tools/net10.0/any/Microcosm.Runtime.dll"));
    });
}
