using Microsoft.CodeAnalysis;

namespace Microcosm.Generator;

/// <summary>A method's shape as text: what must be the same in a handler and its delegate.</summary>
internal static class Signatures
{
    /// <summary>Return type, parameter types and how they are passed: <c>void (ref global::Microcosm.Redis.RedisCall)</c>.</summary>
    public static string Of(IMethodSymbol method) =>
        Passing(method.RefKind) + Name(method.ReturnType) + " ("
        + string.Join(", ", method.Parameters.Select(p => Passing(p.RefKind) + Name(p.Type))) + ")";

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static string Passing(RefKind kind) => kind switch
    {
        RefKind.None => "",
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In => "in ",
        _ => "ref readonly ",
    };
}
