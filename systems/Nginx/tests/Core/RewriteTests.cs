namespace Microcosm.Nginx.Tests;

public class RewriteTests
{
    private static (TestRequest Request, RewriteOutcome Outcome) Run(
        string directives, TestRequest request, params (string, string)[] known)
    {
        var http = Conf.Http($"server {{ location / {{ {directives} }} }}");
        var location = http.Servers[0].FindLocation("/"u8, Conf.Request(http.Variables), out _);
        return (request, RewriteEngine.Run(location.Rewrite!, request, Conf.Request(http.Variables, known)));
    }

    [Theory]
    [InlineData("rewrite ^/a(.*) /b$1;", "/ax?q=1", "/bx?q=1", true)]
    [InlineData("rewrite ^/a(.*) /b$1?r=2;", "/ax?q=1", "/bx?r=2&q=1", true)]
    [InlineData("rewrite ^/a(.*) /b$1?r=2?;", "/ax?q=1", "/bx?r=2", true)]
    [InlineData("rewrite ^/a(.*) /b$1?;", "/ax?q=1", "/bx", true)]
    [InlineData("rewrite ^/a /b last; rewrite ^/b /c;", "/a", "/b", true)]
    [InlineData("rewrite ^/a /b break; rewrite ^/b /c;", "/a", "/b", false)]
    [InlineData("rewrite ^/a /b; rewrite ^/b /c;", "/a", "/c", true)]
    [InlineData("rewrite ^/z /b;", "/a", "/a", false)]
    [InlineData("rewrite ^/a /b; break; rewrite ^/b /c;", "/a", "/b", false)]
    [InlineData("rewrite ^/(?<name>.*)$ /n/$name;", "/a", "/n/a", true)]
    [InlineData("if ($uri ~ ^/(a)) { rewrite ^ /x/$1; }", "/a", "/x/", true)]
    [InlineData("if ($uri ~ ^/(a)) { set $v $1; } rewrite ^ /x/$v;", "/a", "/x/a", true)]
    public void A_path_is_rewritten(string directives, string target, string rewritten, bool searchesAnew)
    {
        var parts = target.Split('?');
        var (request, outcome) = Run(directives, new TestRequest(parts[0], parts.ElementAtOrDefault(1) ?? ""), ("uri", parts[0]));
        Assert.Equal(0, outcome.Status);
        Assert.Equal(rewritten, request.Target);
        Assert.Equal(searchesAnew, request.IsChanged);
    }

    [Theory]
    [InlineData("rewrite ^/a(.*) http://x/$1;", 302, "http://x/b?q=1")]
    [InlineData("rewrite ^/a(.*) http://x/$1?r=1;", 302, "http://x/b?r=1&q=1")]
    [InlineData("rewrite ^/a(.*) http://x/$1?;", 302, "http://x/b")]
    [InlineData("rewrite ^/a(.*) /y$1 permanent;", 301, "/yb?q=1")]
    [InlineData("rewrite ^/a(.*) $scheme://x/$1 redirect;", 302, "https://x/b?q=1")]
    public void A_redirect_ends_the_program(string directives, int status, string location)
    {
        var (_, outcome) = Run(directives + " return 500;", new TestRequest("/ab", "q=1"), ("scheme", "https"));
        Assert.Equal(status, outcome.Status);
        Assert.Equal(location, Conf.Text(outcome.Location!.Value));
    }

    [Fact]
    public void Captures_are_escaped_where_they_become_arguments()
    {
        var (request, _) = Run("rewrite ^/(.*) /x?a=$1?;", new TestRequest("/b c&d") { HasEscapedUri = true });
        Assert.Equal("/x?a=b%20c%26d", request.Target);
        (request, _) = Run("rewrite ^/(.*) /x?a=$1?;", new TestRequest("/b c&d"));
        Assert.Equal("/x?a=b c&d", request.Target);
    }

    [Fact]
    public void An_empty_path_is_an_error()
    {
        var (request, outcome) = Run("rewrite ^/(b?) $1;", new TestRequest("/a"));
        Assert.Equal(500, outcome.Status);
        Assert.Contains("the rewritten URI has a zero length", request.Lines);
    }

    [Theory]
    [InlineData("return 204;", 204, null)]
    [InlineData("return 200 \"a$uri\";", 200, "a/u")]
    [InlineData("return http://x$uri;", 302, "http://x/u")]
    [InlineData("return 444; return 200;", 444, null)]
    public void Return_answers(string directives, int status, string? text)
    {
        var (_, outcome) = Run(directives, new TestRequest("/u"), ("uri", "/u"));
        Assert.Equal(status, outcome.Status);
        Assert.Equal(text, outcome.Text is { } value ? Conf.Text(value) : null);
    }

    [Theory]
    [InlineData("$arg_a", "1", true)]
    [InlineData("$arg_a", "0", false)]
    [InlineData("$arg_a", "", false)]
    [InlineData("$arg_a", "00", true)]
    [InlineData("$arg_a = x", "x", true)]
    [InlineData("$arg_a != x", "x", false)]
    [InlineData("$arg_a ~ ^x", "xy", true)]
    [InlineData("$arg_a ~ ^x", "Xy", false)]
    [InlineData("$arg_a ~* ^x", "Xy", true)]
    [InlineData("$arg_a !~ ^x", "y", true)]
    [InlineData("-f /$arg_a", "file", true)]
    [InlineData("-f /$arg_a", "folder", false)]
    [InlineData("-d /$arg_a", "folder", true)]
    [InlineData("!-e /$arg_a", "none", true)]
    [InlineData("!-x /$arg_a", "file", true)]
    public void Conditions(string condition, string argument, bool holds)
    {
        var request = new TestRequest("/") { Files = { "IsFile /file", "IsFolder /folder", "Exists /file", "Exists /folder" } };
        var (_, outcome) = Run($"if ({condition}) {{ return 201; }} return 202;", request, ("arg_a", argument));
        Assert.Equal(holds ? 201 : 202, outcome.Status);
    }

    [Fact]
    public void The_settings_of_an_if_hold_from_where_it_is_true()
    {
        var (request, outcome) = Run(
            "if ($arg_a) { add_header X y; } set $z 1; if ($z) { return 200; }", new TestRequest("/"), ("arg_a", "1"));
        Assert.Equal(200, outcome.Status);
        Assert.Equal(["/", "/"], request.Entered);
    }

    [Fact]
    public void An_if_of_a_server_changes_no_settings()
    {
        var http = Conf.Http("server { if ($arg_a) { set $x 1; } return 200 $x; }");
        var request = new TestRequest("/");
        var outcome = RewriteEngine.Run(http.Servers[0].Root.Rewrite!, request, Conf.Request(http.Variables, ("arg_a", "1")));
        Assert.Equal("1", Conf.Text(outcome.Text!.Value));
        Assert.Empty(request.Entered);
    }

    [Theory]
    [InlineData("%41%2f%zz", "A/zz")]
    [InlineData("a%20b", "a%20b")]
    [InlineData("a%3Fb%41", "a?b%41")]
    [InlineData("a?%41", "a?%41")]
    [InlineData("%4", "")]
    [InlineData("%e9", "%e9")]
    public void A_redirect_url_loses_needless_escapes(string text, string plain)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        UriEscape.UnescapeRedirect(System.Text.Encoding.ASCII.GetBytes(text), output);
        Assert.Equal(plain, System.Text.Encoding.ASCII.GetString(output.WrittenSpan));
    }
}
