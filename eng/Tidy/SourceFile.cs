using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microcosm.Tidy.Tests;

/// <summary>One C# file: its lines and its syntax.</summary>
internal sealed record SourceFile(string Path, string[] Lines, CompilationUnitSyntax Syntax)
{
    // PLANTED_BUGS is on, so that the code of both builds is looked at.
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, preprocessorSymbols: ["NET", "DEBUG", "PLANTED_BUGS"]);

    /// <summary>True for what is shipped: not tests, benchmarks, samples or this project.</summary>
    public bool IsProduct =>
        !Path.Contains("/tests/") && !Path.Contains("/bench/") && !Path.StartsWith("bench/", StringComparison.Ordinal)
        && !Path.StartsWith("samples/", StringComparison.Ordinal) && !IsIn("eng/Tidy") && !IsIn("eng/Generator.Tests")
        && !IsIn("eng/Template.Tests");

    /// <summary>True for code that tests run.</summary>
    public bool IsTest => Path.Contains("/tests/") || IsIn("eng/Tidy") || IsIn("eng/Generator.Tests") || IsIn("eng/Template.Tests");

    /// <summary>Types that stand in no other type.</summary>
    public IEnumerable<MemberDeclarationSyntax> TopTypes =>
        Syntax.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>().Where(m => m is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    /// <summary>All types.</summary>
    public IEnumerable<BaseTypeDeclarationSyntax> Types => Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>();

    public static SourceFile Parse(string path, string text) =>
        new(path, text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'),
            CSharpSyntaxTree.ParseText(text, Options, path).GetCompilationUnitRoot());

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>Where a node or token stands: <c>path:line</c>.</summary>
    public string At(SyntaxNodeOrToken place) => $"{Path}:{place.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1}";
}
