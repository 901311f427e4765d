using System.Runtime.Loader;
using Microcosm.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microcosm.Generator.Tests;

/// <summary>Compiles snippets with the generator, as the build does.</summary>
internal static class Compiler
{
    /// <summary>A protocol of its own, with a value of every kind that an attribute can carry.</summary>
    public const string Protocol = """
        using System;
        using Microcosm.Runtime;
        namespace Sample;

        internal ref struct Call { public int Count; }
        internal delegate void Handler(ref Call call);
        [Flags] internal enum Marks { None = 0, Write = 1, DenyOom = 2, Fast = 4 }

        internal sealed class CommandAttribute(string name, int arity = 0, params string[] aliases) : OperationAttribute(name)
        {
            public int Arity { get; } = arity;
            public string[] Aliases { get; } = aliases;
            public Marks Marks { get; init; }
            public bool Hidden { get; init; }
            public int FirstKey { get; init; }
            public Type? Reply { get; init; }
            public long Bytes { get; init; }
            public byte[]? Codes { get; init; }
            public string Summary { get; init; } = "";
        }

        [OperationTable("sample", typeof(CommandAttribute), typeof(Handler))]
        internal static partial class Table;

        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(OperationAttribute).Assembly.Location).Distinct().Select(f => MetadataReference.CreateFromFile(f)),
    ];

    public static CSharpParseOptions Options { get; } = new(LanguageVersion.Latest);

    public static CSharpCompilation Parse(params string[] sources) => CSharpCompilation.Create(
        "Sample", sources.Select((s, i) => CSharpSyntaxTree.ParseText(s, Options, $"File{i}.cs")), References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static GeneratorDriver Driver(bool track = false) => CSharpGeneratorDriver.Create(
        [new OperationGenerator().AsSourceGenerator()], parseOptions: Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: track));

    /// <summary>What generator and compiler say of the protocol and <paramref name="operations"/>, ids only.</summary>
    public static string[] Problems(string operations)
    {
        var parsed = Parse(Protocol, "namespace Sample;\n" + operations);
        Driver().RunGeneratorsAndUpdateCompilation(parsed, out var compiled, out var said, TestContext.Current.CancellationToken);
        return [.. said.Concat(compiled.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)).Select(d => d.Id)];
    }

    /// <summary>The text generated for one table.</summary>
    public static string Generate(string operations)
    {
        var parsed = Parse(Protocol, "namespace Sample;\n" + operations);
        var result = Driver().RunGenerators(parsed, TestContext.Current.CancellationToken).GetRunResult();
        return result.GeneratedTrees.Single().ToString();
    }

    /// <summary>Compiles, loads, and returns a static method of the class Sample.Probe.</summary>
    public static TDelegate Run<TDelegate>(string operations, string method)
        where TDelegate : Delegate
    {
        Driver().RunGeneratorsAndUpdateCompilation(Parse(Protocol, "namespace Sample;\n" + operations), out var compiled, out _);
        using var image = new MemoryStream();
        var emitted = compiled.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        image.Position = 0;
        var assembly = new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
        return assembly.GetType("Sample.Probe", throwOnError: true)!.GetMethod(method)!.CreateDelegate<TDelegate>();
    }
}
