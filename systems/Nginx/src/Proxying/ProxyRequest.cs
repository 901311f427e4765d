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

    /// <summary>Sends the request with its body, or with what there is of one that comes as it is sent.</summary>
    public static void Send(HttpRequest request, ProxySettings settings, byte[] target, StreamedBody? streamed, UpstreamExchange upstream)
    {
        var set = settings.SetBody?.Evaluate(request.Values) ?? default;
        var length = settings.SetBody is not null ? set.Length : request.Body?.Length ?? request.Exchange.RequestLength;
        var destination = request.Upstream.Destination!;
        var caching = request.Upstream.Caching is { IsCacheable: true } cacheable ? cacheable : null;
        var fields = new HeaderList();
        WriteFields(request, settings, destination, length, isForCache: caching is not null, fields);
        var (method, name) = MethodOf(request, settings, caching);
        var isWithoutBody = streamed is null && (settings.SetBody is not null ? length == 0
            : !settings.PassesBody || request.Body is not { Length: > 0 });
        upstream.Send(new UpstreamRequest
        {
            Method = method, MethodName = name, Target = target, Headers = fields, IsHttp10 = settings.IsHttp10, IsChunked = length < 0,
            Authority = settings.Host is null ? Latin1.Bytes(destination.HostHeader) : default, HasNoBody = isWithoutBody,
        });
        fields.Clear();
        if (streamed is not null)
        {
            streamed.SendTo(upstream);
            return;
        }
        if (settings.SetBody is not null)
            upstream.Write(set.Span);
        else if (settings.PassesBody)
            request.Body?.WriteTo(upstream);
        upstream.End();
    }

    private static (HttpMethod Method, byte[] Name) MethodOf(HttpRequest request, ProxySettings settings, ProxyCaching? caching)
    {
        if (caching is { AsksByGet: true })
            return (HttpMethod.Get, "GET"u8.ToArray());
        if (settings.Method is not { } value)
            return (request.Method, request.MethodName);
        var name = value.Evaluate(request.Values).ToArray();
        return (HttpMethods.Of(name), name);
    }

    // Host, those of proxy_set_header, then the client's. A length of -1: the body is chunked.
    private static void WriteFields(
        HttpRequest request, ProxySettings settings, ProxyDestination destination, long bodyLength, bool isForCache, HeaderList fields)
    {
        var host = settings.Host?.Evaluate(request.Values) ?? default;
        // HTTP/2 has a place of its own for it.
        if (!settings.Options.IsHttp2 && (settings.Host is null || (host.IsEmpty && !settings.IsHttp10)))
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
        else if (name == "TE")
        {
            if (WantsTrailers(request.Exchange.RequestHeaders))
                fields.Add(KnownHeader.Te, "trailers"u8);
        }
        else if (bodyLength > 0 || (bodyLength == 0
            && (request.Body is not null || request.Exchange.RequestHeaders.Contains(KnownHeader.ContentLength))))
        {
            fields.Add(KnownHeader.ContentLength, Latin1.Bytes(bodyLength.ToString(CultureInfo.InvariantCulture)));
        }
    }

    // gRPC servers insist on being told.
    private static bool WantsTrailers(HeaderList headers)
    {
        for (var at = headers.IndexOf(KnownHeader.Te); at >= 0; at = headers.IndexOf(KnownHeader.Te, at + 1))
        {
            if (Tokens.Contains(headers[at].Value, "trailers"u8))
                return true;
        }
        return false;
    }
}
