using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Makes the response to the client of an upstream's (ngx_http_upstream_process_headers).</summary>
internal static class ProxyResponse
{
    /// <summary>Fields that an internal redirect by X-Accel-Redirect keeps.</summary>
    private static readonly KnownHeader[] KeptByRedirect =
    [
        KnownHeader.ContentType, KnownHeader.SetCookie, KnownHeader.ContentDisposition, KnownHeader.CacheControl, KnownHeader.Expires,
        KnownHeader.AcceptRanges,
    ];

    /// <summary>Copies what clients see.</summary>
    public static void Copy(
        HttpRequest request, ProxySettings settings, IEnumerable<HeaderRewrite> redirects, HeaderList headers, RangesOf ranges) =>
        Copy(request, settings, redirects, headers, ranges, isRedirect: false);

    /// <summary>Copies what an internal redirect keeps, and nothing else is left.</summary>
    public static void CopyForRedirect(HttpRequest request, ProxySettings settings, HeaderList headers)
    {
        request.Response.Clear();
        Copy(request, settings, [], headers, RangesOf.Server, isRedirect: true);
    }

    private static void Copy(HttpRequest request, ProxySettings settings, IEnumerable<HeaderRewrite> redirects, HeaderList headers,
        RangesOf ranges, bool isRedirect)
    {
        if (!isRedirect)
        {
            request.Response.HidesServer = !settings.IsHidden("Server"u8) && !headers.Contains(KnownHeader.Server);
            request.Response.HidesDate = !settings.IsHidden("Date"u8) && !headers.Contains(KnownHeader.Date);
        }
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            // Of what nginx keeps once the first counts.
            if (IsSingle(field.Known) && headers.IndexOf(field.Known) != i)
            {
                LogDuplicate(request, headers, field);
                continue;
            }
            if (isRedirect ? KeptByRedirect.Contains(field.Known) : !settings.IsHidden(field.Name))
                CopyOne(request, settings, redirects, field, ranges);
        }
    }

    private static void CopyOne(
        HttpRequest request, ProxySettings settings, IEnumerable<HeaderRewrite> redirects, HeaderField field, RangesOf ranges)
    {
        var response = request.Response;
        switch (field.Known)
        {
            case KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.TransferEncoding or KnownHeader.ContentLength:
                break;
            case KnownHeader.Upgrade:
                if (request.Exchange.Version < Microcosm.Http.HttpVersion.Http2)
                    response.Headers.Add(field);
                break;
            case KnownHeader.ContentType:
                response.TakeType(field.Value);
                break;
            case KnownHeader.LastModified:
                response.LastModified = Conditions.Seconds(field.Value);
                response.Headers.Add(field);
                break;
            case KnownHeader.ETag:
                response.ETag = field.Value.ToArray();
                break;
            case KnownHeader.AcceptRanges:
                if (ranges != RangesOf.Server)
                    (response.AllowsRanges, response.AllowsOneRange) = (true, ranges == RangesOf.Kept);
                else if (!settings.ForcesRanges)
                    response.Headers.Add(field);
                break;
            case KnownHeader.Location:
                CopyLocation(request, redirects, field);
                break;
            case KnownHeader.Refresh:
                var url = Latin1.Text(field.Value).IndexOf("url=", StringComparison.OrdinalIgnoreCase);
                Add(response, field, url < 0 ? null : RedirectRewriting.Apply(redirects, request.Values, field.Value, url + 4));
                break;
            case KnownHeader.SetCookie:
                Add(response, field, settings.IsGrpc ? null : CookieRewriting.Apply(settings.Level, request.Values, field.Value));
                break;
            default:
                response.Headers.Add(field);
                break;
        }
    }

    // A path that a rule made becomes a URL of this server; others stay as they are.
    private static void CopyLocation(HttpRequest request, IEnumerable<HeaderRewrite> redirects, HeaderField field)
    {
        if (RedirectRewriting.Apply(redirects, request.Values, field.Value) is not { } changed)
            request.Response.Headers.Add(field);
        else if (changed is [(byte)'/', ..] && request.Level.Get(HttpCoreModule.AbsoluteRedirect))
            request.Response.Location = changed;
        else
            request.Response.Headers.Add(KnownHeader.Location, changed);
    }

    private static void Add(Response response, HeaderField field, byte[]? changed)
    {
        if (changed is null)
            response.Headers.Add(field);
        else
            response.Headers.Add(field.Name, changed);
    }

    private static bool IsSingle(KnownHeader known) => known is KnownHeader.ContentType or KnownHeader.Date or KnownHeader.LastModified
        or KnownHeader.ETag or KnownHeader.Server or KnownHeader.Location or KnownHeader.Refresh or KnownHeader.Expires
        or KnownHeader.XAccelExpires or KnownHeader.XAccelRedirect or KnownHeader.XAccelLimitRate;

    private static void LogDuplicate(HttpRequest request, HeaderList headers, HeaderField field)
    {
        var first = headers[headers.IndexOf(field.Known)];
        request.LogError(LogLevel.Warn, string.Create(CultureInfo.InvariantCulture,
            $"upstream sent duplicate header line: \"{Latin1.Text(field.Name)}: {Latin1.Text(field.Value)}\", previous value: "
            + $"\"{Latin1.Text(first.Name)}: {Latin1.Text(first.Value)}\", ignored"));
    }
}
