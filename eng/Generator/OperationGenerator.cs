using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Microcosm.Generator;

/// <summary>
/// Fills classes marked <c>[OperationTable]</c> with the operations that the assembly declares by attributes derived from
/// <c>OperationAttribute</c>: the table, the look-up by name and the contract's text.
/// </summary>
[Generator]
public sealed class OperationGenerator : IIncrementalGenerator
{
    private const string TableAttribute = "Microcosm.Runtime.OperationTableAttribute";
    private const string OperationBase = "Microcosm.Runtime.OperationAttribute";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var tables = context.SyntaxProvider.ForAttributeWithMetadataName(
            TableAttribute, static (node, _) => node is ClassDeclarationSyntax, static (found, _) => ReadTable(found));
        // Derived attributes cannot be asked for by name, so every method with an attribute is looked at; the model is compared by value.
        var operations = context.SyntaxProvider.CreateSyntaxProvider(
                static (node, _) => node is MethodDeclarationSyntax { AttributeLists.Count: > 0 },
                static (found, _) => ReadMethod(found))
            .SelectMany(static (models, _) => models);
        context.RegisterSourceOutput(tables.Combine(operations.Collect()), static (output, both) => Emit(output, both.Left, both.Right));
    }

    private static TableModel ReadTable(GeneratorAttributeSyntaxContext found)
    {
        var type = (INamedTypeSymbol)found.TargetSymbol;
        var arguments = found.Attributes[0].ConstructorArguments;
        var syntax = (ClassDeclarationSyntax)found.TargetNode;
        return new TableModel(
            type.Name,
            type.ContainingNamespace.ToDisplayString(),
            SyntaxFacts.GetText(type.DeclaredAccessibility),
            syntax.Modifiers.Any(SyntaxKind.PartialKeyword) && syntax.Modifiers.Any(SyntaxKind.StaticKeyword),
            (string)arguments[0].Value!,
            ((ITypeSymbol)arguments[1].Value!).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            ((ITypeSymbol)arguments[2].Value!).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            LocationModel.From(syntax.Identifier.GetLocation()));
    }

    private static ImmutableArray<OperationModel> ReadMethod(GeneratorSyntaxContext found)
    {
        if (found.SemanticModel.GetDeclaredSymbol(found.Node) is not IMethodSymbol method)
            return ImmutableArray<OperationModel>.Empty;
        var models = ImmutableArray.CreateBuilder<OperationModel>();
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { } declared && DerivesFromOperation(declared))
                models.Add(OperationModel.From(method, attribute, declared));
        }
        return models.ToImmutable();
    }

    private static bool DerivesFromOperation(INamedTypeSymbol type)
    {
        for (var at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (at.ToDisplayString() == OperationBase)
                return true;
        }
        return false;
    }

    private static void Emit(SourceProductionContext output, TableModel table, ImmutableArray<OperationModel> all)
    {
        if (!table.IsStaticPartial)
        {
            output.ReportDiagnostic(Diagnostic.Create(Problems.TableNotStaticPartial, table.Location.ToLocation(), table.Name));
            return;
        }
        var operations = all.Where(o => o.AttributeType == table.Operation).OrderBy(o => o.Name, System.StringComparer.Ordinal).ToArray();
        if (Problems.Report(output, operations))
            return;
        output.AddSource(table.Name + ".g.cs", SourceText.From(TableWriter.Write(table, operations), Encoding.UTF8));
    }
}
