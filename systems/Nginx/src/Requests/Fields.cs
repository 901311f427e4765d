using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>add_header and expires (nginx: ngx_http_headers_filter).</summary>
internal static class Fields
{
    private const long DaySeconds = 86_400;

    public static void Add(HttpRequest request)
    {
        var isUsual = IsUsual(request.Response.Status);
        if (isUsual)
            AddExpires(request, request.Level.Get(HeadersModule.Expires));
        foreach (var added in request.Level.Get(HeadersModule.Headers))
        {
            if (!isUsual && !added.Always)
                continue;
            var value = added.Value.Evaluate(request.Values);
            AddOne(request.Response, Latin1.Bytes(added.Name), value.Span);
        }
    }

    /// <summary>A status with which fields are added that are not for all.</summary>
    public static bool IsUsual(int status) => status is 200 or 201 or 204 or 206 or 301 or 302 or 303 or 304 or 307 or 308;

    private static void AddOne(Response response, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (KnownHeaders.Of(name))
        {
            // What nginx keeps apart is replaced, or taken away by nothing.
            case KnownHeader.ETag:
                response.ETag = value.IsEmpty ? null : value.ToArray();
                break;
            case KnownHeader.LastModified:
                response.LastModified = Conditions.Seconds(value);
                if (response.LastModified is null && !value.IsEmpty)
                    response.Headers.Add(KnownHeader.LastModified, value);
                break;
            default:
                if (!value.IsEmpty)
                    response.Headers.Add(name, value);
                break;
        }
    }

    private static void AddExpires(HttpRequest request, Expires expires)
    {
        if (expires.Value is { } value)
        {
            var text = Latin1.Text(value.Evaluate(request.Values).Span);
            expires = text.Length == 0 ? new Expires(ExpiresKind.Off, 0, null)
                : Expires.Parse(text, expires.Kind, out _) ?? new Expires(ExpiresKind.Off, 0, null);
        }
        if (expires.Kind == ExpiresKind.Off)
            return;
        var headers = request.Response.Headers;
        headers.Remove(KnownHeader.Expires);
        headers.Remove(KnownHeader.CacheControl);
        if (expires.Kind == ExpiresKind.Epoch)
        {
            headers.Add(KnownHeader.Expires, "Thu, 01 Jan 1970 00:00:01 GMT"u8);
            headers.Add(KnownHeader.CacheControl, "no-cache"u8);
            return;
        }
        if (expires.Kind == ExpiresKind.Max)
        {
            headers.Add(KnownHeader.Expires, "Thu, 31 Dec 2037 23:55:55 GMT"u8);
            headers.Add(KnownHeader.CacheControl, "max-age=315360000"u8);
            return;
        }
        var now = request.Worker.Http.Clock.GetUtcNow();
        if (expires.Kind == ExpiresKind.Modified && request.Response.LastModified is null)
            return;
        var age = expires.Kind switch
        {
            ExpiresKind.Modified => request.Response.LastModified!.Value + expires.Seconds - now.ToUnixTimeSeconds(),
            ExpiresKind.Daily =>
                (expires.Seconds - (long)request.Worker.Http.Clock.GetLocalNow().TimeOfDay.TotalSeconds + DaySeconds) % DaySeconds,
            _ => expires.Seconds,
        };
        Span<byte> date = stackalloc byte[29];
        DateCache.Write(now.AddSeconds(age), date);
        headers.Add(KnownHeader.Expires, date);
        headers.Add(KnownHeader.CacheControl, age < 0 ? "no-cache"u8 : Latin1.Bytes(FormattableString.Invariant($"max-age={age}")));
    }
}
