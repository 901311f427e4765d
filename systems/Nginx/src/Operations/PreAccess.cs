namespace Microcosm.Nginx;

/// <summary>What comes before access: who the client is, how often it asks, how many requests it has at a time.</summary>
internal static class PreAccess
{
    public static void Begin(HttpRequest request)
    {
        RealIp.Apply(request);
        var (status, delay) = RequestLimits.Check(request);
        if (status != 0)
            Answers.Finish(request, status);
        else if (delay > 0)
            request.Wait(delay, GoOn);
        else
            GoOn(request);
    }

    private static void GoOn(HttpRequest request)
    {
        if (ConnectionLimits.Check(request) is var status and not 0)
            Answers.Finish(request, status);
        else
            Access.Begin(request);
    }
}
