using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>Small readers of what filters go by.</summary>
public sealed class FilterReaderTests
{
    [Theory]
    [InlineData("gzip", true)]
    [InlineData("deflate, GZIP;q=0.5", true)]
    [InlineData("gzip ; q=0.001", true)]
    [InlineData("gzip;", true)]
    [InlineData("x-gzip", false)]
    [InlineData("gzipx", false)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0.000", false)]
    [InlineData("gzip;q=1.001", false)]
    [InlineData("gzip;q=0.0001", false)]
    [InlineData("gzip;x", false)]
    [InlineData("", false)]
    public void An_Accept_Encoding_takes_gzip(string field, bool isTaken) =>
        Assert.Equal(isTaken, GzipWish.Accepts(Encoding.ASCII.GetBytes(field), "gzip"));

    [Theory]
    [InlineData("bytes 0-9/100", 0, 10, 100)]
    [InlineData("bytes  5 - 9 / * ", 5, 10, -1)]
    public void A_Content_Range_is_read(string field, long start, long end, long whole)
    {
        Assert.True(ContentRange.TryParse(Encoding.ASCII.GetBytes(field), out var range));
        Assert.Equal(new ContentRange(start, end, whole), range);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bytes 0-9")]
    [InlineData("bytes -9/10")]
    [InlineData("bytes 0-9/10x")]
    [InlineData("bytes 99999999999999999999-9/10")]
    public void What_is_no_Content_Range_is_not_read(string field) =>
        Assert.False(ContentRange.TryParse(Encoding.ASCII.GetBytes(field), out _));

    [Theory]
    [InlineData("Thu, 10 Jan 2008 21:20:00 GMT", 1_200_000_000L)]
    [InlineData("Mon, 10 Jan 2008 21:20:00", 1_200_000_000L)]
    [InlineData("Thursday, 10-Jan-08 21:20:00 GMT", 1_200_000_000L)]
    [InlineData("Thu Jan 10 21:20:00 2008", 1_200_000_000L)]
    [InlineData("Tue Jan  1 00:00:00 2008", 1_199_145_600L)]
    [InlineData("Thu, 32 Jan 2008 21:20:00 GMT", null)]
    [InlineData("Thu, 29 Feb 2007 21:20:00 GMT", null)]
    [InlineData("Thu, 10 Jan 2008 24:20:00 GMT", null)]
    [InlineData("Thu, 10 Jan", null)]
    [InlineData("Thu Jan 10 21", null)]
    [InlineData("now", null)]
    [InlineData("", null)]
    public void A_date_is_read_whatever_its_weekday(string text, long? seconds) =>
        Assert.Equal(seconds, HttpDate.Seconds(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { 0x41 }, 0x41, 1)]
    [InlineData(new byte[] { 0xd0, 0xb0 }, 0x430, 2)]
    [InlineData(new byte[] { 0xf0, 0x9f, 0x98, 0x80 }, 0x1f600, 4)]
    [InlineData(new byte[] { 0xd0 }, Utf8.Cut, 1)]
    [InlineData(new byte[] { 0xc0, 0x80 }, Utf8.Broken, 1)]
    [InlineData(new byte[] { 0xd0, 0x41 }, Utf8.Broken, 2)]
    [InlineData(new byte[] { 0xff, 0xff }, Utf8.Broken, 1)]
    public void A_character_is_read(byte[] bytes, int character, int used)
    {
        Assert.Equal(character, Utf8.Decode(bytes, out var count));
        if (character != Utf8.Cut)
            Assert.Equal(used, count);
    }

    [Fact]
    public void A_type_of_an_upstream_is_parted_from_its_charset()
    {
        var response = new Response();
        response.TakeType("text/html; a=b; charset=\"koi8-r\""u8);
        Assert.Equal("koi8-r", response.Charset);
        Assert.Equal("text/html; a=b", Encoding.ASCII.GetString(response.TypeAlone));
        Assert.Equal("text/html; a=b; charset=\"koi8-r\"", Encoding.ASCII.GetString(response.FullType!));
        response.StripCharset();
        response.Charset = "utf-8";
        Assert.Equal("text/html; a=b; charset=utf-8", Encoding.ASCII.GetString(response.FullType!));
    }

    [Fact]
    public void Pieces_are_cut_to_a_range()
    {
        var range = new BodyRange(3, 8, position: 1);
        Assert.True(range.Cut("1"u8).IsEmpty);
        Assert.Equal("345"u8.ToArray(), range.Cut("2345"u8).ToArray());
        Assert.Equal((10L, 2L), range.Cut(10, 5));
        Assert.True(range.Cut("x"u8).IsEmpty);
    }
}
