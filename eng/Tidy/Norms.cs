using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microcosm.Tidy.Tests;

/// <summary>The norms that one file can break. Each takes a file and says what in it is wrong, with its line.</summary>
internal static class Norms
{
    private const int FunctionLinesMax = 70;
    private const int LineMax = 140;

    private static readonly string[] Vague = ["Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Impl"];

    // Attributes that make a generator write the other part of a type.
    private static readonly string[] Generating =
    [
        "OperationTable", "SystemCatalog", "GeneratedRegex", "LibraryImport", "JsonSerializable", "LoggerMessage", "JSImport",
        "GeneratedComInterface",
    ];

    // A core decides; it does not wait and has no clock (design: tier A).
    private static readonly string[] NotInCores =
        ["Task", "ValueTask", "TimeProvider", "DateTime", "DateTimeOffset", "ITimer", "CancellationToken"];

    public static IEnumerable<string> LongLines(SourceFile file) =>
        file.Lines.Index().Where(l => l.Item.Length > LineMax).Select(l => $"{file.Path}:{l.Index + 1}: {l.Item.Length} characters");

    public static IEnumerable<string> LongFunctions(SourceFile file)
    {
        var functions = file.Syntax.DescendantNodes()
            .Where(n => n is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax);
        foreach (var node in functions)
        {
            var lines = LinesOf(node.ChildNodesAndTokens().First(c => !c.IsKind(SyntaxKind.AttributeList)).Span.Start, node);
            if (lines > FunctionLinesMax)
                yield return $"{file.At(node)}: {lines} lines";
        }
        // The statements of a program are one function.
        var statements = file.Syntax.Members.OfType<GlobalStatementSyntax>()
            .Where(s => s.Statement is not LocalFunctionStatementSyntax)
            .Sum(s => LinesOf(s.SpanStart, s));
        if (statements > FunctionLinesMax)
            yield return $"{file.Path}:1: {statements} lines of statements";
    }

    public static IEnumerable<string> SecondPublicTypes(SourceFile file) =>
        file.TopTypes.Where(t => t.Modifiers.Any(SyntaxKind.PublicKeyword)).Skip(1).Select(t => file.At(t));

    public static IEnumerable<string> BlockNamespaces(SourceFile file) =>
        file.Syntax.Members.OfType<NamespaceDeclarationSyntax>().Select(n => file.At(n));

    /// <summary><c>partial</c> where no generator writes the other part.</summary>
    public static IEnumerable<string> NeedlessPartials(SourceFile file) => file.Types
        .Where(t => t.Modifiers.Any(SyntaxKind.PartialKeyword))
        .Where(t => !t.DescendantNodes().OfType<AttributeSyntax>().Any(a => Generating.Contains(a.Name.ToString().Split('.')[^1])))
        .Select(t => $"{file.At(t)}: {t.Identifier}");

    public static IEnumerable<string> VagueNames(SourceFile file) => file.Types
        .Where(t => Words(t.Identifier.Text).Any(Vague.Contains))
        .Select(t => $"{file.At(t)}: {t.Identifier}");

    public static IEnumerable<string> WaitsAndClocks(SourceFile file) => file.Syntax.DescendantTokens()
        .Where(t => t.IsKind(SyntaxKind.AsyncKeyword) || t.IsKind(SyntaxKind.AwaitKeyword)
            || (t.IsKind(SyntaxKind.IdentifierToken) && t.Parent is SimpleNameSyntax && NotInCores.Contains(t.Text)))
        .Select(t => $"{file.At(t)}: {t.Text}");

    /// <summary>Waiting for real time: Thread.Sleep, and Task.Delay without a clock.</summary>
    public static IEnumerable<string> Sleeps(SourceFile file) => file.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>()
        .Where(call => string.Join('.', call.Expression.ToString().Split('.').TakeLast(2)) switch
        {
            "Thread.Sleep" or "Thread.SpinWait" or "SpinWait.SpinUntil" => true,
            "Task.Delay" => !call.ArgumentList.Arguments.Skip(1).Any(IsClock) && !IsInfinite(call.ArgumentList.Arguments),
            _ => false,
        })
        .Select(call => $"{file.At(call)}: {call.Expression}");

    /// <summary>Walks over a ConcurrentDictionary: its order is no function of the seed. BannedSymbols does not see foreach.</summary>
    public static IEnumerable<string> UnorderedWalks(SourceFile file)
    {
        var maps = file.Syntax.DescendantNodes().OfType<VariableDeclaratorSyntax>()
            .Where(v => SaysConcurrent(v.Parent) || SaysConcurrent(v.Initializer))
            .Select(v => v.Identifier.Text)
            .Concat(file.Syntax.DescendantNodes().OfType<ParameterSyntax>()
                .Where(p => SaysConcurrent(p.Type)).Select(p => p.Identifier.Text))
            .Concat(file.Syntax.DescendantNodes().OfType<PropertyDeclarationSyntax>()
                .Where(p => SaysConcurrent(p.Type)).Select(p => p.Identifier.Text))
            .ToHashSet();
        return file.Syntax.DescendantNodes().OfType<CommonForEachStatementSyntax>()
            .Where(loop => maps.Contains(loop.Expression.ToString().Split('.')[^1]))
            .Select(loop => $"{file.At(loop)}: {loop.Expression}");
    }

    /// <summary>A banned symbol is allowed only with a reason beside it.</summary>
    public static IEnumerable<string> BansLiftedInSilence(SourceFile file) => file.Lines.Index()
        .Where(l => l.Item.TrimStart().StartsWith("#pragma warning disable RS0030", StringComparison.Ordinal) && !l.Item.Contains("// "))
        .Select(l => $"{file.Path}:{l.Index + 1}");

    private static bool SaysConcurrent(SyntaxNode? node) => node switch
    {
        VariableDeclarationSyntax variable => SaysConcurrent(variable.Type),
        EqualsValueClauseSyntax { Value: ObjectCreationExpressionSyntax made } => SaysConcurrent(made.Type),
        TypeSyntax type => type.ToString().Split('.')[^1].StartsWith("ConcurrentDictionary<", StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsClock(ArgumentSyntax argument) => new[] { "clock", "time", "provider" }
        .Any(w => argument.Expression.ToString().Split('.')[^1].Contains(w, StringComparison.OrdinalIgnoreCase));

    // An infinite delay waits for its token, not for time.
    private static bool IsInfinite(SeparatedSyntaxList<ArgumentSyntax> arguments) =>
        arguments[0].ToString().Contains("Infinite", StringComparison.Ordinal);

    private static int LinesOf(int start, SyntaxNode node)
    {
        var text = node.SyntaxTree.GetText();
        return text.Lines.IndexOf(node.Span.End) - text.Lines.IndexOf(start) + 1;
    }

    private static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i < name.Length && !char.IsUpper(name[i]))
                continue;
            yield return name[start..i];
            start = i;
        }
    }
}
