using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>add_trailer</c>: fields behind a body that is chunked (nginx: ngx_http_headers_filter).</summary>
internal static class Trailers
{
    /// <summary>A response that will have trailers does not tell its length beforehand.</summary>
    public static void Announce(HttpRequest request)
    {
        var response = request.Response;
        if (response.ContentLength < 0 || request.IsHead || request.Parent is not null || request.Exchange.Version < Http.HttpVersion.Http11
            || !request.Exchange.Options.ChunkedTransferEncoding)
            return;
        foreach (var added in request.Level.Get(HeadersModule.Trailers))
        {
            if (Applies(response, added))
            {
                response.ContentLength = -1;
                return;
            }
        }
    }

    /// <summary>The fields, now that the body is out; null for none.</summary>
    /// <param name="given">What whoever made the body has for it; null for none.</param>
    public static HeaderList? Of(HttpRequest request, HeaderList? given)
    {
        request.SentTrailers = given;
        if (request.Parent is not null)
            return given;
        foreach (var added in request.Level.Get(HeadersModule.Trailers))
        {
            if (!Applies(request.Response, added) || added.Value.Evaluate(request.Values) is not { Length: > 0 } value)
                continue;
            // Others may ask for it.
            request.SentTrailers = given ??= new HeaderList();
            given.Add(Latin1.Bytes(added.Name), value.Span);
        }
        return given;
    }

    private static bool Applies(Response response, AddedHeader added) => added.Always || Fields.IsUsual(response.Status);
}
