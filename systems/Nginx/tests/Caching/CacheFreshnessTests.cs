using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx.Tests;

/// <summary>What a response's fields say of keeping it; the order of the fields is that of the lines.</summary>
public sealed class CacheFreshnessTests
{
    private const long Now = 1_000_000_000;

    [Theory]
    [InlineData("", 0)]
    [InlineData("Cache-Control: max-age=5", 5)]
    [InlineData("Cache-Control: public, max-age=5, x", 5)]
    [InlineData("Cache-Control: max-age=5, s-maxage=7", 7)]
    [InlineData("Cache-Control: max-age=99999999999999999999", int.MaxValue)]
    [InlineData("Expires: Sun, 09 Sep 2001 01:46:50 GMT", 10)]
    [InlineData("Cache-Control: max-age=5\nExpires: Sun, 09 Sep 2001 01:46:50 GMT", 5)]
    [InlineData("Expires: Sun, 09 Sep 2001 01:46:50 GMT\nCache-Control: max-age=5", 5)]
    [InlineData("Expires: Thu, 01 Jan 1970 00:00:01 GMT\nCache-Control: max-age=5", 5)]
    [InlineData("X-Accel-Expires: 3\nCache-Control: max-age=5", 3)]
    [InlineData("Cache-Control: no-cache\nX-Accel-Expires: 3", 3)]
    [InlineData("X-Accel-Expires: 3\nCache-Control: no-cache", 3)]
    [InlineData("X-Accel-Expires: @1000000042", 42)]
    [InlineData("X-Accel-Expires: soon", 0)]
    public void It_is_fresh_until(string fields, long seconds)
    {
        var freshness = CacheFreshness.Of(Fields(fields), 0, Now);
        Assert.True(freshness.IsCacheable);
        Assert.Equal(seconds == 0 ? 0 : Now + seconds, freshness.ValidUntil);
    }

    [Theory]
    [InlineData("Cache-Control: no-cache")]
    [InlineData("Cache-Control: max-age=0")]
    [InlineData("Cache-Control: max-age=1x")]
    [InlineData("Cache-Control: private\nExpires: Sun, 09 Sep 2001 01:46:50 GMT")]
    [InlineData("Cache-Control: No-Store")]
    [InlineData("Expires: yesterday")]
    [InlineData("X-Accel-Expires: 0\nCache-Control: max-age=5")]
    [InlineData("Set-Cookie: a=b\nCache-Control: max-age=5")]
    [InlineData("Vary: *")]
    public void It_is_not_to_be_kept(string fields) => Assert.False(CacheFreshness.Of(Fields(fields), 0, Now).IsCacheable);

    [Theory]
    [InlineData("Set-Cookie: a=b", 7)]
    [InlineData("Vary: *", 8)]
    [InlineData("Cache-Control: no-cache", 6)]
    [InlineData("Expires: yesterday", 5)]
    [InlineData("X-Accel-Expires: 0", 1)]
    public void What_is_ignored_forbids_nothing(string fields, int place) =>
        Assert.True(CacheFreshness.Of(Fields(fields), 1L << place, Now).IsCacheable);

    [Fact]
    public void Times_to_go_on_using_it_are_read()
    {
        var one = CacheFreshness.Of(Fields("Cache-Control: max-age=1, stale-while-revalidate=20, stale-if-error=30"), 0, Now);
        Assert.Equal((20, 30), (one.UpdatingSeconds, one.ErrorSeconds));
        var other = CacheFreshness.Of(Fields("Cache-Control: max-age=1, stale-while-revalidate=20"), 0, Now);
        Assert.Equal((20, 20), (other.UpdatingSeconds, other.ErrorSeconds));
    }

    private static HeaderList Fields(string lines)
    {
        var fields = new HeaderList();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':');
            fields.Add(Encoding.ASCII.GetBytes(line[..colon]), Encoding.ASCII.GetBytes(line[(colon + 2)..]));
        }
        return fields;
    }
}
