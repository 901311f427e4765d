using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// The access phase in nginx' order: allow and deny, users, a subrequest; all of them have to let a request pass, or one
/// (<c>satisfy</c>). An outcome is 0 to pass, <see cref="Declined"/> without an opinion, or a status.
/// </summary>
internal static class Access
{
    /// <summary>There is no rule.</summary>
    public const int Declined = -1;

    public static void Begin(HttpRequest request)
    {
        // Who may ask is decided once, for the client's own request.
        if (request.Parent is not null)
        {
            Phases.Answer(request);
            return;
        }
        request.AccessStatus = 0;
        if (GoesOn(request, CheckRules(request)) && GoesOn(request, BasicAuthentication.Check(request)) && !AuthRequest.TryBegin(request))
            End(request);
    }

    /// <summary>The answer to a subrequest has come.</summary>
    public static void GoOn(HttpRequest request, int outcome)
    {
        if (GoesOn(request, outcome))
            End(request);
    }

    private static int CheckRules(HttpRequest request)
    {
        switch (AccessRule.IsDenied(request.Level.Get(AccessModule.Http.Rules), request.Client?.Address))
        {
            case null:
                return Declined;
            case false:
                return 0;
            default:
                if (request.Level.Get(HttpCoreModule.Satisfy) == Satisfy.All)
                    request.LogError(LogLevel.Error, "access forbidden by rule");
                return 403;
        }
    }

    // False: what becomes of the request is decided.
    private static bool GoesOn(HttpRequest request, int outcome)
    {
        var isAll = request.Level.Get(HttpCoreModule.Satisfy) == Satisfy.All;
        if (outcome == Declined || (outcome == 0 && isAll))
            return true;
        if (outcome == 0)
        {
            request.AccessStatus = 0;
            request.Response.Headers.Remove(KnownHeader.WwwAuthenticate);
            Phases.Answer(request);
            return false;
        }
        if (!isAll && outcome is 401 or 403)
        {
            if (request.AccessStatus != 401)
                request.AccessStatus = outcome;
            return true;
        }
        Refuse(request, outcome);
        return false;
    }

    private static void End(HttpRequest request)
    {
        if (request.AccessStatus == 0)
        {
            Phases.Answer(request);
            return;
        }
        if (request.AccessStatus == 403)
            request.LogError(LogLevel.Error, "access forbidden by rule");
        Refuse(request, request.AccessStatus);
    }

    private static void Refuse(HttpRequest request, int status)
    {
        if (status != 401 || request.Level.Get(HttpCoreModule.AuthDelay) is not (> 0 and var delay))
        {
            Answers.Finish(request, status);
            return;
        }
        request.LogError(LogLevel.Info, "delaying unauthorized request");
        request.Wait(delay, static r => Answers.Finish(r, 401));
    }
}
