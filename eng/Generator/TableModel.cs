using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microcosm.Generator;

/// <summary>A class to fill. Compares by value.</summary>
/// <param name="Name">The class.</param>
/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="Accessibility">As C# spells it.</param>
/// <param name="CanBeFilled">Whether it is a static partial class that stands in no other and has no type parameters.</param>
/// <param name="TypesFit">Whether its operation is an operation attribute and its handler a delegate.</param>
/// <param name="System">First part of full names.</param>
/// <param name="Operation">Fully qualified name of the attribute.</param>
/// <param name="Handler">Fully qualified name of the delegate.</param>
/// <param name="Signature">What a method must look like to be a handler.</param>
internal sealed record TableModel(
    string Name, string Namespace, string Accessibility, bool CanBeFilled, bool TypesFit,
    string System, string Operation, string Handler, string Signature)
{
    /// <summary>Null while the attribute is being typed and does not bind.</summary>
    public static Located<TableModel>? From(GeneratorAttributeSyntaxContext found)
    {
        var type = (INamedTypeSymbol)found.TargetSymbol;
        var syntax = (ClassDeclarationSyntax)found.TargetNode;
        var arguments = found.Attributes[0].ConstructorArguments;
        if (arguments.Length != 3 || arguments[0].Value is not string system
            || arguments[1].Value is not INamedTypeSymbol operation || arguments[2].Value is not INamedTypeSymbol handler)
            return null;
        var full = SymbolDisplayFormat.FullyQualifiedFormat;
        var model = new TableModel(
            type.Name,
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            SyntaxFacts.GetText(type.DeclaredAccessibility),
            type is { IsStatic: true, ContainingType: null, IsGenericType: false } && syntax.Modifiers.Any(SyntaxKind.PartialKeyword),
            OperationModel.IsOperation(operation) && handler.DelegateInvokeMethod is not null,
            system,
            operation.ToDisplayString(full),
            handler.ToDisplayString(full),
            handler.DelegateInvokeMethod is { } invoke ? Signatures.Of(invoke) : "");
        return new Located<TableModel>(model, LocationModel.From(syntax.Identifier.GetLocation()));
    }
}
