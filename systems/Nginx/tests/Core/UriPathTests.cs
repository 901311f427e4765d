using System.Buffers;
using System.Text;

namespace Microcosm.Nginx.Tests;

public class UriPathTests
{
    private static string? Normalize(string target, bool merges, out string arguments)
    {
        var output = new ArrayBufferWriter<byte>();
        var ok = UriPath.TryNormalize(Encoding.ASCII.GetBytes(target), merges, output, out var rest, out _);
        arguments = Encoding.ASCII.GetString(rest);
        return ok ? Encoding.Latin1.GetString(output.WrittenSpan) : null;
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a//b///c", "/a/b/c")]
    [InlineData("//a", "/a")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/b/../../c", "/c")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/", "/a/")]
    [InlineData("/a..b/.c/..d", "/a..b/.c/..d")]
    [InlineData("/%61%2Fb", "/a/b")]
    [InlineData("/a/%2e%2e/b", "/b")]
    [InlineData("/%3Fx", "/?x")]
    [InlineData("/a%23b#c", "/a#b")]
    [InlineData("/%e9", "/é")]
    [InlineData("/..", null)]
    [InlineData("/a/../../b", null)]
    [InlineData("/%2e%2e/", null)]
    [InlineData("/%00", null)]
    [InlineData("/%zz", null)]
    [InlineData("/%4", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void A_path_is_made_plain(string target, string? plain) => Assert.Equal(plain, Normalize(target, true, out _));

    [Theory]
    [InlineData("/a//b", "/a//b")]
    [InlineData("//a/../b", "//b")]
    [InlineData("/a//../b", "/a/b")]
    public void Slashes_stay_where_they_are_not_merged(string target, string plain) => Assert.Equal(plain, Normalize(target, false, out _));

    [Fact]
    public void Arguments_stay_as_they_came()
    {
        Assert.Equal("/a", Normalize("/a?b=%20../c#d", true, out var arguments));
        Assert.Equal("b=%20../c", arguments);
    }
}
