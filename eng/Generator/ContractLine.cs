using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Microcosm.Generator;

/// <summary>
/// What contract.txt says of one operation: its status, what its attribute publishes in the attribute's own order, its deviation.
/// </summary>
internal static class ContractLine
{
    // Prose for people; the contract is what clients can tell.
    private static readonly string[] Prose = ["Summary", "Complexity", "Syntax", "Keys", "Tips", "Deprecated"];

    public static string Of(AttributeData attribute, out string status)
    {
        var given = Given(attribute);
        status = given.TryGetValue("Status", out var s) ? Plain(s) : "Full";
        var line = new StringBuilder(status.ToLowerInvariant());
        foreach (var name in InDeclarationOrder(attribute.AttributeClass!).Where(given.ContainsKey))
        {
            line.Append(' ').Append(char.ToLowerInvariant(name[0])).Append(name, 1, name.Length - 1)
                .Append('=').Append(Plain(given[name], lower: true));
        }
        if (given.TryGetValue("Deviation", out var d) && d.Value is string { Length: > 0 } deviation)
            line.Append(" deviation=\"").Append(deviation.Replace("\n", " ").Replace('"', '\'')).Append('"');
        return line.ToString();
    }

    // Constructor arguments under the name of the property that they set, then the named ones.
    private static Dictionary<string, TypedConstant> Given(AttributeData attribute)
    {
        var given = new Dictionary<string, TypedConstant>(StringComparer.OrdinalIgnoreCase);
        var parameters = attribute.AttributeConstructor!.Parameters;
        for (var i = 0; i < parameters.Length; i++)
            given[parameters[i].Name] = attribute.ConstructorArguments[i];
        foreach (var named in attribute.NamedArguments)
            given[named.Key] = named.Value;
        return given;
    }

    private static IEnumerable<string> InDeclarationOrder(INamedTypeSymbol attribute)
    {
        var own = attribute.GetMembers().OfType<IPropertySymbol>()
            .Where(p => p.DeclaredAccessibility == Accessibility.Public && !p.IsStatic && !p.IsOverride && !Prose.Contains(p.Name))
            .Select(p => p.Name);
        // An attribute between this and OperationAttribute comes first.
        return OperationModel.IsOperation(attribute.BaseType) ? InDeclarationOrder(attribute.BaseType!).Concat(own) : own;
    }

    private static string Plain(TypedConstant constant, bool lower = false)
    {
        if (constant.IsNull)
            return "null";
        var text = constant.Kind switch
        {
            TypedConstantKind.Array => string.Join(",", constant.Values.Select(v => Plain(v, lower))),
            TypedConstantKind.Type => ((ITypeSymbol)constant.Value!).Name,
            TypedConstantKind.Enum => lower ? Members(constant).ToLowerInvariant() : Members(constant),
            _ => constant.Value is bool flag ? (flag ? "true" : "false") : Convert.ToString(constant.Value, CultureInfo.InvariantCulture),
        };
        // A value is a word: what has blanks is quoted, so that a line can be read back.
        return text.Any(char.IsWhiteSpace) ? "\"" + text.Replace('"', '\'') + "\"" : text;
    }

    // A member's name, or the names of the flags it is made of, or the number when they do not make it up.
    private static string Members(TypedConstant constant)
    {
        var value = Bits(constant.Value!);
        var members = constant.Type!.GetMembers().OfType<IFieldSymbol>().Where(f => f.HasConstantValue).ToArray();
        if (members.FirstOrDefault(f => Bits(f.ConstantValue!) == value) is { } exact)
            return exact.Name;
        var flags = members.Where(f => Bits(f.ConstantValue!) is not 0 and var bits && (value & bits) == bits).ToArray();
        return flags.Aggregate(0UL, (all, f) => all | Bits(f.ConstantValue!)) == value
            ? string.Join(",", flags.Select(f => f.Name))
            : Convert.ToString(constant.Value, CultureInfo.InvariantCulture);
    }

    private static ulong Bits(object value) =>
        value is ulong unsigned ? unsigned : unchecked((ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture));
}
