using System.Net;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>PROXY protocol headers of both versions, whole, in parts and broken.</summary>
public sealed class ProxyProtocolTests
{
    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\r\nGET", "192.0.2.1:123 192.0.2.2:5678")]
    [InlineData("PROXY TCP6 2001:Db8::1 2001:Db8::2 123 5678\r\n", "2001:Db8::1:123 2001:Db8::2:5678")]
    [InlineData("PROXY UNKNOWN whatever\r\nGET", "")]
    [InlineData(Signature + "\x21\x11\0\x0c\x0a\0\0\x01\x0a\0\0\x02\0\x50\x01\x02", "10.0.0.1:80 10.0.0.2:258")]
    [InlineData(Signature + "\x20\x11\0\0", "")]
    public void A_header_tells_both_ends(string text, string ends)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var length = ProxyProtocolParser.Read(bytes, out var header, out var error);
        Assert.Null(error);
        Assert.Equal(text.EndsWith("GET", StringComparison.Ordinal) ? text.Length - 3 : text.Length, length);
        Assert.Equal(ends, header is null ? ""
            : $"{header.SourceAddress}:{header.SourcePort} {header.DestinationAddress}:{header.DestinationPort}");
        for (var part = 0; part < length; part++)
        {
            Assert.Equal(0, ProxyProtocolParser.Read(bytes.AsSpan(0, part), out header, out error));
            Assert.Equal((null, null), (header, error));
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "broken header: \"GET / HTTP/1.1\"")]
    [InlineData("PROXY TCP5 1.1.1.1 2.2.2.2 1 2\r\n", "broken header: \"PROXY TCP5 1.1.1.1 2.2.2.2 1 2\"")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n", "broken header: \"PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\"")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n", "broken header: \"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\"")]
    [InlineData(Signature + "\x31\x11\0\0", "unknown PROXY protocol version: 3")]
    public void What_is_no_header_is_told(string text, string message)
    {
        Assert.Equal(0, ProxyProtocolParser.Read(Encoding.Latin1.GetBytes(text), out var header, out var error));
        Assert.Equal((null, message), (header, error));
    }

    [Theory]
    [InlineData("192.0.2.1:1", "192.0.2.2:258", "192.0.2.1:1 192.0.2.2:258")]
    [InlineData("[2001:db8::1]:1", "[2001:db8::2]:80", "2001:db8::1:1 2001:db8::2:80")]
    [InlineData("192.0.2.1:1", null, "")]
    [InlineData(null, null, "")]
    public void What_is_written_can_be_read(string? client, string? local, string ends)
    {
        var (from, to) = (client is null ? null : IPEndPoint.Parse(client), local is null ? null : IPEndPoint.Parse(local));
        foreach (var bytes in new[] { ProxyProtocolHeader.Text(from, to), ProxyProtocolHeader.Binary(from, to) })
        {
            Assert.Equal(bytes.Length, ProxyProtocolParser.Read(bytes, out var header, out _));
            Assert.Equal(ends, header is null ? ""
                : $"{header.SourceAddress}:{header.SourcePort} {header.DestinationAddress}:{header.DestinationPort}");
        }
    }

    [Theory]
    [InlineData("authority", "host")]
    [InlineData("0x02", "host")]
    [InlineData("0x0002", "host")]
    [InlineData("ssl_verify", "255")]
    [InlineData("ssl_cn", "me")]
    [InlineData("ssl_0x22", "me")]
    [InlineData("alpn", null)]
    [InlineData("nothing", null)]
    public void Its_values_have_names(string name, string? value)
    {
        var tlvs = Encoding.Latin1.GetBytes("\x02\0\x04host\x20\0\x0a\x01\0\0\0\xff\x22\0\x02me");
        var header = new ProxyProtocol("", 0, "", 0, tlvs);
        Assert.Equal(value is not null, header.TryFind(name, out var found));
        Assert.Equal(value ?? "", Encoding.Latin1.GetString(found.Span));
    }
}
