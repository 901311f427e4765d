using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microcosm.Generator;

/// <summary>One declared operation. Compares by value.</summary>
/// <param name="Name">As the protocol spells it.</param>
/// <param name="Method">Fully qualified name of the method.</param>
/// <param name="IsStatic">Whether the method can be a handler.</param>
/// <param name="AttributeType">Fully qualified name of the attribute's type.</param>
/// <param name="Creation">C# expression that makes the attribute again.</param>
/// <param name="Contract">The operation's line in contract.txt, without its name.</param>
/// <param name="Status">Full, Partial or Refused.</param>
/// <param name="Location">Where it is declared.</param>
internal sealed record OperationModel(
    string Name, string Method, bool IsStatic, string AttributeType,
    string Creation, string Contract, string Status, LocationModel Location)
{
    public static OperationModel From(IMethodSymbol method, AttributeData attribute, INamedTypeSymbol type)
    {
        var full = SymbolDisplayFormat.FullyQualifiedFormat;
        var published = Published(attribute, out var status, out var deviation);
        var contract = new StringBuilder(status.ToLowerInvariant());
        foreach (var (name, value) in published)
            contract.Append(' ').Append(char.ToLowerInvariant(name[0])).Append(name, 1, name.Length - 1).Append('=').Append(value);
        if (deviation.Length > 0)
            contract.Append(" deviation=\"").Append(deviation).Append('"');
        return new OperationModel(
            (string?)attribute.ConstructorArguments.FirstOrDefault().Value ?? "",
            method.ContainingType.ToDisplayString(full) + "." + method.Name,
            method.IsStatic,
            type.ToDisplayString(full),
            Recreate(attribute, type.ToDisplayString(full)),
            contract.ToString(),
            status,
            LocationModel.From(method.Locations[0]));
    }

    private static string Recreate(AttributeData attribute, string type)
    {
        var text = new StringBuilder("new ").Append(type).Append('(');
        text.Append(string.Join(", ", attribute.ConstructorArguments.Select(Expression))).Append(')');
        if (attribute.NamedArguments.Length > 0)
            text.Append(" { ").Append(string.Join(", ", attribute.NamedArguments.Select(n => n.Key + " = " + Expression(n.Value)))).Append(" }");
        return text.ToString();
    }

    private static string Expression(TypedConstant constant) => constant.Kind switch
    {
        TypedConstantKind.Array => "[" + string.Join(", ", constant.Values.Select(Expression)) + "]",
        TypedConstantKind.Type => "typeof(" + ((ITypeSymbol)constant.Value!).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + ")",
        TypedConstantKind.Enum => "(" + constant.Type!.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + ")(" + constant.Value + ")",
        _ => constant.IsNull ? "null" : SymbolDisplay.FormatPrimitive(constant.Value!, quoteStrings: true, useHexadecimalNumbers: false),
    };

    // What the protocol publishes: constructor arguments but the name, then the named ones, prose left out.
    private static List<(string Name, string Value)> Published(AttributeData attribute, out string status, out string deviation)
    {
        status = "Full";
        deviation = "";
        var published = new List<(string, string)>();
        var parameters = attribute.AttributeConstructor!.Parameters;
        for (var i = 1; i < parameters.Length; i++)
            published.Add((parameters[i].Name, Plain(attribute.ConstructorArguments[i])));
        foreach (var named in attribute.NamedArguments)
        {
            if (named.Key == "Status")
                status = Plain(named.Value);
            else if (named.Key == "Deviation")
                deviation = (string?)named.Value.Value ?? "";
            else if (named.Key is not ("Summary" or "Complexity"))
                published.Add((named.Key, Plain(named.Value)));
        }
        return published;
    }

    private static string Plain(TypedConstant constant)
    {
        if (constant.Kind == TypedConstantKind.Array)
            return string.Join(",", constant.Values.Select(Plain));
        if (constant.Kind != TypedConstantKind.Enum)
            return constant.Value?.ToString() ?? "";
        var value = System.Convert.ToInt64(constant.Value);
        var members = constant.Type!.GetMembers().OfType<IFieldSymbol>().Where(f => f.HasConstantValue).ToArray();
        if (members.FirstOrDefault(f => System.Convert.ToInt64(f.ConstantValue) == value) is { } exact)
            return exact.Name;
        return string.Join(",", members.Where(f => System.Convert.ToInt64(f.ConstantValue) is not 0 and var bit && (value & bit) == bit).Select(f => f.Name));
    }
}
