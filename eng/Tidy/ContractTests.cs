using System.Text.RegularExpressions;
using Microcosm.Runtime;

namespace Microcosm.Tidy.Tests;

/// <summary>contract.txt is what the generator says it is, and every operation in it is tried by a script.</summary>
public sealed partial class ContractTests
{
    // A face stands in the folder of the system that it is the face of, whose tests look at it.
    private static readonly SystemDefinition[] Systems =
        [.. KnownSystems.All.Where(s => s.FaceOf is null).Select(s => s.Create())];

    public static IEnumerable<TheoryDataRow<string>> Names() => Systems.Select(s => new TheoryDataRow<string>(NameOf(s)));

    [Fact]
    public void Every_system_is_looked_at() => Assert.Equal(Repository.WholeSystems.Order(), Systems.Select(NameOf).Order());

    /// <summary><c>MICROCOSM_UPDATE=1</c> writes the file anew.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_contract_is_fresh(string system)
    {
        var contract = ContractOf(system);
        var file = Path.Combine(Repository.Root, $"systems/{system}/contract.txt");
        if (Environment.GetEnvironmentVariable("MICROCOSM_UPDATE") == "1")
            File.WriteAllText(file, contract);
        Assert.Equal(contract, File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "(no file)");
    }

    /// <summary>A line <c>> CONFIG GET …</c>, or <c>&amp; CONFIG GET …</c>, tries <c>CONFIG|GET</c>; before the mark may stand the
    /// name of a connection. Where the line is a configuration, the directives in it are tried.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_operation_is_tried_by_a_script(string system)
    {
        var tried = Repository.Files
            .Where(f => f.StartsWith($"systems/{system}/tests/Scripts/", StringComparison.Ordinal) && Path.GetExtension(f) == ".txt")
            .SelectMany(Repository.Lines)
            .Select(l => RequestLine().Match(l))
            .Where(m => m.Success)
            .Select(m => m.Groups[1].Value.ToUpperInvariant() + " ")
            .ToArray();
        if (system == "Nginx")
        {
            var words = tried.SelectMany(t => t.Split(' ', '{', '}', ';'))
                .Select(w => w.Replace("\\N", "")).ToHashSet(StringComparer.Ordinal);
            Findings.None(OperationsOf(system).Where(o => !words.Contains(o.ToUpperInvariant())));
            return;
        }
        Findings.None(OperationsOf(system)
            .Where(o => !tried.Any(t => t.StartsWith(o.Replace('|', ' ').ToUpperInvariant() + " ", StringComparison.Ordinal))));
    }

    /// <summary>What is not fully there says what is missing.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Partial_and_refused_operations_say_why(string system) => Findings.None(ContractOf(system).Split('\n')
        .Where(l => l.Split(' ') is [_, "partial" or "refused", ..] && !l.Contains(" deviation=\"")));

    [GeneratedRegex("^(?:@\\w+)?[>&] (.*)")]
    private static partial Regex RequestLine();

    private static string ContractOf(string system) => Systems.Single(s => NameOf(s) == system).Contract;

    private static IEnumerable<string> OperationsOf(string system) =>
        ContractOf(system).Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ')[0]);

    private static string NameOf(SystemDefinition system) => system.GetType().Name[..^"System".Length];
}
