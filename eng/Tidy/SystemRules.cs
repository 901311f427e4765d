using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microcosm.Tidy.Tests;

/// <summary>What a whole system owes beside its folders. Each rule takes a system's name and says what is missing.</summary>
internal static class SystemRules
{
    // Words in the name of an option or constant by which it sounds like a limit.
    private static readonly string[] LimitWords = ["Max", "Limit"];

    /// <summary>A limit is declared by <c>[Limit("name")]</c>; a test that passes it has <c>[Trait("Limit", "name")]</c>.</summary>
    public static IEnumerable<string> UntestedLimits(string system) =>
        DeclaredLimits(system).Except(Traits(system, "tests/", "Limit")).Select(l => $"{system}: no test of the limit {l}");

    /// <summary>A test of a limit that nobody declares is about a limit that is gone, or misspelled.</summary>
    public static IEnumerable<string> UndeclaredLimits(string system) =>
        Traits(system, "tests/", "Limit").Except(DeclaredLimits(system)).Select(l => $"{system}: nothing declares the limit {l}");

    /// <summary>In options and in classes of limits, what sounds like a limit is declared as one.</summary>
    public static IEnumerable<string> HiddenLimits(string system) => In(system, "src/")
        .Where(f => f.Path.EndsWith($"/{system}Options.cs", StringComparison.Ordinal)
            || f.Path.EndsWith("Limits.cs", StringComparison.Ordinal))
        .SelectMany(Members)
        .Where(m => LimitWords.Any(w => m.Name.Contains(w, StringComparison.Ordinal)) && LimitsOf(m.Attributes).Length == 0)
        .Select(m => $"{system}: {m.Name} sounds like a limit");

    /// <summary>Tests in tests/Clients say by <c>[Trait("Client", "library")]</c> which of the peer's own clients they are.</summary>
    public static IEnumerable<string> MissingClient(string system) =>
        Traits(system, "tests/Clients/", "Client").Any() ? [] : [$"{system}: tests/Clients names no client of the peer's"];

    /// <summary>The class Regressions in tests/Sim keeps seeds: <c>[InlineData("workload", 653, "what it found")]</c>.</summary>
    public static IEnumerable<string> MissingSeed(string system) => In(system, "tests/Sim/")
        .Where(f => Path.GetFileName(f.Path) == "Regressions.cs")
        .SelectMany(f => f.Syntax.DescendantNodes().OfType<AttributeSyntax>())
        .Any(a => a.Name.ToString() == "InlineData") ? [] : [$"{system}: tests/Sim/Regressions.cs keeps no seed"];

    /// <summary>docs/course/NN-name.md has the system's name in its own.</summary>
    public static IEnumerable<string> MissingChapter(string system) =>
        Repository.Matching("docs/course/*.md").Any(f => f.Contains(system.ToLowerInvariant(), StringComparison.Ordinal))
            ? [] : [$"{system}: no chapter in docs/course"];

    /// <summary>score.md says of which system it is, who judges, and has the line of all units.</summary>
    public static IEnumerable<string> MissingScore(string system)
    {
        var path = $"systems/{system}/score.md";
        var lines = Repository.Files.Contains(path) ? Repository.Lines(path) : [];
        return lines.FirstOrDefault() == $"# Score of {system}"
            && lines.Any(l => l.StartsWith("Judge: ", StringComparison.Ordinal))
            && lines.Any(l => l.StartsWith("| all |", StringComparison.Ordinal)) ? [] : [$"{path} is no score"];
    }

    private static IEnumerable<SourceFile> In(string system, string part) => Repository.Sources.Where(f => f.IsIn($"systems/{system}")
        && f.Path.StartsWith($"systems/{system}/{part}", StringComparison.Ordinal));

    private static IEnumerable<string> DeclaredLimits(string system) => In(system, "src/")
        .SelectMany(f => f.Syntax.DescendantNodes().OfType<AttributeListSyntax>())
        .SelectMany(l => LimitsOf([l])).Distinct();

    private static string[] LimitsOf(IEnumerable<AttributeListSyntax> lists) =>
        [.. lists.SelectMany(l => l.Attributes).Where(a => a.Name.ToString().Split('.')[^1] == "Limit").Select(a => Argument(a, 0))];

    private static IEnumerable<string> Traits(string system, string part, string kind) => In(system, part)
        .SelectMany(f => f.Syntax.DescendantNodes().OfType<AttributeSyntax>())
        .Where(a => a.Name.ToString() == "Trait" && Argument(a, 0) == kind)
        .Select(a => Argument(a, 1)).Distinct();

    private static string Argument(AttributeSyntax attribute, int index) =>
        attribute.ArgumentList?.Arguments.ElementAtOrDefault(index)?.Expression is LiteralExpressionSyntax literal
            ? literal.Token.ValueText : "";

    private static IEnumerable<(string Name, IEnumerable<AttributeListSyntax> Attributes)> Members(SourceFile file)
    {
        var nodes = file.Syntax.DescendantNodes().ToArray();
        return nodes.OfType<PropertyDeclarationSyntax>().Select(p => (p.Identifier.Text, p.AttributeLists.AsEnumerable()))
            .Concat(nodes.OfType<FieldDeclarationSyntax>()
                .SelectMany(f => f.Declaration.Variables.Select(v => (v.Identifier.Text, f.AttributeLists.AsEnumerable()))));
    }
}
