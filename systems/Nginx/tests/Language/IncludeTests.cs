namespace Microcosm.Nginx.Tests;

public class IncludeTests
{
    [Fact]
    public void Files_of_a_glob_are_read_in_order_of_their_names()
    {
        var files = new MemoryFiles
        {
            ["/conf/sites/b.conf"] = "server { server_name b; }",
            ["/conf/sites/a.conf"] = "server { server_name a; }",
            ["/conf/sites/.hidden.conf"] = "foo;",
            ["/conf/sites/c.conf.old"] = "foo;",
        };
        var configuration = Conf.Load("events {} http { include sites/*.conf; }", files);
        Assert.Equal(["a", "b"], configuration.Http!.Servers.Select(s => s.Name));
        Assert.Equal(["/conf/nginx.conf", "/conf/sites/a.conf", "/conf/sites/b.conf"], configuration.Files.Select(f => f.Path));
    }

    [Fact]
    public void A_glob_without_files_is_no_mistake() => Conf.Load("events {} http { include none/*.conf; }");

    [Fact]
    public void An_error_names_the_file_that_it_is_in()
    {
        var files = new MemoryFiles { ["/conf/in.conf"] = "server {\n  foo on;\n}" };
        var e = Assert.Throws<ConfigurationException>(() => Conf.Load("events {}\nhttp {\n  include in.conf;\n}", files));
        Assert.Equal("unknown directive \"foo\" in /conf/in.conf:2", e.Message);
    }

    [Theory]
    [InlineData("server {", "unexpected end of file, expecting \"}\" in /conf/in.conf:1")]
    [InlineData("server { } }", "unexpected \"}\" in /conf/in.conf:1")]
    [InlineData("server { } x", "unexpected end of file, expecting \";\" or \"}\" in /conf/in.conf:1")]
    public void A_block_ends_in_the_file_it_began_in(string included, string message)
    {
        var files = new MemoryFiles { ["/conf/in.conf"] = included };
        var e = Assert.Throws<ConfigurationException>(() => Conf.Load("events {} http { include in.conf; }", files));
        Assert.Equal(message, e.Message);
    }

    [Fact]
    [Trait("Limit", "include depth")]
    public void An_include_of_itself_is_refused()
    {
        var e = Assert.Throws<ConfigurationException>(() => Conf.Load("include nginx.conf;"));
        Assert.Equal("open() \"/conf/nginx.conf\" failed (24: Too many open files) in /conf/nginx.conf:1", e.Message);
    }

    [Fact]
    [Trait("Limit", "block depth")]
    public void Blocks_that_are_nested_too_deep_are_refused()
    {
        var e = Assert.Throws<ConfigurationException>(() => Conf.Http(
            "server { " + string.Concat(Enumerable.Repeat("location /a { ", 500)) + string.Concat(Enumerable.Repeat("} ", 501))));
        Assert.StartsWith("too many nested blocks", e.Message);
    }

    [Fact]
    public void Types_and_maps_include_too()
    {
        var files = new MemoryFiles { ["/conf/mime.types"] = "text/css css;", ["/conf/map"] = "a b;" };
        var http = Conf.Load(
            "events {} http { types { include mime.types; } map $uri $m { include map; } server { set $x $m; } }", files).Http!;
        Assert.Equal("text/css", http.Level.Get(HttpCoreModule.Types)!.Find("/x.CSS"u8));
        Assert.Equal("b", Conf.Value(http, "m", ("uri", "a")));
    }

    [Theory]
    [InlineData("*.conf", "a.conf", true)]
    [InlineData("*.conf", ".conf", false)]
    [InlineData(".*", ".conf", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("[a", "[a", true)]
    [InlineData("a*b*c", "a-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    public void Patterns_match_as_glob_does(string pattern, string name, bool matches) =>
        Assert.Equal(matches, GlobPattern.IsMatch(pattern, name));
}
