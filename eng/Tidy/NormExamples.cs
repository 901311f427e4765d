namespace Microcosm.Tidy.Tests;

/// <summary>Each norm finds what breaks it and leaves alone what does not.</summary>
public sealed class NormExamples
{
    [Fact]
    public void A_line_of_141_characters_is_long() =>
        Assert.Single(Norms.LongLines(File(new string('/', 140) + "\n" + new string('/', 141))));

    [Fact]
    public void A_function_of_71_lines_is_long()
    {
        static string Method(int lines) =>
            $"    [Attribute]\n    void M{lines}()\n    {{\n{string.Concat(Enumerable.Repeat("        ;\n", lines - 3))}    }}\n";
        Assert.Equal(["F.cs:74: 71 lines"], Norms.LongFunctions(File($"class C\n{{\n{Method(70)}{Method(71)}}}\n")));
    }

    [Fact]
    public void A_program_of_71_statements_is_long() =>
        Assert.Single(Norms.LongFunctions(File(string.Concat(Enumerable.Repeat("A();\n", 71)))));

    [Theory]
    [InlineData(0, "public class A { public class B { } } class C; internal enum D { }")]
    [InlineData(1, "namespace N; public class A { } public enum D { X }")]
    [InlineData(1, "namespace N { public class A { } public delegate void D(); }")]
    public void Public_types_are_counted(int wrong, string text) => Assert.Equal(wrong, Norms.SecondPublicTypes(File(text)).Count());

    [Theory]
    [InlineData(0, "namespace N; class A { }")]
    [InlineData(1, "namespace N { class A { } }")]
    public void Namespaces_in_blocks_are_found(int wrong, string text) => Assert.Equal(wrong, Norms.BlockNamespaces(File(text)).Count());

    [Theory]
    [InlineData(1, "partial class A { }")]
    [InlineData(1, "partial class A { [Obsolete] void M() { } }")]
    [InlineData(0, "partial class A { [GeneratedRegex(\"x\")] private static partial Regex X(); }")]
    [InlineData(0, "[Microcosm.Runtime.OperationTable(\"x\", typeof(A), typeof(B))] static partial class T;")]
    [InlineData(0, "class A { partial void M(); }")]
    public void Partials_without_a_generator_are_found(int wrong, string text) =>
        Assert.Equal(wrong, Norms.NeedlessPartials(File(text)).Count());

    [Theory]
    [InlineData(1, "class NodeManager { }")]
    [InlineData(1, "class A { record struct StringUtils; }")]
    [InlineData(1, "interface IHelper { }")]
    [InlineData(1, "class UtilBox { }")]
    [InlineData(0, "class Utilization { } class Implied { } class Manages { }")]
    public void Vague_names_are_found(int wrong, string text) => Assert.Equal(wrong, Norms.VagueNames(File(text)).Count());

    [Theory]
    [InlineData(2, "class A { Task<int> M() => N.ValueTask; }")]
    [InlineData(2, "class A { async void M() { await x; } }")]
    [InlineData(1, "class A(TimeProvider clock) { }")]
    [InlineData(1, "class A { long Now => DateTime.UtcNow.Ticks; }")]
    [InlineData(0, "/// <see cref=\"Task\"/>\nclass A { /* await Task */ int TaskCount; string S = \"Task\"; }")]
    public void Waits_and_clocks_are_found(int wrong, string text) => Assert.Equal(wrong, Norms.WaitsAndClocks(File(text)).Count());

    [Theory]
    [InlineData(1, "Thread.Sleep(1);")]
    [InlineData(1, "System.Threading.Thread.Sleep(1);")]
    [InlineData(1, "await Task.Delay(1);")]
    [InlineData(1, "await Task.Delay(1,\n token);")]
    [InlineData(1, "await Task.Delay(clock);")]
    [InlineData(1, "SpinWait.SpinUntil(() => done);")]
    [InlineData(0, "await Task.Delay(TimeSpan.FromSeconds(1),\n    context.Clock);")]
    [InlineData(0, "await Task.Delay(delay, clock, token);")]
    [InlineData(0, "await Task.Delay(Timeout.Infinite, token);")]
    [InlineData(0, "// Thread.Sleep(1)\nworld.Sleep();")]
    public void Sleeps_are_found(int wrong, string text) => Assert.Equal(wrong, Norms.Sleeps(File(text)).Count());

    [Theory]
    [InlineData(1, "class A { readonly ConcurrentDictionary<int, int> _map = new(); void M() { foreach (var p in _map) { } } }")]
    [InlineData(1, "class A { void M(Collections.Concurrent.ConcurrentDictionary<int, int> map) { foreach (var (k, v) in map) { } } }")]
    [InlineData(1, "class A { void M() { var map = new ConcurrentDictionary<int, int>(); foreach (var p in map) { } } }")]
    [InlineData(0, "class A { ConcurrentDictionary<int, int> _map; void M() { foreach (var p in _map.OrderBy(x => x.Key)) { } } }")]
    [InlineData(0, "class A { readonly List<int> _map = new(); void M() { foreach (var p in _map) { } } }")]
    public void Walks_over_unordered_maps_are_found(int wrong, string text) =>
        Assert.Equal(wrong, Norms.UnorderedWalks(File(text)).Count());

    [Theory]
    [InlineData(1, "#pragma warning disable RS0030")]
    [InlineData(0, "#pragma warning disable RS0030 // The loop owns its thread.")]
    public void Bans_lifted_without_a_reason_are_found(int wrong, string text) =>
        Assert.Equal(wrong, Norms.BansLiftedInSilence(File(text)).Count());

    private static SourceFile File(string text) => SourceFile.Parse("F.cs", text);
}
