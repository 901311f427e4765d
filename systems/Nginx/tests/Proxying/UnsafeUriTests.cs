using System.Text;

namespace Microcosm.Nginx.Tests;

public sealed class UnsafeUriTests
{
    [Theory]
    [InlineData("/a", "/a", "")]
    [InlineData("/a?b=c?d", "/a", "b=c?d")]
    [InlineData("/a%20b%2fc", "/a b/c", "")]
    [InlineData("/a%zz%4", "/a%zz%4", "")]
    [InlineData("/a..b/..c", "/a..b/..c", "")]
    [InlineData("/?", "/", "")]
    public void A_path_is_split_and_unescaped(string text, string uri, string arguments)
    {
        Assert.True(UnsafeUri.TryParse(Encoding.ASCII.GetBytes(text), out var path, out var query));
        Assert.Equal((uri, arguments), (Encoding.ASCII.GetString(path), Encoding.ASCII.GetString(query)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?a")]
    [InlineData("/../a")]
    [InlineData("/a/..")]
    [InlineData("../a")]
    [InlineData("/%2e%2e/a")]
    [InlineData("/a/%2e.")]
    [InlineData("/a%00")]
    [InlineData("/a\0")]
    public void What_climbs_or_is_nothing_is_refused(string text) =>
        Assert.False(UnsafeUri.TryParse(Encoding.ASCII.GetBytes(text), out _, out _));
}
