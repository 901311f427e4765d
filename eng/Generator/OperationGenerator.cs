using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
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

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var tables = context.SyntaxProvider.ForAttributeWithMetadataName(
                TableAttribute, static (node, _) => node is ClassDeclarationSyntax, static (found, _) => TableModel.From(found))
            .Where(static table => table is not null).Select(static (table, _) => table!);
        // Derived attributes cannot be asked for by name, so each method is looked at that has an attribute with an argument (its name).
        var operations = context.SyntaxProvider.CreateSyntaxProvider(static (node, _) => MayDeclare(node), static (found, _) => Read(found))
            .SelectMany(static (found, _) => found);

        // Places are left out of what the tables are made from: typing above a method makes nothing anew.
        var contents = tables.Select(static (table, _) => table.Model)
            .Where(static table => table.CanBeFilled && table.TypesFit)
            .Combine(operations.Select(static (operation, _) => operation.Model).Collect())
            .Select(static (both, _) =>
                (Table: both.Left, Operations: new EquatableArray<OperationModel>([.. Rules.Sound(both.Left, both.Right)])))
            .WithTrackingName("Contents");
        context.RegisterSourceOutput(contents, static (output, table) => output.AddSource(
            (table.Table.Namespace + "." + table.Table.Name).TrimStart('.') + ".g.cs",
            SourceText.From(TableWriter.Write(table.Table, [.. table.Operations]), Encoding.UTF8)));

        context.RegisterSourceOutput(tables.Collect().Combine(operations.Collect()), static (output, all) =>
        {
            foreach (var problem in Rules.Broken(all.Left, all.Right))
                output.ReportDiagnostic(problem.ToDiagnostic());
        });
    }

    private static bool MayDeclare(SyntaxNode node)
    {
        if (node is not MethodDeclarationSyntax method)
            return false;
        foreach (var list in method.AttributeLists)
        {
            foreach (var attribute in list.Attributes)
            {
                if (attribute.ArgumentList is { Arguments.Count: > 0 })
                    return true;
            }
        }
        return false;
    }

    private static ImmutableArray<Located<OperationModel>> Read(GeneratorSyntaxContext found)
    {
        if (found.SemanticModel.GetDeclaredSymbol(found.Node) is not IMethodSymbol method)
            return [];
        var models = ImmutableArray.CreateBuilder<Located<OperationModel>>();
        foreach (var attribute in method.GetAttributes())
        {
            if (OperationModel.IsOperation(attribute.AttributeClass) && OperationModel.From(method, attribute) is { } model)
            {
                var name = ((MethodDeclarationSyntax)found.Node).Identifier;
                models.Add(new Located<OperationModel>(model, LocationModel.From(name.GetLocation())));
            }
        }
        return models.ToImmutable();
    }
}
