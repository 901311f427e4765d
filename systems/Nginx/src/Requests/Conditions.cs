using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Conditional requests (nginx: ngx_http_not_modified_filter; RFC 9110 section 13).</summary>
internal static class Conditions
{
    /// <summary>0: the response goes on as it is. 304: it has not been modified. 412: a precondition fails.</summary>
    public static int Check(HttpRequest request)
    {
        var (response, headers) = (request.Response, request.Exchange.RequestHeaders);
        if (response.Status != 200)
            return 0;
        if (headers.IndexOf(KnownHeader.IfUnmodifiedSince) is >= 0 and var unmodified
            && IsModifiedSince(response, headers[unmodified].Value))
            return 412;
        if (headers.IndexOf(KnownHeader.IfMatch) is >= 0 and var match && !Matches(response, headers[match].Value, isWeak: false))
            return 412;
        var (since, none) = (headers.IndexOf(KnownHeader.IfModifiedSince), headers.IndexOf(KnownHeader.IfNoneMatch));
        if (since < 0 && none < 0)
            return 0;
        if (since >= 0 && !IsUnchanged(request, headers[since].Value))
            return 0;
        return none >= 0 && !Matches(response, headers[none].Value, isWeak: true) ? 0 : 304;
    }

    /// <summary>Makes the response one that says only that nothing changed.</summary>
    public static IReadOnlyList<BodyPart> NotModified(Response response)
    {
        (response.Status, response.ContentType, response.ContentLength, response.AllowsRanges) = (304, null, -1, false);
        (response.Charset, response.StatusLine) = (null, null);
        response.Headers.Remove(KnownHeader.ContentEncoding);
        response.Headers.Remove(KnownHeader.AcceptRanges);
        return [];
    }

    /// <summary>Seconds since 1970 of an HTTP date; null where it is none.</summary>
    public static long? Seconds(ReadOnlySpan<byte> date) => HttpDate.Seconds(date);

    /// <summary>Whether a list of tags has the response's.</summary>
    public static bool Matches(Response response, ReadOnlySpan<byte> list, bool isWeak)
    {
        if (list.SequenceEqual("*"u8))
            return true;
        if (response.ETag is not { } own)
            return false;
        var tag = own.AsSpan();
        if (isWeak && tag.StartsWith("W/"u8))
            tag = tag[2..];
        foreach (var range in list.Split((byte)','))
        {
            var other = list[range].Trim(" \t"u8);
            if (isWeak && other.StartsWith("W/"u8))
                other = other[2..];
            if (other.SequenceEqual(tag))
                return true;
        }
        return false;
    }

    private static bool IsModifiedSince(Response response, ReadOnlySpan<byte> date) =>
        response.LastModified is not { } modified || Seconds(date) is not { } since || since < modified;

    private static bool IsUnchanged(HttpRequest request, ReadOnlySpan<byte> date)
    {
        var how = request.Level.Get(HttpCoreModule.IfModifiedSince);
        if (request.Response.LastModified is not { } modified || how == IfModifiedSince.Off || Seconds(date) is not { } since)
            return false;
        return since == modified || (how == IfModifiedSince.Before && since > modified);
    }
}
