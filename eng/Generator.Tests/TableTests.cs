namespace Microcosm.Generator.Tests;

/// <summary>What stands in a generated table.</summary>
public sealed class TableTests
{
    private const string Operations = """
        static class A
        {
            [Command("SET", -3, "PUT", "STORE", Marks = Marks.Write | Marks.DenyOom, FirstKey = 1, Hidden = true, Summary = "Sets \"it\"\n",
                Reply = typeof(System.Collections.Generic.List<int>), Bytes = 5, Codes = new byte[] { 1, 255 })]
            public static void Set(ref Call call) => call.Count += 100;

            [Command("GET", Bytes = long.MinValue, Codes = null, Marks = (Marks)9,
                Status = Microcosm.Runtime.OperationStatus.Partial, Deviation = "no \"X\"")]
            public static void Get(ref Call call) => call.Count += 1;

            [Command("CONFIG")] [Command("CONFIG|NO-TOUCH", 2)] [Command("class")]
            public static void Config(ref Call call) => call.Count += 10;
        }

        public static class Probe
        {
            public static string Describe(string name)
            {
                var d = Table.All[Table.IndexOf(System.Text.Encoding.ASCII.GetBytes(name))].Declaration;
                return $"{d.Name} {d.Arity} [{string.Join(' ', d.Aliases)}] {d.Marks} {d.FirstKey} {d.Hidden} {d.Summary} "
                    + $"{d.Reply?.Name} {d.Bytes} "
                    + (d.Codes is null ? "none" : string.Join(' ', d.Codes)) + $" {d.Status} {d.Deviation}";
            }

            public static string Constants(string name) => Table.Names.SET + " " + Table.Names.CONFIG_NO_TOUCH + " " + Table.Names.@class;

            public static string Call(string name)
            {
                var call = new Call();
                foreach (var operation in Table.All)
                    operation.Handler(ref call);
                return call.Count.ToString();
            }

            public static string Names(string name)
            {
                var all = "";
                foreach (var operation in Table.All)
                    all += $"{operation.Index}:{operation.FullName} ";
                return all;
            }
        }
        """;

    [Theory]
    [InlineData("set", "SET -3 [PUT STORE] Write, DenyOom 1 True Sets \"it\"\n List`1 5 1 255 Full ")]
    [InlineData("get", "GET 0 [] 9 0 False   -9223372036854775808 none Partial no \"X\"")]
    public void An_attribute_is_made_again_as_it_was_written(string name, string expected) =>
        Assert.Equal(expected, Compiler.Run<Func<string, string>>(Operations, "Describe")(name));

    [Fact]
    public void Every_row_calls_its_own_method() => Assert.Equal("131", Compiler.Run<Func<string, string>>(Operations, "Call")(""));

    [Fact]
    public void Rows_stand_in_ordinal_order_with_full_names() => Assert.Equal(
        "0:sample.CONFIG 1:sample.CONFIG|NO-TOUCH 2:sample.GET 3:sample.SET 4:sample.class ",
        Compiler.Run<Func<string, string>>(Operations, "Names")(""));

    [Fact]
    public void Full_names_are_constants() =>
        Assert.Equal("sample.SET sample.CONFIG|NO-TOUCH sample.class", Compiler.Run<Func<string, string>>(Operations, "Constants")(""));

    [Fact]
    public void The_contract_tells_what_clients_can_tell_in_the_order_of_the_attribute()
    {
        const string At = "public static string Names(";
        var probe = Operations.Replace(At, "public static string Contract(string name) => Table.Contract; " + At);
        Assert.Equal(
            """
            # sample: 5 operations (full 4, partial 1, refused 0)
            CONFIG full arity=0 aliases=
            CONFIG|NO-TOUCH full arity=2 aliases=
            GET partial arity=0 aliases= marks=9 bytes=-9223372036854775808 codes=null deviation="no 'X'"
            SET full arity=-3 aliases=PUT,STORE marks=write,denyoom hidden=true firstKey=1 reply=List bytes=5 codes=1,255
            class full arity=0 aliases=

            """.ReplaceLineEndings("\n"),
            Compiler.Run<Func<string, string>>(probe, "Contract")(""));
    }

    [Fact]
    public void A_handler_may_return_a_value_and_take_classes_and_readonly_references() => Assert.Empty(Compiler.Problems("""
        delegate System.Threading.Tasks.ValueTask<string?> Other(
            Microcosm.Runtime.OperationStatus status, in Call call, ref readonly int n, out string s, object? o);
        sealed class OtherAttribute(string name) : Microcosm.Runtime.OperationAttribute(name);
        [Microcosm.Runtime.OperationTable("other", typeof(OtherAttribute), typeof(Other))] static partial class OtherTable;
        static class O
        {
            [Other("X")]
            public static System.Threading.Tasks.ValueTask<string?> Run(
                Microcosm.Runtime.OperationStatus status, in Call call, ref readonly int n, out string s, object? o)
            {
                s = "";
                return default;
            }
        }
        """));

    [Fact]
    public void A_table_without_operations_compiles() => Assert.Empty(Compiler.Problems(""));
}
