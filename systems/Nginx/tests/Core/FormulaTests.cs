using System.Net;

namespace Microcosm.Nginx.Tests;

/// <summary>map, geo, split_clients.</summary>
public class FormulaTests
{
    private const string Map = """
        map $host $m {
            hostnames;
            default d;
            exact.example e;
            *.wild.example w;
            .dot.example .;
            mail.* m;
            ~^re(?<rest>.*)$ r-$rest-$1;
            ~*CASE c;
            \~tilde t;
        }
        server { return 200 $m; }
        """;

    [Theory]
    [InlineData("exact.example", "e")]
    [InlineData("EXACT.example.", "e")]
    [InlineData("a.wild.example", "w")]
    [InlineData("dot.example", ".")]
    [InlineData("x.dot.example", ".")]
    [InlineData("mail.org", "m")]
    [InlineData("regexp", "r-gexp-gexp")]
    [InlineData("xcaseX", "c")]
    [InlineData("~tilde", "t")]
    [InlineData("none", "d")]
    public void A_map_finds_exact_then_wildcard_then_pattern(string host, string value) =>
        Assert.Equal(value, Conf.Value(Conf.Http(Map), "m", ("host", host)));

    [Fact]
    public void A_map_without_default_is_empty() =>
        Assert.Equal("", Conf.Value(Conf.Http("map $host $m { a b; } server { return 200 $m; }"), "m", ("host", "c")));

    [Fact]
    public void A_maps_value_may_have_variables() =>
        Assert.Equal("x-/u", Conf.Value(Conf.Http("map $host $m { default x-$uri; } server { return 200 $m; }"), "m", ("uri", "/u")));

    [Fact]
    public void A_volatile_map_is_not_cached()
    {
        var http = Conf.Http("map $host $m { volatile; default a; } server { return 200 $m; }");
        Assert.True(http.Variables.All.First(v => v.Name == "m").IsNoCacheable);
    }

    private const string Geo = """
        geo $g {
            default d;
            10.0.0.0/8 ten;
            10.1.0.0/16 one;
            10.2.0.0/16 two;
            delete 10.2.0.0/16;
            2001:db8::/32 six;
            proxy 192.0.2.0/24;
        }
        server { return 200 $g; }
        """;

    [Theory]
    [InlineData("10.5.5.5", null, "ten")]
    [InlineData("10.1.5.5", null, "one")]
    [InlineData("10.2.5.5", null, "ten")]
    [InlineData("11.0.0.1", null, "d")]
    [InlineData("2001:db8::5", null, "six")]
    [InlineData("::ffff:10.1.0.1", null, "one")]
    [InlineData("192.0.2.7", "10.1.1.1", "one")]
    [InlineData("192.0.2.7", null, "d")]
    [InlineData("198.51.100.1", "10.1.1.1", "d")]
    public void A_geo_finds_the_longest_network(string address, string? forwarded, string value)
    {
        (string, string)[] known = forwarded is null
            ? [("remote_addr", address)]
            : [("remote_addr", address), ("http_x_forwarded_for", forwarded)];
        Assert.Equal(value, Conf.Value(Conf.Http(Geo), "g", known));
    }

    [Theory]
    [InlineData("10.0.0.0", "a")]
    [InlineData("10.0.0.5", "b")]
    [InlineData("10.0.0.9", "a")]
    [InlineData("10.0.1.0", "d")]
    [InlineData("10.3.0.0", "wide")]
    [InlineData("::1", "d")]
    public void Ranges_split_the_ones_around_them(string address, string value)
    {
        var http = Conf.Http("""
            geo $arg_ip $g {
                ranges;
                default d;
                10.0.0.0-10.0.0.9 a;
                10.0.0.4-10.0.0.6 b;
                10.2.0.0-10.4.255.255 wide;
            }
            server { return 200 $g; }
            """);
        Assert.Equal(value, Conf.Value(http, "g", ("arg_ip", address)));
    }

    [Fact]
    public void A_geo_of_a_value_that_is_no_address_gives_what_255_255_255_255_has() =>
        Assert.Equal(
            "x", Conf.Value(Conf.Http("geo $uri $g { default d; 255.255.255.255 x; } server { return 200 $g; }"), "g", ("uri", "/")));

    // Of these by another implementation.
    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0x92685f5eu)]
    [InlineData("abcd", 0x26873021u)]
    [InlineData("The quick brown fox", 0x5b361318u)]
    public void Murmur(string text, uint hash) => Assert.Equal(hash, MurmurHash2.Of(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Clients_are_split_about_as_asked()
    {
        var http = Conf.Http("split_clients $remote_addr $s { 25% a; 0.5% b; * c; } server { return 200 $s; }");
        var counts = Enumerable.Range(0, 4000)
            .Select(i => Conf.Value(http, "s", ("remote_addr", new IPAddress(i * 65537L + 10).ToString())))
            .CountBy(v => v).ToDictionary();
        Assert.InRange(counts["a"], 850, 1150);
        Assert.InRange(counts["b"], 5, 50);
    }
}
