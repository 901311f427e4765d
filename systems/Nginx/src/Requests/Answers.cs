using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Ends of requests by a status: error pages, nginx' own pages, redirects (ngx_http_special_response_handler).</summary>
internal static class Answers
{
    /// <summary>Answers with a status for which no content was made.</summary>
    public static void Finish(HttpRequest request, int status)
    {
        if (request.IsAnswered)
            return;
        if (request.Parent is not null && request.Ssi.Stub is { } stub)
        {
            SendStub(request, stub);
            return;
        }
        if (status is 444 or 408)
        {
            (request.LoggedStatus, request.IsAnswered) = (status, true);
            request.Exchange.Abort();
            return;
        }
        if (!SpecialPages.KeepsAlive(status))
            request.Exchange.KeepsAlive = false;
        request.ErrorStatus = status;
        if ((!request.HasErrorPage || request.Level.Get(HttpCoreModule.RecursiveErrorPages)) && request.UriChangesLeft > 0
            && FindPage(request, status) is { } page)
            SendPage(request, page);
        else if (status is 301 or 302 && UsesRefresh(request))
            SendRefresh(request);
        else
            SendSpecial(request, status);
    }

    /// <summary>Sends the client to another place: a URL, or a path of this server.</summary>
    public static void Redirect(HttpRequest request, int status, byte[] location)
    {
        request.Response.Location = location;
        Finish(request, status);
    }

    /// <summary>Sends the client to its path with a slash behind.</summary>
    public static void RedirectToFolder(HttpRequest request)
    {
        var path = UriEscape.Path(request.Uri);
        Redirect(request, 301, request.Arguments.IsEmpty ? [.. path, (byte)'/'] : [.. path, (byte)'/', (byte)'?', .. request.Arguments]);
    }

    // Of the type of what it is included in.
    private static void SendStub(HttpRequest request, byte[] stub)
    {
        (request.Ssi.Stub, request.ErrorStatus) = (null, 0);
        request.Response.Clear();
        (request.Response.Status, request.Response.ContentLength) = (200, stub.Length);
        request.Response.ContentType = request.Parent!.Response.TypeAlone.ToArray();
        Sending.Send(request, [BodyPart.Of(stub)]);
    }

    private static ErrorPage? FindPage(HttpRequest request, int status)
    {
        foreach (var page in request.Level.Get(HttpCoreModule.ErrorPages))
        {
            if (page.Status == status)
                return page;
        }
        return null;
    }

    private static void SendPage(HttpRequest request, ErrorPage page)
    {
        request.HasErrorPage = true;
        if (page.Overwrite >= 0)
            request.ErrorStatus = page.Overwrite;
        var uri = page.Uri.Evaluate(request.Values).ToArray();
        if (uri is [(byte)'/', ..])
        {
            var arguments = Encoding.Latin1.GetBytes(page.Arguments);
            if (!page.Uri.IsLiteral && Array.IndexOf(uri, (byte)'?') is >= 0 and var question)
                (uri, arguments) = (uri[..question], uri[(question + 1)..]);
            if (request.Method != HttpMethod.Head)
                (request.Method, request.MethodName) = (HttpMethod.Get, "GET"u8.ToArray());
            Phases.RedirectInternally(request, uri, arguments);
        }
        else if (uri is [(byte)'@', ..])
        {
            RunNamed(request, uri);
        }
        else
        {
            // Elsewhere: the client goes there itself.
            request.Response.Location = uri;
            var status = request.ErrorStatus is 301 or 302 or 303 or 307 or 308 ? request.ErrorStatus : 302;
            request.ErrorStatus = status;
            if (UsesRefresh(request))
                SendRefresh(request);
            else
                SendSpecial(request, status);
        }
    }

    /// <summary>Goes on in a named location.</summary>
    public static void RunNamed(HttpRequest request, byte[] name)
    {
        request.UriChangesLeft--;
        if (request.UriChangesLeft <= 0)
        {
            request.LogError(LogLevel.Error,
                $"rewrite or internal redirection cycle while redirect to named location \"{Latin1.Text(name)}\"");
            Finish(request, 500);
        }
        else if (request.Server.NamedLocations.TryGetValue(Latin1.Text(name), out var location))
        {
            request.IsInternal = true;
            Phases.RunNamed(request, location);
        }
        else
        {
            request.LogError(LogLevel.Error, $"could not find named location \"{Latin1.Text(name)}\"");
            Finish(request, 500);
        }
    }

    private static bool UsesRefresh(HttpRequest request) =>
        request.Response.Location is not null && request.Level.Get(HttpCoreModule.MsieRefresh) && IsMsie(request);

    private static bool IsMsie(HttpRequest request) => request.Exchange.RequestHeaders[KnownHeader.UserAgent].IndexOf("MSIE "u8) >= 0;

    // A page that goes on by itself, in the place of a redirect.
    private static void SendRefresh(HttpRequest request)
    {
        var page = SpecialPages.Refresh(request.Response.Location);
        request.Response.Clear();
        (request.Response.Status, request.Response.ContentLength) = (200, page.Length);
        request.Response.ContentType = "text/html"u8.ToArray();
        (request.ErrorStatus, request.LoggedStatus) = (0, 200);
        Sending.Send(request, [BodyPart.Of(page)]);
    }

    private static void SendSpecial(HttpRequest request, int status)
    {
        var response = request.Response;
        var location = response.Location;
        response.Clear();
        response.Location = location;
        response.Status = SpecialPages.SeenAs(request.ErrorStatus != 0 ? request.ErrorStatus : status);
        var isPadded = request.Level.Get(HttpCoreModule.MsiePadding) && IsMsie(request);
        var page = SpecialPages.Find(status, ServerToken.Shown(request.Level), isPadded);
        (request.ErrorStatus, request.LoggedStatus) = (0, status is 494 or 495 or 496 or 497 ? 400 : response.Status);
        if (page is null)
        {
            response.ContentLength = 0;
            Sending.Send(request, []);
            return;
        }
        (response.ContentType, response.ContentLength) = ("text/html"u8.ToArray(), page.Length);
        Sending.Send(request, [BodyPart.Of(page)]);
    }
}
