using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>mirror</c>: the same is asked elsewhere too, and what comes back is of no interest.</summary>
internal static class Mirror
{
    private static readonly IInnerSink Nobody = new Sink();

    /// <summary>Asks and goes on; with the body, once that was read.</summary>
    public static void AskThen(HttpRequest request, Action<HttpRequest> next)
    {
        var places = request.Level.Get(FilterModules.Mirror);
        if (places.Count == 0)
        {
            next(request);
            return;
        }
        if (request.Level.Get(FilterModules.MirrorRequestBody))
            RequestBody.ReadThen(request, () => Ask(request, places, next));
        else
            Ask(request, places, next);
    }

    private static void Ask(HttpRequest request, IReadOnlyList<string> places, Action<HttpRequest> next)
    {
        foreach (var place in places)
        {
            if (Subrequests.Begin(request, Latin1.Bytes(place), request.Arguments, Nobody, isBackground: true, request.MethodName)
                is not { } asked)
            {
                Answers.Finish(request, 500);
                return;
            }
            ((InnerExchange)asked.Exchange).WantsHeadOnly = true;
        }
        next(request);
    }

    private sealed class Sink : IInnerSink;
}
