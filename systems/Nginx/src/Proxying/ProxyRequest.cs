using System.Buffers;
using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Makes the request that goes to an upstream server (ngx_http_proxy_create_request).</summary>
internal static class ProxyRequest
{
    /// <summary>
    /// The target: that of the client where nothing replaces it, else the path with the URL's in place of the location's, escaped where it
    /// had been unescaped.
    /// </summary>
    public static byte[] TargetOf(HttpRequest request, ProxyDestination destination)
    {
        var uri = Latin1.Bytes(destination.Uri);
        if (destination.HasVariables && uri.Length > 0)
            return uri;
        if (uri.Length == 0 && !request.IsUriChanged)
            return request.Exchange.RawTarget.ToArray();
        var target = new ArrayBufferWriter<byte>(request.Uri.Length + request.Arguments.Length + uri.Length + 8);
        var skipped = 0;
        if (request.IsLocationValid)
        {
            target.Write(uri);
            if (uri.Length > 0)
                skipped = Math.Min(destination.Location.Length, request.Uri.Length);
        }
        if (request.HasEscapedUri || request.IsInternal)
            UriEscape.Path(request.Uri[skipped..], target);
        else
            target.Write(request.Uri[skipped..]);
        if (!request.Arguments.IsEmpty)
        {
            target.Write("?"u8);
            target.Write(request.Arguments);
        }
        return target.WrittenSpan.ToArray();
    }

    /// <summary>The fields: host, those of proxy_set_header, then the client's.</summary>
    /// <param name="bodyLength">Bytes of the body; -1 where it is chunked.</param>
    public static void WriteFields(
        HttpRequest request, ProxySettings settings, ProxyDestination destination, long bodyLength, bool isForCache, HeaderList fields)
    {
        var host = settings.Host?.Evaluate(request.Values) ?? default;
        if (settings.Host is null || (host.IsEmpty && !settings.IsHttp10))
            host = Latin1.Bytes(destination.HostHeader);
        if (!host.IsEmpty)
            fields.Add(KnownHeader.Host, host.Span);
        foreach (var (name, value) in settings.Headers)
        {
            if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
                continue;
            var text = value.Evaluate(request.Values);
            if (!text.IsEmpty)
                fields.Add(Latin1.Bytes(name), text.Span);
        }
        foreach (var name in settings.Defaults)
            AddDefault(request, name, bodyLength, fields);
        if (isForCache)
            AddConditions(request, settings, fields);
        if (!settings.PassesHeaders)
            return;
        var headers = request.Exchange.RequestHeaders;
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            if (!settings.IsReplaced(field.Name, isForCache))
                fields.Add(field);
        }
    }

    // Whether what is in the cache still holds.
    private static void AddConditions(HttpRequest request, ProxySettings settings, HeaderList fields)
    {
        if (request.Upstream.Caching?.Revalidated is not { } head)
            return;
        Span<byte> date = stackalloc byte[29];
        if (head.LastModified >= 0 && !settings.IsGiven("If-Modified-Since"))
        {
            DateCache.Write(DateTimeOffset.FromUnixTimeSeconds(head.LastModified), date);
            fields.Add(KnownHeader.IfModifiedSince, date);
        }
        if (head.ETag.Length > 0 && !settings.IsGiven("If-None-Match"))
            fields.Add(KnownHeader.IfNoneMatch, head.ETag);
    }

    private static void AddDefault(HttpRequest request, string name, long bodyLength, HeaderList fields)
    {
        if (name == "Transfer-Encoding")
        {
            if (bodyLength < 0)
                fields.Add(KnownHeader.TransferEncoding, "chunked"u8);
        }
        else if (bodyLength > 0 || (bodyLength == 0
            && (request.Body is not null || request.Exchange.RequestHeaders.Contains(KnownHeader.ContentLength))))
        {
            fields.Add(KnownHeader.ContentLength, Latin1.Bytes(bodyLength.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
