using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// The phases of a request in nginx' order: the server's rewrites, the choice of a location, its rewrites (and again from the choice where
/// they changed the path), access, content.
/// </summary>
internal static class Phases
{
    /// <summary>A request's head has come: finds its server and goes on.</summary>
    public static void Begin(HttpRequest request)
    {
        var exchange = request.Exchange;
        if (exchange.Refusal != Refusal.None)
        {
            Refuse(request, exchange.Refusal);
            return;
        }
        if (!TryFindServer(request, out var isMisdirected))
        {
            if (isMisdirected)
            {
                Answers.Finish(request, 421);
                return;
            }
            Refuse(request, exchange.Authority.IsEmpty ? Refusal.InvalidHost : Refusal.InvalidHostInRequestLine);
            return;
        }
        RealIp.Apply(request);
        exchange.Options = request.Server.Level.Get(ConnectionOptions.Http1);
        if (exchange.Method is HttpMethod.Trace or HttpMethod.Connect)
        {
            request.LogError(LogLevel.Info, $"client sent {Latin1.Text(exchange.MethodName)} method");
            exchange.KeepsAlive = false;
            Answers.Finish(request, 405);
            return;
        }
        if (!exchange.TryNormalise(request.Server.Level.Get(HttpCoreModule.MergeSlashes), out var path))
        {
            Refuse(request, Refusal.InvalidTarget);
            return;
        }
        request.SetUri(exchange.Form == TargetForm.Asterisk ? "*"u8 : path.Path, path.Query);
        var target = exchange.RawTarget;
        request.HasEscapedUri = target.IndexOfAny((byte)'%', (byte)'+') >= 0;
        if (ConnectionChecks.Check(request) is var refused && refused != 0)
        {
            Answers.Finish(request, refused);
            return;
        }
        Run(request);
    }

    /// <summary>From the server's rewrites on.</summary>
    public static void Run(HttpRequest request)
    {
        if (request.Server.Root.Rewrite is { } program && !RunProgram(request, program))
            return;
        Search(request);
    }

    /// <summary>From the choice of a location on.</summary>
    public static void Search(HttpRequest request)
    {
        while (true)
        {
            request.Reenter();
            var location = request.Server.FindLocation(request.Uri, request.Values, out var redirects);
            Enter(request, location);
            if (!request.IsInternal && request.Level.Get(HttpCoreModule.Internal))
            {
                Answers.Finish(request, 404);
                return;
            }
            if (request.Worker.Observation?.Intercepts(request, Search) == true)
                return;
            if (TooLarge(request))
                return;
            if (redirects)
            {
                Answers.RedirectToFolder(request);
                return;
            }
            request.IsSearchWanted = false;
            // What stands outside of locations has been done already.
            if (location != request.Server.Root && request.Location.Rewrite is { } program && !RunProgram(request, program))
                return;
            if (!request.IsSearchWanted)
                break;
            if (--request.UriChangesLeft <= 0)
            {
                request.LogError(LogLevel.Error, $"rewrite or internal redirection cycle while processing \"{Latin1.Text(request.Uri)}\"");
                Answers.Finish(request, 500);
                return;
            }
        }
        PreAccess.Begin(request);
    }

    /// <summary>In a location that was named: from its rewrites on.</summary>
    public static void RunNamed(HttpRequest request, HttpLocation location)
    {
        request.Reenter();
        Enter(request, location);
        request.IsSearchWanted = false;
        if (request.Location.Rewrite is { } program && !RunProgram(request, program))
            return;
        if (request.IsSearchWanted)
            Search(request);
        else
            PreAccess.Begin(request);
    }

    /// <summary>The request may be answered: from the files to try on.</summary>
    public static void Answer(HttpRequest request)
    {
        if (!TryFilesContent.TryAnswer(request))
            Mirror.AskThen(request, Content.Answer);
    }

    /// <summary>Goes on under another path, as a redirect that the client does not see.</summary>
    public static void RedirectInternally(HttpRequest request, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> arguments)
    {
        request.UriChangesLeft--;
        if (request.UriChangesLeft <= 0)
        {
            request.LogError(LogLevel.Error,
                $"rewrite or internal redirection cycle while internally redirecting to \"{Latin1.Text(uri)}\"");
            Answers.Finish(request, 500);
            return;
        }
        request.SetUri(uri, arguments);
        (request.IsInternal, request.IsUriChanged, request.IsLocationValid, request.AddsUriToAlias) = (true, true, true, false);
        request.Reenter();
        Run(request);
    }

    // From here on the location's settings hold; for methods that it excepts, those of its block.
    private static void Enter(HttpRequest request, HttpLocation location)
    {
        if (location.ExceptMethods is { } allowed && location.LimitExcept is { } limited
            && !allowed.Contains(Latin1.Text(request.MethodName)))
            location = limited;
        request.Enter(location);
        if (request.Parent is not null)
            return;
        request.Exchange.Options = request.Level.Get(ConnectionOptions.Http1);
        if (request.Exchange.KeepsAlive && KeepAlive.IsDisabled(request))
            request.Exchange.KeepsAlive = false;
    }

    // False: the request is answered.
    private static bool RunProgram(HttpRequest request, RewriteProgram program)
    {
        var outcome = RewriteEngine.Run(program, request, request.Values);
        if (outcome.Status == 0)
            return true;
        if (request.Worker.Observation?.Intercepts(request, Run) == true)
            return false;
        if (outcome.Location is { } url)
            Answers.Redirect(request, outcome.Status, url.ToArray());
        else
            ReturnContent.Answer(request, outcome.Status, outcome.Text);
        return false;
    }

    private static bool TooLarge(HttpRequest request)
    {
        var max = request.Level.Get(HttpCoreModule.ClientMaxBodySize);
        if (max == 0 || request.Exchange.RequestLength <= max)
            return false;
        request.LogError(LogLevel.Error, $"client intended to send too large body: {request.Exchange.RequestLength} bytes");
        Answers.Finish(request, 413);
        return true;
    }

    private static bool TryFindServer(HttpRequest request, out bool isMisdirected)
    {
        isMisdirected = false;
        var exchange = request.Exchange;
        var host = exchange.Authority.IsEmpty ? exchange.RequestHeaders[KnownHeader.Host] : exchange.Authority;
        // Before HTTP/1.1 there need be none; one that is empty names nobody.
        if (host.IsEmpty || (exchange.Form == TargetForm.Absolute && exchange.Authority.IsEmpty))
        {
            if (exchange.Form != TargetForm.Origin || exchange.RequestHeaders.Contains(KnownHeader.Host))
                return false;
            if (request.Listen.TryFind(default, null, out var nameless))
                request.Server = nameless;
            request.Reenter();
            return true;
        }
        Span<byte> lower = host.Length <= 256 ? stackalloc byte[host.Length] : new byte[host.Length];
        if (!HostName.TryParse(host, lower, out var name, out _))
            return false;
        request.Host = name.ToArray();
        isMisdirected = !ConnectionChecks.TryChooseServer(request, name);
        request.Reenter();
        return !isMisdirected;
    }

    private static void Refuse(HttpRequest request, Refusal refusal)
    {
        var (status, words) = SpecialPages.Of(refusal);
        if (words.Length > 0)
            request.LogError(LogLevel.Info, words);
        if (refusal is Refusal.TimedOut or Refusal.ClosedPrematurely)
        {
            // There is nobody to answer.
            request.LoggedStatus = status;
            request.Exchange.Abort();
            return;
        }
        Answers.Finish(request, status);
    }
}
