using System.Buffers.Text;
using System.Text;

namespace Microcosm.Http;

/// <summary>
/// How long a request's body is (RFC 9112 6), and whether its fields can be trusted to say so: two lengths, or a length and a coding, are
/// how requests are smuggled, and are refused.
/// </summary>
internal readonly record struct RequestFraming(Refusal Refusal, long ContentLength, bool IsChunked)
{
    // nginx' headers_in table: those it takes once only.
    private static readonly KnownHeader[] Unique =
    [
        KnownHeader.ContentLength, KnownHeader.TransferEncoding, KnownHeader.IfModifiedSince, KnownHeader.IfUnmodifiedSince,
        KnownHeader.IfMatch, KnownHeader.IfNoneMatch, KnownHeader.ContentRange, KnownHeader.IfRange, KnownHeader.Expect,
        KnownHeader.Authorization, KnownHeader.ProxyAuthorization,
    ];

    private static readonly ulong UniqueBits = Unique.Aggregate(0UL, (bits, h) => bits | 1UL << (int)h);

    /// <summary>By the fields of a request; a length of -1 is none.</summary>
    /// <param name="duplicate">Place of the field that stands twice.</param>
    public static RequestFraming Of(HttpVersion version, HeaderList headers, out int duplicate)
    {
        if (FindDuplicate(headers, out duplicate) is { } refusal and not Refusal.None)
            return new RequestFraming(refusal, -1, false);
        var host = headers.IndexOf(KnownHeader.Host);
        if (host < 0 && version > HttpVersion.Http10)
            return new RequestFraming(Refusal.MissingHost, -1, false);
        var length = -1L;
        var at = headers.IndexOf(KnownHeader.ContentLength);
        if (at >= 0 && !TryLength(headers[at].Value, out length))
            return new RequestFraming(Refusal.InvalidContentLength, -1, false);
        var coding = headers.IndexOf(KnownHeader.TransferEncoding);
        if (coding < 0)
            return new RequestFraming(Refusal.None, length, false);
        if (version < HttpVersion.Http11)
            return new RequestFraming(Refusal.TransferEncodingInHttp10, -1, false);
        if (!Ascii.EqualsIgnoreCase(headers[coding].Value, "chunked"u8))
            return new RequestFraming(Refusal.UnknownTransferEncoding, -1, false);
        return at >= 0
            ? new RequestFraming(Refusal.ContentLengthAndTransferEncoding, -1, false)
            : new RequestFraming(Refusal.None, -1, true);
    }

    /// <summary>A length in digits and nothing else, up to 2^63 - 1.</summary>
    public static bool TryLength(ReadOnlySpan<byte> value, out long length)
    {
        length = -1;
        return !value.IsEmpty && char.IsAsciiDigit((char)value[0]) && Utf8Parser.TryParse(value, out length, out var used)
            && used == value.Length;
    }

    private static Refusal FindDuplicate(HeaderList headers, out int duplicate)
    {
        var (seen, hasHost) = (0UL, false);
        for (duplicate = 0; duplicate < headers.Count; duplicate++)
        {
            var known = headers[duplicate].Known;
            if (known == KnownHeader.Host)
            {
                if (hasHost)
                    return Refusal.DuplicateHost;
                hasHost = true;
            }
            else if ((int)known < 64 && (UniqueBits >> (int)known & 1) != 0)
            {
                if ((seen >> (int)known & 1) != 0)
                    return Refusal.DuplicateHeader;
                seen |= 1UL << (int)known;
            }
        }
        duplicate = -1;
        return Refusal.None;
    }
}
