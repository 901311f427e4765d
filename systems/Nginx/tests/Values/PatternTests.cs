using System.Text;

namespace Microcosm.Nginx.Tests;

public class PatternTests
{
    // What PCRE2 10.42 makes of them, by nginx 1.22.1.
    [Theory]
    [InlineData("^/a(b|c)$", "/ac", "c")]
    [InlineData("(?<n>a)(b)", "ab", "a,b")]
    [InlineData("(b)(?<n>a)(c)", "bac", "b,a,c")]
    [InlineData("a++b", "aab", "")]
    [InlineData("(a+?)+?b", "aab", "a")]
    [InlineData("(?i)ABC", "abc", "")]
    [InlineData("(?i:a)B", "AB", "")]
    [InlineData("a(?i)b|c", "C", "")]
    [InlineData("[[:alpha:]]+\\d", "ab1", "")]
    [InlineData("[^\\W_]+$", "ab1", "")]
    [InlineData("\\x41\\101\\t?", "AA", "")]
    [InlineData("(a)(b)\\2\\g{-2}\\g1", "abbaa", "a,b")]
    [InlineData("(?P<x>a)(?P=x)\\k{x}", "aaa", "a")]
    [InlineData("\\Qa.b\\E+", "a.bb", "")]
    [InlineData("(?x) a b # c", "ab", "")]
    [InlineData("(?s)a.b", "a\nb", "")]
    [InlineData("(?m)^b$", "a\nb\nc", "")]
    [InlineData("a$", "a\n", "")]
    [InlineData("(?U)(a+)(a*)", "aaa", "a,")]
    [InlineData("(a)?(?(1)b|c)", "ab", "a")]
    [InlineData("\\p{Lu}\\pN", "A1", "")]
    [InlineData("[\\h]\\R", " \r\n", "")]
    [InlineData("x{,3}", "x{,3}", "")]
    public void A_pattern_matches_as_in_PCRE(string pattern, string text, string groups)
    {
        var compiled = BytePattern.Compile(pattern, ignoreCase: false);
        var captures = new Captures();
        Assert.True(compiled.Match(Encoding.Latin1.GetBytes(text), captures));
        Assert.True(compiled.IsMatch(Encoding.Latin1.GetBytes(text)));
        Assert.Equal(groups, string.Join(',', Enumerable.Range(1, captures.Count - 1).Select(i => Encoding.Latin1.GetString(captures[i]))));
    }

    [Theory]
    [InlineData("a.b", "a\nb", false)]
    [InlineData("\\w", "é", false)]
    [InlineData("\\bA", "éA", true)]
    [InlineData("é", "É", false)]
    [InlineData("K", "k", true)]
    [InlineData("[^a]", "A", false)]
    [InlineData("[a-c]", "B", true)]
    public void Case_is_folded_in_ASCII_only(string pattern, string text, bool matches) =>
        Assert.Equal(matches, BytePattern.Compile(pattern, ignoreCase: true).IsMatch(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void Named_groups_keep_their_numbers()
    {
        var pattern = BytePattern.Compile("(a)(?<two>b)(c)(?P<four>d)", ignoreCase: false);
        Assert.Equal([("four", 4), ("two", 2)], pattern.Names);
        Assert.Equal(4, pattern.Groups);
    }

    [Theory]
    [InlineData("(?R)")]
    [InlineData("(?|(a)|(b))")]
    [InlineData("a\\Kb")]
    [InlineData("\\X")]
    [InlineData("(a)(?1)")]
    [InlineData("(*UTF8)a")]
    public void What_has_no_counterpart_is_refused(string pattern) =>
        Assert.Contains(" is not supported in \"",
            Assert.Throws<ConfigurationException>(() => BytePattern.Compile(pattern, false)).Message);

    [Fact]
    public void Captures_stay_when_a_later_pattern_does_not_match()
    {
        var captures = new Captures();
        BytePattern.Compile("(a)", false).Match("a"u8, captures);
        Assert.False(BytePattern.Compile("(b)", false).Match("a"u8, captures));
        Assert.Equal("a"u8, captures[1]);
        Assert.False(captures.Has(2));
    }
}
