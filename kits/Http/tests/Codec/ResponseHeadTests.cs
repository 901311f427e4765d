using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Response heads.</summary>
public sealed class ResponseHeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 1001, 200, "200 OK")]
    [InlineData("HTTP/1.0 404\r\n\r\n", 1000, 404, "404")]
    [InlineData("HTTP/1.1 200\n\n", 1001, 200, "200")]
    [InlineData("HTTP/1.1 403.2 No\r\n\r\n", 1001, 403, "403.2 No")]
    [InlineData("HTTP/1.1   503 Busy, sorry\r\n\r\n", 1001, 503, "503 Busy, sorry")]
    public void Status_lines_are_taken_apart(string head, int version, int status, string words)
    {
        for (var split = 0; split < head.Length; split++)
        {
            var parser = new ResponseHeadParser();
            parser.Begin(HeadLimits.Default);
            var headers = new HeaderList();
            Assert.Equal(HeadStatus.NeedMore, parser.Parse(Encoding.Latin1.GetBytes(head[..split]), headers));
            Assert.Equal(HeadStatus.Done, parser.Parse(Encoding.Latin1.GetBytes(head), headers));
            Assert.Equal((version, status), (parser.Line.Version.Value, parser.Line.Status));
            Assert.Equal(words, head[parser.Line.Code..parser.Line.End]);
            Assert.Equal(head.Length, parser.Parsed);
        }
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("HTTP 200 OK\r\n")]
    [InlineData("HTTP/ 200 OK\r\n")]
    [InlineData("HTTP/0.9 200 OK\r\n")]
    [InlineData("HTTP/1 200 OK\r\n")]
    [InlineData("HTTP/1.x 200 OK\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n")]
    [InlineData("HTTP/1.1 20\r\n")]
    [InlineData("HTTP/1.1 2000\r\n")]
    [InlineData("HTTP/1.1 200 OK\rX")]
    public void What_is_no_status_line_is_refused(string head)
    {
        var parser = new ResponseHeadParser();
        parser.Begin(HeadLimits.Default);
        Assert.Equal(HeadStatus.InvalidStatusLine, parser.Parse(Encoding.Latin1.GetBytes(head), new HeaderList()));
    }

    [Fact]
    public void A_status_line_among_the_fields_is_passed_over()
    {
        var parser = new ResponseHeadParser();
        parser.Begin(HeadLimits.Default);
        var headers = new HeaderList();
        Assert.Equal(HeadStatus.Done, parser.Parse("HTTP/1.1 200 OK\r\nA: b\r\nHTTP/1.1 200 OK\r\nC: d\r\n\r\n"u8, headers));
        Assert.Equal(2, headers.Count);
        Assert.Equal("C"u8, headers[1].Name);
    }
}
