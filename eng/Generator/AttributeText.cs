using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microcosm.Generator;

/// <summary>C# that makes an attribute again from what was written at its place: no reflection at run time.</summary>
internal static class AttributeText
{
    private static readonly SymbolDisplayFormat Full = SymbolDisplayFormat.FullyQualifiedFormat;

    public static string Recreate(AttributeData attribute)
    {
        var arguments = string.Join(", ", attribute.ConstructorArguments.Select(Expression));
        var made = $"new {attribute.AttributeClass!.ToDisplayString(Full)}({arguments})";
        return attribute.NamedArguments.Length == 0
            ? made
            : $"{made} {{ {string.Join(", ", attribute.NamedArguments.Select(n => $"{n.Key} = {Expression(n.Value)}"))} }}";
    }

    private static string Expression(TypedConstant constant)
    {
        // A null array is of kind Array and has no Values.
        if (constant.IsNull)
            return "null";
        return constant.Kind switch
        {
            TypedConstantKind.Array =>
                $"new {constant.Type!.ToDisplayString(Full)} {{ {string.Join(", ", constant.Values.Select(Expression))} }}",
            TypedConstantKind.Type => $"typeof({((ITypeSymbol)constant.Value!).ToDisplayString(Full)})",
            TypedConstantKind.Enum => $"({constant.Type!.ToDisplayString(Full)})({constant.Value})",
            _ => Primitive(constant),
        };
    }

    // Types whose literal is of another type (a byte, a float, a long that fits an int) are cast to their own.
    private static string Primitive(TypedConstant constant)
    {
        var literal = SymbolDisplay.FormatPrimitive(constant.Value!, quoteStrings: true, useHexadecimalNumbers: false);
        var isItsLiteral = constant.Type!.SpecialType
            is SpecialType.System_String or SpecialType.System_Boolean or SpecialType.System_Char or SpecialType.System_Int32;
        return isItsLiteral
            ? literal
            : $"({constant.Type.ToDisplayString(Full)})({literal})";
    }
}
