using System.Text.RegularExpressions;

namespace Microcosm.Tidy.Tests;

/// <summary>The law of references (eng/layers.txt).</summary>
public sealed partial class LayerTests
{
    [Fact]
    public void Every_project_references_only_what_its_layer_may()
    {
        var laws = Repository.Lines("eng/layers.txt")
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split('#')[0].Split(':'))
            .ToDictionary(p => p[0], p => p[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var wrong = new List<string>();
        foreach (var project in Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            var folder = FolderOf(project);
            if (folder is "eng/Tidy" || folder.StartsWith("bench", StringComparison.Ordinal) || folder.StartsWith("eng/Score", StringComparison.Ordinal))
                continue;
            if (!laws.TryGetValue(folder, out var allowed))
            {
                wrong.Add($"{folder} is not in eng/layers.txt");
                continue;
            }
            var isTest = project.EndsWith(".Tests.csproj", StringComparison.Ordinal);
            foreach (var target in ReferencesOf(project))
            {
                if (target != folder && target != "eng/Generator" && !allowed.Any(a => Matches(a, target))
                    && !(isTest && (target.StartsWith("products/", StringComparison.Ordinal) || target.StartsWith("kits/", StringComparison.Ordinal)
                        || target.StartsWith("systems/", StringComparison.Ordinal))))
                    wrong.Add($"{project} references {target}");
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = Repository.Read("Microcosm.slnx");
        Assert.Empty(Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !solution.Contains(f)));
    }

    [Fact]
    public void Package_versions_stand_in_one_place() =>
        Assert.Empty(Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && PackageVersion().IsMatch(Repository.Read(f))));

    private static IEnumerable<string> ReferencesOf(string project)
    {
        foreach (Match match in Reference().Matches(Repository.Read(project)))
        {
            var full = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, match.Groups[1].Value));
            yield return FolderOf(Path.GetRelativePath(Repository.Root, full).Replace('\\', '/'));
        }
    }

    private static string FolderOf(string project) => string.Join('/', project.Split('/').Take(2));

    private static bool Matches(string allowed, string target) =>
        allowed == target || (allowed.EndsWith("/*", StringComparison.Ordinal) && target.StartsWith(allowed[..^1], StringComparison.Ordinal));

    [GeneratedRegex("ProjectReference Include=\"([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("PackageReference Include=\"[^\"]+\" Version=")]
    private static partial Regex PackageVersion();
}
