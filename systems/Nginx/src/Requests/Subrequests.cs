using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Requests that nginx makes to itself on behalf of another (ngx_http_subrequest): they have its server, client, fields and values, run
/// through the phases from the server's rewrites on but for access, and their responses go to a sink.
/// </summary>
internal static class Subrequests
{
    /// <summary>So many deep (NGX_HTTP_MAX_SUBREQUESTS).</summary>
    [Limit("subrequest depth")]
    public const int DepthMax = 50;

    /// <summary>
    /// Asks by GET, in the next turn: until then method, fields and whether a body is wanted may be changed. Null, which is logged, where
    /// subrequests are too deep.
    /// </summary>
    /// <param name="isBackground">It goes on when the other request is over.</param>
    /// <param name="method">Its method; GET where there is none.</param>
    /// <param name="sharesBody">It has the other request's body, where that was read as a whole.</param>
    public static HttpRequest? Begin(
        HttpRequest parent, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> arguments, IInnerSink sink, bool isBackground = false,
        ReadOnlySpan<byte> method = default, bool sharesBody = true)
    {
        if (Make(parent, uri, sink, isBackground, method.IsEmpty ? "GET"u8 : method, sharesBody) is not { } request)
            return null;
        request.SetUri(uri, arguments);
        request.IsUriChanged = true;
        Start(request, Phases.Run);
        return request;
    }

    /// <summary>The same of a named location.</summary>
    public static HttpRequest? BeginNamed(HttpRequest parent, byte[] name, IInnerSink sink, bool isBackground)
    {
        if (Make(parent, name, sink, isBackground, parent.MethodName, sharesBody: true) is not { } request)
            return null;
        request.SetUri(parent.Uri, parent.Arguments);
        (request.IsUriChanged, request.HasEscapedUri) = (parent.IsUriChanged, parent.HasEscapedUri);
        Start(request, r => Answers.RunNamed(r, name));
        return request;
    }

    /// <summary>Asks the same of the same location once more: from its content on, with the other request's method.</summary>
    public static HttpRequest? BeginCopy(HttpRequest parent, IInnerSink sink, bool isBackground = false)
    {
        if (Make(parent, parent.Uri, sink, isBackground, parent.MethodName, sharesBody: true) is not { } request)
            return null;
        request.SetUri(parent.Uri, parent.Arguments);
        (request.IsUriChanged, request.HasEscapedUri) = (parent.IsUriChanged, parent.HasEscapedUri);
        request.EnterAs(parent);
        Start(request, Content.Answer);
        return request;
    }

    private static HttpRequest? Make(
        HttpRequest parent, ReadOnlySpan<byte> uri, IInnerSink sink, bool isBackground, ReadOnlySpan<byte> method, bool sharesBody)
    {
        if (parent.SubrequestsLeft == 0)
        {
            parent.LogError(LogLevel.Error, $"subrequests cycle while processing \"{Latin1.Text(uri)}\"");
            return null;
        }
        var body = sharesBody ? parent.Body?.Share() : null;
        var exchange = new InnerExchange(parent.Exchange, sink, method, body?.Length ?? 0);
        var request = new HttpRequest(parent, exchange) { Body = body };
        exchange.Handler = request;
        if (isBackground)
            request.HoldOrigin();
        else
            parent.Inner.Add(exchange);
        return request;
    }

    private static void Start(HttpRequest request, Action<HttpRequest> phase) => request.Worker.Http.Executor.Post(() =>
    {
        if (!request.Exchange.IsOver)
            phase(request);
    });
}
