namespace Microcosm.Nginx.Tests;

public class ValueTests
{
    private static string Evaluate(string text, params (string, string)[] known)
    {
        var table = new VariableTable(PartVariables.OfHttp);
        var value = ComplexValue.Compile(text, table);
        table.Resolve();
        return Conf.Text(value.Evaluate(Conf.Request(table, known)));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("$uri", "/x")]
    [InlineData("a$uri", "a/x")]
    [InlineData("${uri}b", "/xb")]
    [InlineData("$uri$host", "/xh")]
    [InlineData("$URI", "/x")]
    [InlineData("$arg_a-$arg_b", "1-")]
    [InlineData("$http_x_y", "z")]
    [InlineData("a$1b", "ab")]
    public void A_text_with_variables_is_filled_in(string text, string value) =>
        Assert.Equal(value, Evaluate(text, ("uri", "/x"), ("host", "h"), ("arg_a", "1"), ("http_x_y", "z")));

    [Fact]
    public void The_longest_family_counts()
    {
        var table = new VariableTable(new([new("a_", VariableFlags.Prefix), new("a_b_", VariableFlags.Prefix)]));
        var variable = table.Use("a_b_c");
        table.Resolve();
        Assert.Equal("a_b_", Assert.IsType<VariableOrigin.Family>(variable.Origin).Prefix);
    }

    [Fact]
    public void An_unknown_variable_is_found_at_the_end_and_has_no_place()
    {
        var e = Assert.Throws<ConfigurationException>(() => Conf.Http("server { return 200 $Foo; }"));
        Assert.Equal("unknown \"foo\" variable", e.Message);
    }

    [Fact]
    public void A_variable_may_be_declared_after_its_use() =>
        Assert.Equal("b", Conf.Value(Conf.Http("server { set $x $m; } map $uri $m { default b; }"), "m"));

    [Fact]
    public void Set_gives_a_value_and_args_go_to_the_request()
    {
        var http = Conf.Http("server { set $x a; set $args q=1; return 200 $x$args; }");
        var values = Conf.Request(http.Variables);
        var request = new TestRequest("/");
        var outcome = RewriteEngine.Run(http.Servers[0].Root.Rewrite!, request, values);
        Assert.Equal("aq=1", Conf.Text(outcome.Text!.Value));
    }

    [Fact]
    public void What_is_not_cacheable_is_asked_anew_and_the_rest_is_not()
    {
        var source = new CountingSource();
        var table = new VariableTable(new([new("once", VariableFlags.None), new("always", VariableFlags.NoCacheable)]));
        var (once, always) = (table.Use("once"), table.Use("always"));
        table.Resolve();
        var values = new RequestValues(table, source);
        Assert.Equal("1 1 2 3", string.Join(' ', new[] { once, once, always, always }.Select(v => Conf.Text(values.Get(v)))));
        values.Set(always, "set"u8);
        Assert.Equal("set", Conf.Text(values.Get(always)));
        values.Reset();
        Assert.Equal("4", Conf.Text(values.Get(once)));
    }

    [Fact]
    public void Maps_that_ask_each_other_end()
    {
        var http = Conf.Http("map $uri $a { default $b; } map $uri $b { default x$a; } server { return 200 $a; }");
        Assert.InRange(Conf.Value(http, "a").Length, 1, 100);
    }

    private sealed class CountingSource : IVariableSource
    {
        private int _count;

        public bool TryWrite(int id, ReadOnlySpan<byte> suffix, System.Buffers.IBufferWriter<byte> output)
        {
            output.GetSpan(1)[0] = (byte)('0' + ++_count);
            output.Advance(1);
            return true;
        }

        public void Assign(int id, ReadOnlySpan<byte> value)
        {
        }

        public void OnUninitialized(Variable variable)
        {
        }
    }
}
