using Microcosm.Generator.Catalog;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microcosm.Generator.Tests;

/// <summary>A catalog holds what referenced assemblies declare.</summary>
public sealed class CatalogTests
{
    private const string Kit = """
        namespace Microcosm.Simulation;
        public interface ICatalogedSystem;
        [System.AttributeUsage(System.AttributeTargets.Assembly, AllowMultiple = true)]
        public sealed class CatalogedSystemAttribute<T> : System.Attribute where T : ICatalogedSystem;
        [System.AttributeUsage(System.AttributeTargets.Class)]
        public sealed class SystemCatalogAttribute : System.Attribute;
        public sealed record CatalogEntry(string Name)
        {
            public static CatalogEntry Of<T>() where T : ICatalogedSystem => new(typeof(T).Name);
            public static System.Collections.Generic.IReadOnlyList<CatalogEntry> InOrder(params CatalogEntry[] entries) => entries;
        }
        """;

    [Fact]
    public void Every_declared_system_of_every_assembly_is_in_it()
    {
        var text = Fill(
            Declare("First", "[assembly: Microcosm.Simulation.CatalogedSystem<First.A>, Microcosm.Simulation.CatalogedSystem<First.B>]"),
            Declare("Second", "[assembly: Microcosm.Simulation.CatalogedSystem<Second.B>]"));
        Assert.Contains("Of<global::First.A>()", text);
        Assert.Contains("Of<global::First.B>()", text);
        Assert.Contains("Of<global::Second.B>()", text);
        Assert.DoesNotContain("Of<global::Second.A>()", text);
    }

    [Fact]
    public void A_program_without_systems_has_an_empty_one() => Assert.DoesNotContain("Of<", Fill());

    private static string Declare(string space, string declarations) =>
        $$"""
        {{declarations}}
        namespace {{space}};
        public sealed class A : Microcosm.Simulation.ICatalogedSystem;
        public sealed class B : Microcosm.Simulation.ICatalogedSystem;
        """;

    private static string Fill(params string[] systems)
    {
        var kit = Compile("Kit", Kit, []);
        var assemblies = systems.Select((s, i) => Compile($"System{i}", s, [kit.ToMetadataReference()]).ToMetadataReference());
        var program = Compile("Program", "[Microcosm.Simulation.SystemCatalog] internal static partial class Known;",
            [kit.ToMetadataReference(), .. assemblies]);
        var driver = CSharpGeneratorDriver.Create([new CatalogGenerator().AsSourceGenerator()], parseOptions: Compiler.Options);
        var result = driver.RunGeneratorsAndUpdateCompilation(program, out var compiled, out _, TestContext.Current.CancellationToken);
        Assert.Empty(compiled.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error));
        return result.GetRunResult().GeneratedTrees.Single().ToString();
    }

    private static CSharpCompilation Compile(string name, string source, MetadataReference[] references)
    {
        var plain = Compiler.Parse(source);
        return plain.WithAssemblyName(name).AddReferences(references);
    }
}
