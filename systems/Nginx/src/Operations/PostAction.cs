using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>post_action</c>: what is asked when a request is over; nobody waits for the answer.</summary>
internal static class PostAction
{
    private static readonly IInnerSink Nobody = new Sink();

    public static void Begin(HttpRequest request)
    {
        if (request.Parent is not null || request.Level.Get(HttpCoreModule.PostAction) is not { Length: > 0 } place)
            return;
        var name = Latin1.Bytes(place);
        var asked = place[0] == '@' ? Subrequests.BeginNamed(request, name, Nobody, isBackground: true)
            : Subrequests.Begin(request, name, default, Nobody, isBackground: true, request.MethodName);
        if (asked?.Exchange is InnerExchange exchange)
            exchange.WantsHeadOnly = true;
    }

    private sealed class Sink : IInnerSink;
}
