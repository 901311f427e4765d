using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microcosm.Generator.Tests;

/// <summary>Typing makes a table anew only when it changes what stands in it.</summary>
public sealed class IncrementalTests
{
    private const string Operation = """
        namespace Sample;
        static class A
        {
            [Command("SET", 3)] public static void Set(ref Call call) { }
        }
        """;

    [Theory]
    [InlineData("static class A", "// A comment that moves all that follows.\nstatic class A", "Cached")]
    [InlineData("ref Call call) { }", "ref Call call) { call.Count++; }", "Cached")]
    [InlineData("call) { }", "call) { } public static void Other() { }", "Cached")]
    [InlineData("3)", "4)", "Modified")]
    [InlineData("SET", "PUT", "Modified")]
    public void A_table_is_made_anew_only_when_an_operation_changes(string old, string changed, string expected)
    {
        var cancel = TestContext.Current.CancellationToken;
        var before = Compiler.Parse(Compiler.Protocol, Operation);
        var driver = Compiler.Driver(track: true).RunGenerators(before, cancel);
        var at = Operation.IndexOf(old, StringComparison.Ordinal);
        var text = Operation[..at] + changed + Operation[(at + old.Length)..];
        var changedFile = CSharpSyntaxTree.ParseText(text, Compiler.Options, "File1.cs", cancellationToken: cancel);
        var after = before.ReplaceSyntaxTree(before.SyntaxTrees[1], changedFile);
        Assert.Empty(after.GetDiagnostics(cancel).Where(d => d.Severity == DiagnosticSeverity.Error));
        var run = driver.RunGenerators(after, cancel).GetRunResult().Results.Single();
        var reason = Assert.Single(run.TrackedSteps["Contents"].SelectMany(s => s.Outputs)).Reason;
        var written = run.TrackedOutputSteps.SelectMany(s => s.Value)
            .Where(s => s.Inputs[0].Source.Name == "Contents").SelectMany(s => s.Outputs).Single().Reason;
        Assert.Equal(expected, written.ToString());
        Assert.Equal(expected == "Modified", reason == IncrementalStepRunReason.Modified);
    }

    [Fact]
    public void An_operation_of_one_table_makes_no_other_table_anew()
    {
        const string Other = """
            namespace Sample;
            internal sealed class OtherAttribute(string name) : Microcosm.Runtime.OperationAttribute(name);
            [Microcosm.Runtime.OperationTable("other", typeof(OtherAttribute), typeof(Handler))]
            internal static partial class OtherTable;
            static class B { [Other("GET")] public static void Get(ref Call call) { } }
            """;
        var cancel = TestContext.Current.CancellationToken;
        var before = Compiler.Parse(Compiler.Protocol, Operation, Other);
        var driver = Compiler.Driver(track: true).RunGenerators(before, cancel);
        var changed = CSharpSyntaxTree.ParseText(Operation.Replace("SET", "PUT"), Compiler.Options, "File1.cs", cancellationToken: cancel);
        var run = driver.RunGenerators(before.ReplaceSyntaxTree(before.SyntaxTrees[1], changed), cancel).GetRunResult().Results.Single();
        Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Unchanged],
            run.TrackedSteps["Contents"].SelectMany(s => s.Outputs).Select(o => o.Reason));
    }
}
