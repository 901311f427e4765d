using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>How a request ends: its body cannot be had, its client leaves, or its exchange is over, which comes once and last.</summary>
internal static class RequestEnd
{
    public static void BodyFailed(HttpRequest request, Refusal refusal)
    {
        var (status, words) = SpecialPages.Of(refusal);
        request.LogError(LogLevel.Info, words);
        request.UpstreamClient?.GiveUp();
        if (!request.IsAnswered)
            Answers.Finish(request, status);
    }

    public static void ClientLeft(HttpRequest request)
    {
        if (request.Delay is { IsSet: true })
        {
            request.LogError(LogLevel.Info, "client prematurely closed connection");
            (request.LoggedStatus, request.IsAnswered) = (499, true);
            request.Exchange.Abort();
            return;
        }
        foreach (var inner in request.Begun)
            inner.ClientLeft();
        request.UpstreamClient?.ClientLeft();
    }

    public static void Closed(HttpRequest request)
    {
        var worker = request.Worker;
        ConnectionLimits.End(request);
        if (request.Delay is not null)
            worker.Http.Deadlines.Remove(request.Delay);
        foreach (var inner in request.Begun)
            inner.Cancel();
        if (request.LoggedStatus == 0)
            request.LoggedStatus = request.Exchange.Status != 0 ? request.Exchange.Status : 499;
        if (request.Parent is null)
            worker.Observation?.End(request);
        request.UpstreamClient?.GiveUp();
        if (request.Parent is null || request.Level.Get(HttpCoreModule.LogSubrequest))
            worker.AccessLogs.Write(request);
        PostAction.Begin(request);
        request.Sending?.Close();
        request.Body?.Close();
        request.Response.Headers.Clear();
        request.Upstream.Release();
        request.LetOriginGo();
        worker.Return(request);
    }
}
