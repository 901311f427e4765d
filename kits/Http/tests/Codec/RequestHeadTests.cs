using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Request heads, as nginx 1.22 and later take them.</summary>
public sealed class RequestHeadTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\n\n", "Get Origin / 1001")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "Get Origin / 1001")]
    [InlineData("GET   /a?b#c   HTTP/1.0  \r\n\r\n", "Get Origin /a?b#c 1000")]
    [InlineData("GET /\xe4\xf6%zz HTTP/1.1\r\n\r\n", "Get Origin /\xe4\xf6%zz 1001")]
    [InlineData("GET / HTTP/1.12\r\n\r\n", "Get Origin / 1012")]
    [InlineData("GET /\r\n", "Get Origin / 9")]
    [InlineData("GET /   \n", "Get Origin / 9")]
    [InlineData("A-B_C / HTTP/1.1\r\n\r\n", "Other Origin / 1001")]
    [InlineData("GET http://h/p?q HTTP/1.1\r\n\r\n", "Get Absolute http h /p?q 1001")]
    [InlineData("GET HTTP://H:80?q HTTP/1.1\r\n\r\n", "Get Absolute HTTP H:80 ?q 1001")]
    [InlineData("GET x+y.z-1://[::1]:8080 HTTP/1.1\r\n\r\n", "Get Absolute x+y.z-1 [::1]:8080 / 1001")]
    [InlineData("GET http:/// HTTP/1.1\r\n\r\n", "Get Absolute http / 1001")]
    [InlineData("CONNECT h:443 HTTP/1.1\r\n\r\n", "Connect Authority h:443 / 1001")]
    [InlineData("CONNECT [::1]:443 HTTP/1.1\r\n\r\n", "Connect Authority [::1]:443 / 1001")]
    public void Request_lines_are_taken_apart(string head, string parts) => Assert.Equal(parts, Line(head));

    [Theory]
    [InlineData("gET / HTTP/1.1\r\n", HeadStatus.InvalidMethod)]
    [InlineData(" GET / HTTP/1.1\r\n", HeadStatus.InvalidMethod)]
    [InlineData("GE\rT / HTTP/1.1\r\n", HeadStatus.InvalidMethod)]
    [InlineData("GET x", HeadStatus.NeedMore)]
    [InlineData("GET x/", HeadStatus.InvalidRequest)]
    [InlineData("GET * HTTP/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET /a b HTTP/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET /\x01", HeadStatus.InvalidRequest)]
    [InlineData("GET /\x7f", HeadStatus.InvalidRequest)]
    [InlineData("GET /\t", HeadStatus.InvalidRequest)]
    [InlineData("GET /\0", HeadStatus.InvalidRequest)]
    [InlineData("GET /\rX", HeadStatus.InvalidRequest)]
    [InlineData("GET / HTTQ", HeadStatus.InvalidRequest)]
    [InlineData("GET / http/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET / HTTP/0.9\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET / HTTP/1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET / HTTP/1.\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET / HTTP/2", HeadStatus.InvalidVersion)]
    [InlineData("GET / HTTP/10", HeadStatus.InvalidVersion)]
    [InlineData("GET / HTTP/1.1x", HeadStatus.InvalidRequest)]
    [InlineData("GET / HTTP/1.1 x", HeadStatus.InvalidRequest)]
    [InlineData("GET / HTTP/1.1\rx", HeadStatus.InvalidRequest)]
    [InlineData("GET / HTTP/1.1000\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET http:/h/ HTTP/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET http://h_/ HTTP/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET http://[::1/ HTTP/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("GET http://h:8x/ HTTP/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("CONNECT h HTTP/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("CONNECT h: HTTP/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("CONNECT h:1/ HTTP/1.1\r\n", HeadStatus.InvalidRequest)]
    [InlineData("HEAD /\r\n", HeadStatus.InvalidHttp09Method)]
    public void What_is_no_request_line_is_known_at_its_first_wrong_byte(string head, object status) =>
        Assert.Equal(status, Parse(head, out _, out _));

    [Theory]
    [InlineData("A: b\r\n", "A=b")]
    [InlineData("A:b\n", "A=b")]
    [InlineData("A:   b c  \r\n", "A=b c")]
    [InlineData("A:\r\n", "A=")]
    [InlineData("A:   \r\n", "A=")]
    [InlineData("A\r\n", "A=")]
    [InlineData("A\n", "A=")]
    [InlineData("A: b\r\r\n", "A=b")]
    [InlineData("A: \tb\t\r\n", "A=\tb\t")]
    [InlineData("A: b\x01\x7f\xff\r\n", "A=b\x01\x7f\xff")]
    [InlineData("A: b:c\r\nB: d\r\n", "A=b:c B=d")]
    [InlineData("a_b: c\r\n", "a_b=c(Underscore)")]
    [InlineData("_: c\r\n", "_=c(Underscore)")]
    [InlineData("a@b: c\r\n", "a@b=c(InvalidName)")]
    [InlineData("\xe4: c\r\n", "\xe4=c(InvalidName)")]
    public void Fields_are_taken_apart(string lines, string fields)
    {
        Assert.Equal(HeadStatus.Done, Parse("GET / HTTP/1.1\r\n" + lines + "\r\n", out _, out var headers));
        var found = Enumerable.Range(0, headers.Count).Select(i =>
            $"{Text(headers[i].Name)}={Text(headers[i].Value)}{(headers[i].Flags == 0 ? "" : $"({headers[i].Flags})")}");
        Assert.Equal(fields, string.Join(' ', found));
    }

    [Theory]
    [InlineData(" A: b\r\n")]
    [InlineData("\tA: b\r\n")]
    [InlineData(": b\r\n")]
    [InlineData("A : b\r\n")]
    [InlineData("A\0: b\r\n")]
    [InlineData("A\x7f: b\r\n")]
    [InlineData("A\x01: b\r\n")]
    [InlineData("A: b\0\r\n")]
    [InlineData("A:\0b\r\n")]
    [InlineData("A: b  \0\r\n")]
    [InlineData("A: b\rc\r\n")]
    [InlineData("A: b\r\n c\r\n")]
    [InlineData("\rX")]
    public void What_is_no_field_is_refused(string lines) =>
        Assert.Equal(HeadStatus.InvalidHeader, Parse("GET / HTTP/1.1\r\n" + lines + "\r\n", out _, out _));

    [Fact]
    public void So_many_fields_and_no_more()
    {
        var head = "GET / HTTP/1.1\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", 3));
        Assert.Equal(HeadStatus.Done, Parse(head + "\r\n", out _, out _, new HeadLimits(HeadersMax: 3)));
        Assert.Equal(HeadStatus.TooManyHeaders, Parse(head + "\r\n", out _, out _, new HeadLimits(HeadersMax: 2)));
    }

    [Fact]
    public void A_head_in_two_parts_is_the_head_at_every_split()
    {
        const string head = "POST http://h:1/p?q HTTP/1.1  \r\nHost: h\r\nA:  b c \r\na_b\r\nC:\r\n\r\nrest";
        Parse(head, out var whole, out var expected);
        for (var split = 1; split < whole; split++)
        {
            var parser = new RequestHeadParser();
            var headers = new HeaderList();
            parser.Begin(HeadLimits.Default, takesAsterisk: false);
            Assert.Equal(HeadStatus.NeedMore, parser.Parse(Encoding.Latin1.GetBytes(head[..split]), headers));
            Assert.Equal(HeadStatus.Done, parser.Parse(Encoding.Latin1.GetBytes(head), headers));
            Assert.Equal(whole, parser.Parsed);
            Assert.Equal(All(expected), All(headers));
            Assert.Equal("http://h:1/p?q", head[parser.Line.Scheme..parser.Line.TargetEnd]);
        }
    }

    [Fact]
    public void OPTIONS_may_ask_about_the_server()
    {
        var parser = new RequestHeadParser();
        parser.Begin(HeadLimits.Default, takesAsterisk: true);
        Assert.Equal(HeadStatus.Done, parser.Parse("OPTIONS * HTTP/1.1\r\n\r\n"u8, new HeaderList()));
        Assert.Equal(TargetForm.Asterisk, parser.Line.Form);
        parser.Begin(HeadLimits.Default, takesAsterisk: true);
        Assert.Equal(HeadStatus.InvalidRequest, parser.Parse("GET * HTTP/1.1\r\n\r\n"u8, new HeaderList()));
    }

    private static HeadStatus Parse(string head, out int parsed, out HeaderList headers, HeadLimits? limits = null)
    {
        var parser = new RequestHeadParser();
        headers = new HeaderList();
        parser.Begin(limits ?? HeadLimits.Default, takesAsterisk: false);
        var status = parser.Parse(Encoding.Latin1.GetBytes(head), headers);
        parsed = parser.Parsed;
        return status;
    }

    private static string Line(string head)
    {
        var parser = new RequestHeadParser();
        parser.Begin(HeadLimits.Default, takesAsterisk: false);
        Assert.Equal(HeadStatus.Done, parser.Parse(Encoding.Latin1.GetBytes(head), new HeaderList()));
        var line = parser.Line;
        string?[] parts =
        [
            line.Method.ToString(), line.Form.ToString(), Part(line.Scheme, line.SchemeEnd), Part(line.Host, line.HostEnd),
            Part(line.Target, line.TargetEnd), line.Version.Value.ToString(),
        ];
        return string.Join(' ', parts.Where(p => p is not null));

        string? Part(int start, int end) => end > start ? head[start..end] : null;
    }

    private static string All(HeaderList headers) => string.Join('|', Enumerable.Range(0, headers.Count).Select(i =>
        $"{Text(headers[i].Name)}={Text(headers[i].Value)}={headers[i].Known}={headers[i].Flags}"));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
