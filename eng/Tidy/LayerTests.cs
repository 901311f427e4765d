using System.Xml.Linq;

namespace Microcosm.Tidy.Tests;

/// <summary>The law of references (eng/layers.txt), and what project files may say.</summary>
public sealed class LayerTests
{
    // A template's projects are projects where they are stamped.
    private static IEnumerable<string> Projects => Repository.Files
        .Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !f.StartsWith("eng/template/", StringComparison.Ordinal));

    [Fact]
    public void The_law_has_no_circles_and_goes_down() => Findings.None(Law.Parse(Repository.Lines("eng/layers.txt")).Faults);

    [Fact]
    public void Every_project_references_only_what_the_law_allows()
    {
        var law = Law.Parse(Repository.Lines("eng/layers.txt"));
        Findings.None(Projects
            .SelectMany(project => ReferencesOf(project).Select(r => law.Judge(project, r.Target, r.AsAnalyzer)))
            .OfType<string>());
    }

    [Theory]
    [InlineData("kits/B: kits/A", "kits/B names kits/A, which no line above it declares")]
    [InlineData("kits/A:\nkits/A:", "kits/A has two lines")]
    [InlineData("kits/A: kits/A", "kits/A names kits/A, which no line above it declares")]
    [InlineData("systems/A:\nkits/B: systems/A", "kits/B may not name systems/A: references go down")]
    [InlineData("eng/A:\nkits/B: eng/A", "kits/B may not name eng/A: references go down")]
    [InlineData("systems/A:\nsystems/B: systems/A", "systems/B names the system systems/A and does not say why")]
    [InlineData("kits/A", "'kits/A' is not 'folder: folders'")]
    [InlineData("systems/*:\nsystems/A: systems/B # why\nsystems/B: systems/A # why", "systems/B has its line below one that names it")]
    public void A_law_that_goes_up_or_round_is_refused(string text, string fault) =>
        Assert.Equal([fault], Law.Parse(text.Split('\n')).Faults);

    [Theory]
    [InlineData(true, "kits/B/src/B.csproj", "kits/A/src/A.csproj")]
    [InlineData(false, "kits/A/src/A.csproj", "kits/B/src/B.csproj")]
    [InlineData(false, "kits/C/src/C.csproj", "kits/A/src/A.csproj")]
    [InlineData(true, "systems/T/src/T.csproj", "systems/S/src/S.csproj")]
    [InlineData(false, "systems/S/src/S.csproj", "products/World/src/World.csproj")]
    [InlineData(true, "systems/S/tests/S.Tests.csproj", "kits/B/src/B.csproj")]
    [InlineData(true, "systems/S/tests/S.Tests.csproj", "products/Testing/src/Testing.csproj")]
    [InlineData(false, "systems/S/tests/S.Tests.csproj", "products/World/src/World.csproj")]
    [InlineData(false, "systems/S/tests/S.Tests.csproj", "systems/T/src/T.csproj")]
    [InlineData(true, "systems/T/bench/T.Bench.csproj", "systems/S/src/S.csproj")]
    [InlineData(true, "products/Testing/tests/Testing.Tests.csproj", "systems/T/src/T.csproj")]
    [InlineData(false, "products/World/src/World.csproj", "systems/T/src/T.csproj")]
    [InlineData(false, "systems/T/tests/T.Tests.csproj", "systems/S/tests/S.Tests.csproj")]
    public void The_law_is_applied(bool allowed, string project, string target)
    {
        string[] lines =
        [
            "kits/A:", "kits/B: kits/A", "systems/S: kits/A", "systems/T: kits/* systems/S # the original stands on it",
            "products/World: kits/A", "products/Testing: products/World",
        ];
        var law = Law.Parse(lines);
        Findings.None(law.Faults);
        Assert.Equal(allowed, law.Judge(project, target, asAnalyzer: false) is null);
    }

    [Theory]
    [InlineData(true, "systems/New/src/New.csproj", "kits/A/src/A.csproj")]
    [InlineData(false, "systems/New/src/New.csproj", "systems/Old/src/Old.csproj")]
    [InlineData(true, "systems/Own/src/Own.csproj", "systems/Old/src/Old.csproj")]
    [InlineData(false, "systems/Own/src/Own.csproj", "kits/A/src/A.csproj")]
    [InlineData(true, "products/P/src/P.csproj", "systems/New/src/New.csproj")]
    public void A_system_without_a_line_of_its_own_has_that_of_all(bool allowed, string project, string target)
    {
        string[] lines = ["kits/A:", "systems/*: kits/*", "systems/Own: systems/Old # the original stands on it", "products/P: systems/*"];
        var law = Law.Parse(lines);
        Findings.None(law.Faults);
        Assert.Equal(allowed, law.Judge(project, target, asAnalyzer: false) is null);
    }

    [Fact]
    public void The_generator_is_an_analyzer_for_all_and_a_library_for_none()
    {
        var law = Law.Parse(["eng/Generator:", "kits/A:"]);
        Assert.Null(law.Judge("kits/A/src/A.csproj", "eng/Generator/G.csproj", asAnalyzer: true));
        Assert.NotNull(law.Judge("kits/A/src/A.csproj", "eng/Generator/G.csproj", asAnalyzer: false));
    }

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = XDocument.Parse(Repository.Read("Microcosm.slnx")).Descendants("Project").Select(p => (string?)p.Attribute("Path"));
        Assert.Equal(Projects.Order(StringComparer.Ordinal), solution.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Package_versions_stand_in_Directory_Packages_props_only() => Findings.None(Repository.Files
        .Where(f => Path.GetExtension(f) is ".csproj" or ".props" or ".targets")
        .Where(f => f != "Directory.Packages.props" && SaysVersion(Repository.Read(f))));

    [Theory]
    [InlineData(true, """<Project><ItemGroup><PackageReference Include="X" Version="1" /></ItemGroup></Project>""")]
    [InlineData(true, """<Project><ItemGroup><PackageReference Include="X" VersionOverride="1" /></ItemGroup></Project>""")]
    [InlineData(true, """<Project><PackageReference Include="X"><Version>1</Version></PackageReference></Project>""")]
    [InlineData(true, """<Project><ItemGroup><PackageVersion Include="X" Version="1" /></ItemGroup></Project>""")]
    [InlineData(false, """<Project><ItemGroup><PackageReference Include="X" PrivateAssets="all" /></ItemGroup></Project>""")]
    public void A_version_is_seen_in_every_spelling(bool says, string project) => Assert.Equal(says, SaysVersion(project));

    private static bool SaysVersion(string project) => XDocument.Parse(project).Descendants()
        .Where(e => e.Name.LocalName is "PackageReference" or "PackageVersion" or "GlobalPackageReference")
        .Any(e => e.Name.LocalName == "PackageVersion"
            || e.Attribute("Version") is not null || e.Attribute("VersionOverride") is not null
            || e.Elements().Any(c => c.Name.LocalName is "Version" or "VersionOverride"));

    private static IEnumerable<(string Target, bool AsAnalyzer)> ReferencesOf(string project)
    {
        foreach (var reference in XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference"))
        {
            var folder = Path.Combine(Repository.Root, Path.GetDirectoryName(project)!);
            var full = Path.GetFullPath(Path.Combine(folder, ((string)reference.Attribute("Include")!).Replace('\\', '/')));
            var target = Path.GetRelativePath(Repository.Root, full).Replace('\\', '/');
            foreach (var one in target.Contains('*') ? Repository.Matching(target) : [target])
                yield return (one, (string?)reference.Attribute("OutputItemType") == "Analyzer");
        }
    }
}
