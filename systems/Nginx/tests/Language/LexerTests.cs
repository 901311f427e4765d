namespace Microcosm.Nginx.Tests;

public class LexerTests
{
    [Theory]
    [InlineData("a b;", "a", "b")]
    [InlineData("a\tb\r\nc ;", "a", "b", "c")]
    [InlineData("a # x ; y\n b;", "a", "b")]
    [InlineData("a 'b c' \"d;e\";", "a", "b c", "d;e")]
    [InlineData("a 'b\\'c' \"d\\\"e\" f\\\\g;", "a", "b'c", "d\"e", "f\\g")]
    [InlineData("a x\\ny\\tz\\r;", "a", "x\ny\tz\r")]
    [InlineData("a b\\ c\\;d;", "a", "b\\ c\\;d")]
    [InlineData("a \\d+\\.php$;", "a", "\\d+\\.php$")]
    [InlineData("a ${b}c $d;", "a", "${b}c", "$d")]
    [InlineData("a b'c\"d;", "a", "b'c\"d")]
    [InlineData("a \"\";", "a", "")]
    [InlineData("if (\"a\") ;", "if", "(\"a\")")]
    [InlineData("a b#c;", "a", "b#c")]
    public void A_directive_is_its_words(string text, params string[] words)
    {
        var lexer = new ConfigurationLexer(text);
        Assert.Equal(TokenKind.Directive, lexer.Read());
        Assert.Equal(words, lexer.Words);
        Assert.Equal(TokenKind.EndOfFile, lexer.Read());
    }

    [Fact]
    public void Blocks_open_and_close()
    {
        var lexer = new ConfigurationLexer("http { server{listen 80;} }");
        Assert.Equal(
            [TokenKind.BlockStart, TokenKind.BlockStart, TokenKind.Directive, TokenKind.BlockEnd, TokenKind.BlockEnd, TokenKind.EndOfFile],
            Enumerable.Range(0, 6).Select(_ => lexer.Read()));
    }

    [Fact]
    public void A_line_is_counted_where_a_directive_ends()
    {
        var lexer = new ConfigurationLexer("# one\n\na 'two\nlines'\n;\nb;");
        lexer.Read();
        Assert.Equal(5, lexer.Line);
        lexer.Read();
        Assert.Equal(6, lexer.Line);
    }

    [Theory]
    [InlineData("x", "too long parameter \"xxxxxxxxxx...\" started")]
    [InlineData("\"x", "too long parameter, probably missing terminating \"\"\" character")]
    [InlineData("'x", "too long parameter, probably missing terminating \"'\" character")]
    [InlineData("#x", "too long parameter \"#xxxxxxxxx...\" started")]
    [Trait("Limit", "word")]
    public void A_word_longer_than_the_buffer_is_refused_where_it_began(string begin, string message)
    {
        var lexer = new ConfigurationLexer("\n\n" + begin + new string('x', 5000) + "\n\n;");
        Assert.Equal(message, Assert.Throws<ConfigurationException>(() => lexer.Read()).Message);
        Assert.Equal(3, lexer.Line);
    }

    [Fact]
    public void A_word_that_just_fits_is_read()
    {
        var lexer = new ConfigurationLexer("a " + new string('x', 4095) + ";");
        lexer.Read();
        Assert.Equal(4095, lexer.Words[1].Length);
    }

    [Fact]
    public void Bytes_stay_bytes()
    {
        var configuration = Conf.Load("events {} http { server { return 200 \"žluť\"; } }");
        var step = Assert.IsType<RewriteStep.Return>(Assert.Single(configuration.Http!.Servers[0].Root.Rewrite!.Steps));
        Assert.Equal("žluť", Conf.Text(step.Text!.Literal));
    }
}
