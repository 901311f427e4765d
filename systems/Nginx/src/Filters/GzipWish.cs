using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Whether a client gets compressed bodies (ngx_http_gzip_ok).</summary>
internal static class GzipWish
{
    // Places of the words of gzip_proxied.
    private const long Off = 1 << 0;
    private const long Expired = 1 << 1;
    private const long NoCache = 1 << 2;
    private const long NoStore = 1 << 3;
    private const long Private = 1 << 4;
    private const long NoLastModified = 1 << 5;
    private const long NoETag = 1 << 6;
    private const long Auth = 1 << 7;
    private const long Any = 1 << 8;

    public static bool IsWanted(HttpRequest request)
    {
        var (headers, level) = (request.Exchange.RequestHeaders, request.Level);
        var agent = headers[KnownHeader.UserAgent];
        return request.Parent is null && Accepts(headers[KnownHeader.AcceptEncoding], "gzip")
            && !(level.Get(GzipModules.GzipDisableMsie6) && IsMsie6(agent))
            && request.Exchange.Version >= (level.Get(GzipModules.GzipHttpVersion) == HttpVersion.Http11
                ? Http.HttpVersion.Http11 : Http.HttpVersion.Http10)
            && (!headers.Contains(KnownHeader.Via) || IsProxied(request, level.Get(GzipModules.GzipProxied)))
            && !IsDisabled(level, agent);
    }

    /// <summary>Whether the first such encoding of an Accept-Encoding has a weight above nothing.</summary>
    public static bool Accepts(ReadOnlySpan<byte> encodings, string encoding)
    {
        var text = Latin1.Text(encodings);
        for (var at = 0; (at = text.IndexOf(encoding, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += encoding.Length)
        {
            if (at == 0 || text[at - 1] is ',' or ' ')
                return HasWeight(text.AsSpan(at + encoding.Length).TrimStart(' '));
        }
        return false;
    }

    // What stands behind the word: nothing, another word, or "q=" with 0 or 1 and up to three digits.
    private static bool HasWeight(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == ',')
            return true;
        if (text[0] != ';')
            return false;
        text = text[1..].TrimStart(' ');
        if (text.IsEmpty)
            return true;
        if (text.Length < 3 || (text[0] | 0x20) != 'q' || text[1] != '=' || text[2] is not ('0' or '1'))
            return false;
        var weight = (text[2] - '0') * 100;
        var rest = text[3..];
        if (rest.IsEmpty || rest[0] is ',' or ' ')
            return weight > 0;
        if (rest[0] != '.')
            return false;
        var digits = 0;
        foreach (var c in rest[1..])
        {
            if (c is ',' or ' ')
                break;
            if (!char.IsAsciiDigit(c) || ++digits > 3)
                return false;
            weight += c - '0';
        }
        return weight is > 0 and <= 100;
    }

    private static bool IsProxied(HttpRequest request, long mask)
    {
        var response = request.Response;
        if ((mask & Off) != 0)
            return false;
        if ((mask & Any) != 0 || ((mask & Auth) != 0 && request.Exchange.RequestHeaders.Contains(KnownHeader.Authorization)))
            return true;
        if (response.Headers.IndexOf(KnownHeader.Expires) is >= 0 and var expires)
        {
            if ((mask & Expired) == 0 || Conditions.Seconds(response.Headers[expires].Value) is not { } until)
                return false;
            var date = response.Headers.IndexOf(KnownHeader.Date);
            return until < (date >= 0 ? Conditions.Seconds(response.Headers[date].Value) : null)
                .GetValueOrDefault(request.Worker.Http.Clock.GetUtcNow().ToUnixTimeSeconds());
        }
        if (response.Headers.Contains(KnownHeader.CacheControl))
        {
            return ((mask & NoCache) != 0 && HasDirective(response.Headers, "no-cache"))
                || ((mask & NoStore) != 0 && HasDirective(response.Headers, "no-store"))
                || ((mask & Private) != 0 && HasDirective(response.Headers, "private"));
        }
        // The time of a file is no field yet.
        return !((mask & NoLastModified) != 0 && response.Headers.Contains(KnownHeader.LastModified))
            && !((mask & NoETag) != 0 && response.ETag is not null);
    }

    private static bool HasDirective(HeaderList headers, string name)
    {
        for (var at = headers.IndexOf(KnownHeader.CacheControl); at >= 0; at = headers.IndexOf(KnownHeader.CacheControl, at + 1))
        {
            if (Latin1.Text(headers[at].Value).Contains(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static bool IsDisabled(Level level, ReadOnlySpan<byte> agent)
    {
        foreach (var pattern in level.Get(GzipModules.GzipDisable))
        {
            if (pattern.IsMatch(agent))
                return true;
        }
        return false;
    }

    // Internet Explorer 4 to 6, but not 6 of Windows XP SP2.
    private static bool IsMsie6(ReadOnlySpan<byte> agent)
    {
        var at = agent.IndexOf("MSIE "u8);
        if (at < 0 || at + 7 >= agent.Length || agent[at + 6] != '.' || agent.IndexOf("Opera"u8) >= 0)
            return false;
        return agent[at + 5] is (byte)'4' or (byte)'5' || (agent[at + 5] == '6' && agent[(at + 8)..].IndexOf("SV1"u8) < 0);
    }
}
