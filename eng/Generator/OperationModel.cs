using Microsoft.CodeAnalysis;

namespace Microcosm.Generator;

/// <summary>One declared operation. Compares by value.</summary>
/// <param name="Name">As the protocol spells it.</param>
/// <param name="Method">Fully qualified name of the method.</param>
/// <param name="CanBeCalled">Whether the table can make a delegate of it: static, not generic, not private.</param>
/// <param name="Signature">Compared with that of the table's delegate.</param>
/// <param name="Attribute">Fully qualified name of the attribute's type.</param>
/// <param name="Creation">C# expression that makes the attribute again.</param>
/// <param name="Contract">The operation's line in contract.txt, without its name.</param>
/// <param name="Status">Full, Partial or Refused.</param>
internal sealed record OperationModel(
    string Name, string Method, bool CanBeCalled, string Signature, string Attribute, string Creation, string Contract, string Status)
{
    /// <summary>The operation before the bar; null if this is no subcommand.</summary>
    public string? Parent => Name.IndexOf('|') is > 0 and var bar ? Name.Substring(0, bar) : null;

    /// <summary>The name after the bar, or all of it.</summary>
    public string OwnName => Name.Substring(Name.IndexOf('|') + 1);

    /// <summary>True if the type derives from OperationAttribute. Asked of every attribute of every method: no text is made.</summary>
    public static bool IsOperation(INamedTypeSymbol? type)
    {
        for (var at = type?.BaseType; at is not null; at = at.BaseType)
        {
            if (at is
                { Name: "OperationAttribute", ContainingNamespace: { Name: "Runtime", ContainingNamespace: { Name: "Microcosm" } outer } }
                && outer.ContainingNamespace.IsGlobalNamespace)
                return true;
        }
        return false;
    }

    /// <summary>Null while the attribute is being typed and does not bind.</summary>
    public static OperationModel? From(IMethodSymbol method, AttributeData attribute)
    {
        if (attribute.AttributeConstructor is null || attribute.ConstructorArguments.Any(a => a.Kind == TypedConstantKind.Error)
            || attribute.NamedArguments.Any(a => a.Value.Kind == TypedConstantKind.Error))
            return null;
        var full = SymbolDisplayFormat.FullyQualifiedFormat;
        return new OperationModel(
            attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "",
            method.ContainingType.ToDisplayString(full) + "." + method.Name,
            IsCallable(method),
            Signatures.Of(method),
            attribute.AttributeClass!.ToDisplayString(full),
            AttributeText.Recreate(attribute),
            ContractLine.Of(attribute, out var status),
            status);
    }

    private static bool IsCallable(IMethodSymbol method)
    {
        if (!method.IsStatic || method.IsGenericMethod || IsHidden(method))
            return false;
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType || type.IsFileLocal || IsHidden(type))
                return false;
        }
        return true;
    }

    private static bool IsHidden(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal;
}
