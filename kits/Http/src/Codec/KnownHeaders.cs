using System.Text;

namespace Microcosm.Http;

/// <summary>Known names, as peers write them.</summary>
public static class KnownHeaders
{
    private static readonly byte[][] Names =
    [
        [],
        [.. "Accept"u8], [.. "Accept-Charset"u8], [.. "Accept-Encoding"u8], [.. "Accept-Language"u8], [.. "Accept-Ranges"u8],
        [.. "Age"u8], [.. "Allow"u8], [.. "Authorization"u8], [.. "Cache-Control"u8], [.. "Connection"u8], [.. "Content-Disposition"u8],
        [.. "Content-Encoding"u8], [.. "Content-Language"u8], [.. "Content-Length"u8], [.. "Content-Location"u8],
        [.. "Content-Range"u8], [.. "Content-Type"u8], [.. "Cookie"u8], [.. "Date"u8], [.. "Destination"u8], [.. "Depth"u8],
        [.. "ETag"u8], [.. "Expect"u8], [.. "Expires"u8], [.. "Forwarded"u8], [.. "Host"u8], [.. "If-Match"u8],
        [.. "If-Modified-Since"u8], [.. "If-None-Match"u8], [.. "If-Range"u8], [.. "If-Unmodified-Since"u8], [.. "Keep-Alive"u8],
        [.. "Last-Modified"u8], [.. "Link"u8], [.. "Location"u8], [.. "Origin"u8], [.. "Overwrite"u8], [.. "P3P"u8], [.. "Pragma"u8],
        [.. "Proxy-Authenticate"u8], [.. "Proxy-Authorization"u8], [.. "Proxy-Connection"u8], [.. "Range"u8], [.. "Referer"u8],
        [.. "Refresh"u8], [.. "Retry-After"u8], [.. "Sec-WebSocket-Key"u8], [.. "Server"u8], [.. "Set-Cookie"u8],
        [.. "Strict-Transport-Security"u8], [.. "TE"u8], [.. "Trailer"u8], [.. "Transfer-Encoding"u8], [.. "Upgrade"u8],
        [.. "User-Agent"u8], [.. "Vary"u8], [.. "Via"u8], [.. "WWW-Authenticate"u8], [.. "X-Accel-Buffering"u8],
        [.. "X-Accel-Charset"u8], [.. "X-Accel-Expires"u8], [.. "X-Accel-Limit-Rate"u8], [.. "X-Accel-Redirect"u8],
        [.. "X-Forwarded-For"u8], [.. "X-Forwarded-Proto"u8], [.. "X-Pad"u8], [.. "X-Real-IP"u8], [.. "X-Request-Id"u8],
    ];

    // By length: the known names of that length.
    private static readonly KnownHeader[][] ByLength = [.. Enumerable.Range(0, Names.Max(n => n.Length) + 1).Select(length =>
        Enumerable.Range(1, Names.Length - 1).Where(i => Names[i].Length == length).Select(i => (KnownHeader)i).ToArray())];

    /// <summary>The known name that this is, in whatever case.</summary>
    public static KnownHeader Of(ReadOnlySpan<byte> name)
    {
        if ((uint)name.Length >= (uint)ByLength.Length)
            return KnownHeader.Other;
        foreach (var candidate in ByLength[name.Length])
        {
            var known = Names[(int)candidate];
            if (((known[0] ^ name[0]) & ~0x20) == 0 && Ascii.EqualsIgnoreCase(known, name))
                return candidate;
        }
        return KnownHeader.Other;
    }

    /// <summary>The usual spelling; empty for <see cref="KnownHeader.Other"/>.</summary>
    public static ReadOnlySpan<byte> Name(KnownHeader header) => Names[(int)header];
}
