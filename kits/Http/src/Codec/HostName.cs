using System.Buffers;
using System.Text;

namespace Microcosm.Http;

/// <summary>The host of a request, checked as nginx does (ngx_http_validate_host).</summary>
public static class HostName
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("!$%&'()*+,-.0123456789;=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"u8);

    private static readonly SearchValues<byte> LiteralBytes =
        SearchValues.Create("!$&'()*+,-.0123456789:;=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"u8);

    /// <summary>
    /// Takes a host with or without a port apart. False: a byte that is not allowed, two dots side by side, a bracket that is not closed, a
    /// port above 65,535, or nothing.
    /// </summary>
    /// <param name="name">The host in lower case, without port and final dot.</param>
    /// <param name="lower">Room for the host, as long as <paramref name="host"/>.</param>
    /// <param name="port">0 where there is none.</param>
    public static bool TryParse(ReadOnlySpan<byte> host, Span<byte> lower, out ReadOnlySpan<byte> name, out int port)
    {
        name = default;
        port = 0;
        if (host.IsEmpty)
            return false;
        var isLiteral = host[0] == (byte)'[';
        var end = isLiteral ? host.IndexOf((byte)']') + 1 : host.IndexOf((byte)':');
        if (end < 0)
            end = host.Length;
        var bytes = host[..end];
        if (isLiteral && end == 0)
            return false;
        var inner = isLiteral ? bytes[1..^1] : bytes;
        if (inner.ContainsAnyExcept(isLiteral ? LiteralBytes : NameBytes) || bytes.IndexOf(".."u8) >= 0)
            return false;
        if (end < host.Length && (host[end] != (byte)':' || !TryPort(host[(end + 1)..], out port)))
            return false;
        if (bytes.Length > 0 && bytes[^1] == (byte)'.')
            bytes = bytes[..^1];
        if (bytes.IsEmpty)
            return false;
        Ascii.ToLower(bytes, lower, out var length);
        name = lower[..length];
        return true;
    }

    private static bool TryPort(ReadOnlySpan<byte> digits, out int port)
    {
        port = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            port = port * 10 + (digit - '0');
            if (port > 65535)
                return false;
        }
        return true;
    }
}
