using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Makes answers to the client of what a server sent, or sent once.</summary>
internal static class ProxyAnswers
{
    /// <summary>The head of the response that a server sends now.</summary>
    /// <param name="isCacheable">It is kept as a whole: ranges and conditions are seen to here.</param>
    public static void Prepare(
        HttpRequest request, ProxySettings settings, ProxyTarget target, UpstreamExchange upstream, bool isCacheable)
    {
        var (response, headers) = (request.Response, upstream.ResponseHeaders);
        (response.Status, response.StatusLine) = (upstream.Status, upstream.StatusLine.ToArray());
        // Of gRPC a response without a body says so; others may tell how long it would be.
        response.ContentLength = upstream.ResponseLength != 0 || settings.IsGrpc ? upstream.ResponseLength : LengthOf(headers);
        response.IsUnconditional = !isCacheable;
        request.Exchange.ExpectsTrailers = settings.PassesTrailers
            && (upstream.ResponseLength != 0 || upstream.ResponseTrailers.Count > 0);
        ProxyResponse.Copy(request, settings, settings.RedirectsOf(target), headers, isCacheable ? RangesOf.Kept : RangesOf.Server);
        response.CharsetOverride = settings.CharsetOf(headers);
        if (settings.ForcesRanges)
            (response.AllowsRanges, response.AllowsOneRange) = (true, true);
    }

    /// <summary>Sends the response that a cache has.</summary>
    public static void SendCached(HttpRequest request, ProxySettings settings, ProxyTarget target, CacheUse use)
    {
        var (response, head) = (request.Response, use.Head!);
        (response.Status, response.StatusLine, response.ContentLength) = (head.Status, head.StatusLine, LengthOf(head.Headers));
        ProxyResponse.Copy(request, settings, settings.RedirectsOf(target), head.Headers, RangesOf.Cached);
        response.CharsetOverride = settings.CharsetOf(head.Headers);
        response.AllowsRanges |= settings.ForcesRanges;
        var (file, length) = (use.TakeFile(), use.BodyLength);
        var body = length > 0 ? [BodyPart.Of(file, head.BodyStart, length)] : Array.Empty<BodyPart>();
        if (length <= 0)
            file.Release();
        use.Close();
        Sending.Send(request, body);
    }

    /// <summary>X-Accel-Redirect: another location answers.</summary>
    public static void GoElsewhere(HttpRequest request, byte[] place)
    {
        if (place is [(byte)'@', ..])
        {
            Answers.RunNamed(request, place);
            return;
        }
        if (!UnsafeUri.TryParse(place, out var uri, out var arguments))
        {
            request.LogError(LogLevel.Error, $"unsafe URI \"{Latin1.Text(place)}\" was detected");
            Answers.Finish(request, 404);
            return;
        }
        if (request.Method != HttpMethod.Head)
            (request.Method, request.MethodName) = (HttpMethod.Get, "GET"u8.ToArray());
        Phases.RedirectInternally(request, uri, arguments);
    }

    /// <summary>True where a page of ours is to stand for a response with this status; challenges stay.</summary>
    public static bool Intercepts(HttpRequest request, ProxySettings settings, int status, HeaderList headers)
    {
        if (!settings.InterceptsErrors || !request.Level.Get(HttpCoreModule.ErrorPages).Any(p => p.Status == status))
            return false;
        if (status != 401)
            return true;
        for (var i = headers.IndexOf(KnownHeader.WwwAuthenticate); i >= 0; i = headers.IndexOf(KnownHeader.WwwAuthenticate, i + 1))
            request.Response.Headers.Add(headers[i]);
        return true;
    }

    /// <summary>Fields behind the body that clients see; null for none.</summary>
    public static HeaderList? TrailersOf(ProxySettings settings, HeaderList trailers)
    {
        if (trailers.Count == 0 || !settings.PassesTrailers)
            return null;
        var visible = new HeaderList();
        for (var i = 0; i < trailers.Count; i++)
        {
            if (!settings.IsHidden(trailers[i].Name))
                visible.Add(trailers[i]);
        }
        return visible;
    }

    /// <summary>Keeps fields for variables, which may ask for them when the response is long over.</summary>
    public static void Keep(HttpRequest request, HeaderList from, HeaderList to)
    {
        to.Clear();
        if (!request.Worker.UsesUpstreamFields)
            return;
        for (var i = 0; i < from.Count; i++)
            to.Add(from[i]);
    }

    // What the head says; a response without a body may tell how long it would be.
    private static long LengthOf(HeaderList headers) =>
        headers.IndexOf(KnownHeader.ContentLength) is >= 0 and var at
            && long.TryParse(headers[at].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : -1;
}
