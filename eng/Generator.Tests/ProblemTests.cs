using Microsoft.CodeAnalysis;

namespace Microcosm.Generator.Tests;

/// <summary>Each mistake gives its own error, and one mistake gives one error.</summary>
public sealed class ProblemTests
{
    [Fact]
    public void Sound_operations_give_no_error() =>
        Assert.Empty(Compiler.Problems("""static class A { [Command("SET", 3)] [Command("PUT")] public static void X(ref Call c) { } }"""));

    [Theory]
    [InlineData("MCG002", """static class A { [Command("SET")] [Command("set")] public static void X(ref Call c) { } }""")]
    [InlineData("MCG003", """class A { [Command("SET")] public void X(ref Call c) { } }""")]
    [InlineData("MCG003", """static class A { [Command("SET")] private static void X(ref Call c) { } }""")]
    [InlineData("MCG003", """static class A { [Command("SET")] public static void X<T>(ref Call c) { } }""")]
    [InlineData("MCG003", """static class A<T> { [Command("SET")] public static void X(ref Call c) { } }""")]
    [InlineData("MCG003", """file static class A { [Command("SET")] public static void X(ref Call c) { } }""")]
    [InlineData("MCG004", """static class A { [Command("CONFIG|GET")] public static void X(ref Call c) { } }""")]
    [InlineData("MCG005", """static class A { [Command("SET")] public static void X(Call c) { } }""")]
    [InlineData("MCG005", """static class A { [Command("SET")] public static void X(in Call c) { } }""")]
    [InlineData("MCG005", """static class A { [Command("SET")] public static int X(ref Call c) => 1; }""")]
    [InlineData("MCG005", """static class A { [Command("SET")] public static void X(ref Call c, int more) { } }""")]
    [InlineData("MCG007", """static class A { [Command("")] public static void X(ref Call c) { } }""")]
    [InlineData("MCG007", """static class A { [Command("SET IT")] public static void X(ref Call c) { } }""")]
    [InlineData("MCG007", """static class A { [Command("ÄNDERN")] public static void X(ref Call c) { } }""")]
    public void A_bad_operation_is_refused_with_one_error(string id, string operations) =>
        Assert.Equal([id], Compiler.Problems(operations));

    [Theory]
    [InlineData("MCG001", "internal partial class Other;", "typeof(OtherAttribute), typeof(Handler)")]
    [InlineData("MCG001", "internal static partial class Other<T>;", "typeof(OtherAttribute), typeof(Handler)")]
    [InlineData("MCG006", "internal static partial class Other;", "typeof(CommandAttribute), typeof(Handler)")]
    [InlineData("MCG008", "internal static partial class Other;", "typeof(System.ObsoleteAttribute), typeof(Handler)")]
    [InlineData("MCG008", "internal static partial class Other;", "typeof(OtherAttribute), typeof(string)")]
    public void A_bad_table_is_refused_with_one_error(string id, string table, string arguments) =>
        Assert.Equal([id], Compiler.Problems($$"""
            internal sealed class OtherAttribute(string name) : Microcosm.Runtime.OperationAttribute(name);
            [Microcosm.Runtime.OperationTable("other", {{arguments}})]
            {{table}}
            """));

    [Fact]
    public void A_table_that_is_not_partial_is_refused() => Assert.Contains("MCG001", Compiler.Problems("""
        internal sealed class OtherAttribute(string name) : Microcosm.Runtime.OperationAttribute(name);
        [Microcosm.Runtime.OperationTable("other", typeof(OtherAttribute), typeof(Handler))]
        internal static class Other;
        """));

    [Fact]
    public void An_operation_that_no_table_holds_is_refused() => Assert.Equal(["MCG009"], Compiler.Problems("""
        internal sealed class OtherAttribute(string name) : Microcosm.Runtime.OperationAttribute(name);
        static class A { [Other("SET")] public static void X(ref Call c) { } }
        """));

    [Fact]
    public void One_bad_operation_leaves_the_others_in_the_table()
    {
        var text = Compiler.Generate("""
            static class A { [Command("GET")] public static void X(ref Call c) { } [Command("SET")] public static void Y(int wrong) { } }
            """);
        Assert.Contains("\"sample.GET\"", text);
        Assert.DoesNotContain("\"sample.SET\"", text);
    }

    [Theory]
    [InlineData("""static class A { [Command(] public static void X(ref Call c) { } }""")]
    [InlineData("""static class A { [Command(3)] public static void X(ref Call c) { } }""")]
    [InlineData("""static class A { [Command("SET", Nothing = 1)] public static void X(ref Call c) { } }""")]
    [InlineData("""[Microcosm.Runtime.OperationTable("x", typeof(Nowhere), typeof(Handler))] static partial class B;""")]
    public void What_does_not_bind_yet_is_left_to_the_compiler(string operations)
    {
        var compilation = Compiler.Parse(Compiler.Protocol, "namespace Sample;\n" + operations);
        var result = Compiler.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken).GetRunResult();
        Assert.Null(result.Results.Single().Exception);
        var errors = compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void An_error_stands_at_the_method()
    {
        Compiler.Driver().RunGeneratorsAndUpdateCompilation(
            Compiler.Parse(Compiler.Protocol, "namespace Sample;\nclass A {\n[Command(\"SET\")]\npublic void Execute(ref Call c) { } }"),
            out _, out var said, TestContext.Current.CancellationToken);
        var problem = Assert.Single(said);
        Assert.Equal("File1.cs: (3,12)-(3,19)", problem.Location.GetLineSpan().ToString());
    }
}
