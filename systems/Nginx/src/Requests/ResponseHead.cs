using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Writes the head of a response in nginx' order (ngx_http_header_filter).</summary>
internal static class ResponseHead
{
    /// <summary>Makes it, for <see cref="Send"/>.</summary>
    public static void Write(HttpRequest request)
    {
        var (exchange, response) = (request.Exchange, request.Response);
        var headers = exchange.ResponseHeaders;
        request.IsAnswered = true;
        if (request.LoggedStatus == 0)
            request.LoggedStatus = response.Status;
        if (!response.HidesServer && !response.Headers.Contains(KnownHeader.Server))
            headers.Add(KnownHeader.Server, ServerToken.Bytes(request.Level));
        if (!response.HidesDate && !response.Headers.Contains(KnownHeader.Date))
            headers.Add(KnownHeader.Date, request.Worker.Http.Date.Now);
        if (response.FullType is { } type)
            headers.Add(KnownHeader.ContentType, type);
        if (response.ContentLength >= 0 && response.Status is not (204 or 304))
            headers.Add(KnownHeader.ContentLength, response.ContentLength);
        if (response.LastModified is { } modified && !response.Headers.Contains(KnownHeader.LastModified))
        {
            Span<byte> text = stackalloc byte[29];
            DateCache.Write(DateTimeOffset.FromUnixTimeSeconds(modified), text);
            headers.Add(KnownHeader.LastModified, text);
        }
        if (response.Location is { } location)
            headers.Add(KnownHeader.Location, Redirects.Absolute(request, location));
        exchange.FramingIndex = headers.Count;
        if (response.VariesByEncoding && request.Level.Get(GzipModules.GzipVary))
            headers.Add(KnownHeader.Vary, "Accept-Encoding"u8);
        var place = Math.Min(response.ETagPlace, response.Headers.Count);
        for (var i = 0; i < place; i++)
            headers.Add(response.Headers[i]);
        if (response.ETag is { } tag)
            headers.Add(KnownHeader.ETag, tag);
        for (var i = place; i < response.Headers.Count; i++)
            headers.Add(response.Headers[i]);
    }

    /// <summary>Lets it go.</summary>
    public static void Send(HttpRequest request)
    {
        var response = request.Response;
        var length = response.Status is 204 or 304 ? 0 : response.ContentLength;
        var reason = response.StatusLine is [_, _, _, _, .. var words] ? words : StatusLines.Of(response.Status);
        request.Exchange.Respond(response.Status, length, reason);
    }
}
