using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Nginx;

/// <summary>A socket's address: an IP address with a port, or the path of a unix socket.</summary>
internal sealed record Address(IPAddress? Ip, int Port, string? Path)
{
    public static Address Any(int port) => new(IPAddress.Any, port, null);

    public bool IsUnix => Path is not null;

    public EndPoint EndPoint => Path is null ? new IPEndPoint(Ip!, Port) : new UnixDomainSocketEndPoint(Path);

    /// <summary>Four decimal numbers; other spellings that .NET reads are none here.</summary>
    public static IPAddress? ParseIp4(ReadOnlySpan<char> text)
    {
        Span<byte> octets = stackalloc byte[4];
        var n = 0;
        foreach (var part in text.Split('.'))
        {
            if (n == 4 || Measures.Number(text[part]) is not { } octet || octet > 255)
                return null;
            octets[n++] = (byte)octet;
        }
        return n == 4 ? new IPAddress(octets) : null;
    }

    /// <summary>Without brackets and zone.</summary>
    public static IPAddress? ParseIp6(ReadOnlySpan<char> text) =>
        text.Contains(':') && text.IndexOfAny("%[]/") < 0 && IPAddress.TryParse(text, out var ip)
            && ip.AddressFamily == AddressFamily.InterNetworkV6 ? ip : null;

    /// <summary>An address without a port, of either family.</summary>
    public static IPAddress? ParseIp(ReadOnlySpan<char> text) =>
        ParseIp4(text) ?? ParseIp6(text.Length > 2 && text[0] == '[' && text[^1] == ']' ? text[1..^1] : text);

    /// <summary>As nginx prints it: <c>127.0.0.1:80</c>, <c>[::1]:80</c>, <c>unix:/path</c>.</summary>
    public override string ToString() => Path is not null ? $"unix:{Path}"
        : string.Create(CultureInfo.InvariantCulture, $"{HostText(Ip!)}:{Port}");

    /// <summary>A socket's address as nginx prints it.</summary>
    public static string TextOf(EndPoint endPoint) => endPoint is IPEndPoint ip
        ? string.Create(CultureInfo.InvariantCulture, $"{HostText(ip.Address)}:{ip.Port}") : "unix:";

    public static string HostText(IPAddress ip) => ip.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{ip}]" : ip.ToString();
}
