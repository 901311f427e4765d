using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>The content phase: what the location says, else files.</summary>
internal static class Content
{
    private static readonly byte[] Gif = Convert.FromHexString(
        "47494638396101000100800100000000ffffff21f90401000001002c00000000010001000002024c01003b");

    public static void Answer(HttpRequest request)
    {
        switch (request.Content)
        {
            case LocationContent.EmptyGif:
                if (request.Method is HttpMethod.Get or HttpMethod.Head)
                    DiscardBodyThen(request, () => AnswerWith(request, Gif, "image/gif", lastModified: 23_349_600));
                else
                    Answers.Finish(request, 405);
                break;
            case LocationContent.StubStatus:
                if (request.Method is HttpMethod.Get or HttpMethod.Head)
                    DiscardBodyThen(request, () => AnswerWith(request, request.Worker.Counters.Describe(), "text/plain", null));
                else
                    Answers.Finish(request, 405);
                break;
            case LocationContent.Proxy when request.Level.Get(ProxyModule.Pass) is { } target:
                ProxyExchange.Answer(request, target);
                break;
            case LocationContent.Grpc when request.Level.Get(GrpcModule.Pass) is { } target:
                ProxyExchange.Answer(request, target);
                break;
            case LocationContent.Proxy or LocationContent.Grpc:
                // Another if, without a proxy_pass or grpc_pass, was entered since.
                request.LogError(LogLevel.Error, "no upstream configuration");
                Answers.Finish(request, 500);
                break;
            case null:
                if (DavContent.TryAnswer(request))
                    break;
                if (request.Uri is [.., (byte)'/'])
                    FolderContent.Answer(request);
                else
                    StaticContent.Answer(request);
                break;
        }
    }

    /// <summary>Reads the request's body away, and goes on.</summary>
    public static void DiscardBodyThen(HttpRequest request, Action next)
    {
        request.Exchange.DiscardBody();
        if (!request.Exchange.HasBody)
        {
            next();
            return;
        }
        // What is there of it is looked at first: it may be no body.
        request.Worker.Http.Executor.Post(() =>
        {
            if (!request.IsAnswered && !request.Exchange.IsOver)
                next();
        });
    }

    private static void AnswerWith(HttpRequest request, byte[] body, string type, long? lastModified)
    {
        var response = request.Response;
        (response.Status, response.ContentType, response.ContentLength) = (200, Latin1.Bytes(type), body.Length);
        response.LastModified = lastModified;
        Sending.Send(request, [BodyPart.Of(body)]);
    }
}
