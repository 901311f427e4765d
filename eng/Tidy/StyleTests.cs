using System.Text.RegularExpressions;

namespace Microcosm.Tidy.Tests;

/// <summary>Norms that a regular expression can see.</summary>
public sealed partial class StyleTests
{
    [Fact]
    public void Type_names_say_what_the_type_is() =>
        Assert.Empty(Matches(Repository.ProductSources, VagueName()));

    [Fact]
    public void Partial_is_for_generated_code() =>
        Assert.Empty(Repository.ProductSources
            .Where(f => !f.StartsWith("eng/", StringComparison.Ordinal) && PartialType().IsMatch(Repository.Read(f)) && !GeneratedCode().IsMatch(Repository.Read(f))));

    [Fact]
    public void Tests_do_not_sleep() =>
        Assert.Empty(Matches(Repository.Sources.Where(f => f.Contains("/tests/")), Sleep()));

    [Fact]
    public void Cores_have_no_tasks_and_no_clocks() =>
        Assert.Empty(Matches(Repository.ProductSources.Where(f => f.StartsWith("systems/", StringComparison.Ordinal) && f.Contains("/src/Core/")
            && !f.EndsWith("/ICommandLog.cs", StringComparison.Ordinal) && !f.EndsWith("/ServerTimers.cs", StringComparison.Ordinal)
            && !f.EndsWith("/RedisServer.cs", StringComparison.Ordinal)), TaskOrClock()));

    [Fact]
    public void One_public_type_stands_in_a_file()
    {
        var wrong = Repository.ProductSources.Where(f => PublicType().Count(Repository.Read(f)) > 1);
        Assert.Empty(wrong);
    }

    // Built from parts, so that this file does not match itself.
    [Fact]
    public void No_file_names_a_machine_or_a_registry()
    {
        var words = new[] { "/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "api.nu" + "get.org", "registry.npm" + "js", "deb.deb" + "ian.org", "sub" + "agent" };
        var wrong = Repository.Files
            .Where(f => !f.EndsWith(".rdb", StringComparison.Ordinal))
            .SelectMany(f => words.Where(w => Repository.Read(f).Contains(w, StringComparison.OrdinalIgnoreCase)).Select(w => $"{f}: {w}"));
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Matches(IEnumerable<string> files, Regex pattern) =>
        files.SelectMany(f => Repository.Lines(f).Select((line, i) => (f, i, line)))
            .Where(l => pattern.IsMatch(l.line))
            .Select(l => $"{l.f}:{l.i + 1}: {l.line.Trim()}");

    [GeneratedRegex(@"^\s*(public|internal|private).*\b(class|struct|record|interface)\s+\w*(Manager|Helper|Util|Utils|Impl)\b")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"\bpartial\s+(class|struct|record|interface)\b")]
    private static partial Regex PartialType();

    [GeneratedRegex(@"LibraryImport|GeneratedRegex|JsonSerializable|OperationTable")]
    private static partial Regex GeneratedCode();

    [GeneratedRegex(@"Thread\.Sleep\(|Task\.Delay\((?!.*[cC]lock)")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\b(async|await|Task|ValueTask|TimeProvider|DateTime)\b(?!.*///)")]
    private static partial Regex TaskOrClock();

    [GeneratedRegex(@"^public\s+(?:(?:sealed|static|abstract|readonly|ref|unsafe|partial)\s+)*(?:class|struct|record|interface|enum)\b", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
