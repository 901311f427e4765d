using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Paths and hosts.</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData("/", "/", "", "")]
    [InlineData("/a/b.txt?x=1", "/a/b.txt", "x=1", "txt")]
    [InlineData("/a.b/c", "/a.b/c", "", "")]
    [InlineData("/a%20b", "/a b", "", "")]
    [InlineData("/a%2fb", "/a/b", "", "")]
    [InlineData("/a%2F%2fb", "/a/b", "", "")]
    [InlineData("//a///b", "/a/b", "", "")]
    [InlineData("/a/./b", "/a/b", "", "")]
    [InlineData("/a/.", "/a/", "", "")]
    [InlineData("/a/../b", "/b", "", "")]
    [InlineData("/a/..", "/", "", "")]
    [InlineData("/a/b/../..", "/", "", "")]
    [InlineData("/a/%2e%2E/b", "/b", "", "")]
    [InlineData("/a/.b", "/a/.b", "", "")]
    [InlineData("/a/..b", "/a/..b", "", "")]
    [InlineData("/a/...", "/a/...", "", "")]
    [InlineData("/a%3fb?c%3f", "/a?b", "c%3f", "")]
    [InlineData("/a%23b#c", "/a#b", "", "")]
    [InlineData("/a?b#c", "/a", "b", "")]
    [InlineData("/a?b?c", "/a", "b?c", "")]
    [InlineData("/a/../?x", "/", "x", "")]
    [InlineData("/%25", "/%", "", "")]
    [InlineData("/a+b", "/a+b", "", "")]
    [InlineData("?x", "/", "x", "")]
    [InlineData("/x/y%2ehtml", "/x/y.html", "", "html")]
    [InlineData("/x.d/../y.tar.gz", "/y.tar.gz", "", "gz")]
    public void A_target_has_one_path(string target, string path, string query, string extension)
    {
        Assert.True(PathNormaliser.TryNormalise(Bytes(target), true, new byte[target.Length + 1], out var found));
        Assert.Equal((path, query, extension), (Text(found.Path), Text(found.Query), Text(found.Extension)));
        if (!PathNormaliser.IsPlain(Bytes(target)) || target[0] != '/')
            return;
        var plain = NormalisedPath.OfPlain(Bytes(target));
        Assert.Equal((path, query, extension), (Text(plain.Path), Text(plain.Query), Text(plain.Extension)));
    }

    [Theory]
    [InlineData("/..")]
    [InlineData("/../a")]
    [InlineData("/a/../..")]
    [InlineData("/%2e%2e/a")]
    [InlineData("/a/%2e./../b")]
    [InlineData("/%00")]
    [InlineData("/%")]
    [InlineData("/%2")]
    [InlineData("/%zz")]
    public void What_climbs_or_is_broken_is_refused(string target) =>
        Assert.False(PathNormaliser.TryNormalise(Bytes(target), true, new byte[target.Length + 1], out _));

    [Fact]
    public void Slashes_may_be_kept()
    {
        Assert.True(PathNormaliser.TryNormalise("//a//b/../c"u8, false, new byte[20], out var path));
        Assert.Equal("//a//c", Text(path.Path));
    }

    [Theory]
    [InlineData("a", "a", 0)]
    [InlineData("A.Example.COM.", "a.example.com", 0)]
    [InlineData("a:8080", "a", 8080)]
    [InlineData("a:", "a", 0)]
    [InlineData("[::1]:80", "[::1]", 80)]
    [InlineData("[::1]", "[::1]", 0)]
    [InlineData("a_b~!%41", "a_b~!%41", 0)]
    public void A_host_has_one_name(string host, string name, int port)
    {
        Assert.True(HostName.TryParse(Bytes(host), new byte[host.Length], out var found, out var foundPort));
        Assert.Equal((name, port), (Text(found), foundPort));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(":80")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a:8x")]
    [InlineData("a:65536")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("a@b")]
    [InlineData("\xe4")]
    public void What_is_no_host_is_refused(string host) =>
        Assert.False(HostName.TryParse(Bytes(host), new byte[host.Length], out _, out _));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
