using Microsoft.CodeAnalysis;

namespace Microcosm.Generator.Catalog;

/// <summary>A class to fill with systems. Compares by value.</summary>
/// <param name="Name">The class.</param>
/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="Systems">Fully qualified names of the doors that referenced assemblies declare.</param>
internal sealed record CatalogModel(string Name, string Namespace, EquatableArray<string> Systems)
{
    public static CatalogModel From(GeneratorAttributeSyntaxContext found)
    {
        var type = (INamedTypeSymbol)found.TargetSymbol;
        var systems = found.SemanticModel.Compilation.SourceModule.ReferencedAssemblySymbols
            .SelectMany(assembly => assembly.GetAttributes())
            .Where(attribute => IsDeclaration(attribute.AttributeClass))
            .Select(attribute => attribute.AttributeClass!.TypeArguments[0].ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))
            .OrderBy(name => name, StringComparer.Ordinal);
        var space = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();
        return new CatalogModel(type.Name, space, new EquatableArray<string>([.. systems]));
    }

    private static bool IsDeclaration(INamedTypeSymbol? type) => type is
    {
        Name: "CatalogedSystemAttribute", Arity: 1,
        ContainingNamespace: { Name: "Simulation", ContainingNamespace.Name: "Microcosm" },
    };
}
