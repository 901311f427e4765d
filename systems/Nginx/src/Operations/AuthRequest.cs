using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>auth_request</c>: the status of a subrequest says whether the request may pass.</summary>
internal sealed class AuthRequest : IInnerSink
{
    private readonly HttpRequest _request;
    private HttpRequest? _asked;

    private AuthRequest(HttpRequest request) => _request = request;

    /// <summary>True where the request waits for the answer, or is refused already.</summary>
    public static bool TryBegin(HttpRequest request)
    {
        if (request.Level.Get(AuthModules.AuthRequest) is not { Length: > 0 } uri)
            return false;
        var sink = new AuthRequest(request);
        sink._asked = Subrequests.Begin(request, Latin1.Bytes(uri), default, sink, sharesBody: false);
        if (sink._asked is null)
            Answers.Finish(request, 500);
        else
            ((InnerExchange)sink._asked.Exchange).WantsHeadOnly = true;
        return true;
    }

    void IInnerSink.Ended(InnerExchange exchange, bool isComplete)
    {
        foreach (var (variable, value) in _request.Level.Get(AuthModules.AuthRequestSet))
            _request.Values.Set(variable, value.Evaluate(_asked!.Values).Span);
        Access.GoOn(_request, OutcomeOf(exchange));
    }

    private int OutcomeOf(InnerExchange exchange)
    {
        switch (exchange.Status)
        {
            case 403:
                return 403;
            case 401:
                for (var i = 0; i < exchange.ResponseHeaders.Count; i++)
                {
                    if (exchange.ResponseHeaders[i].Known == KnownHeader.WwwAuthenticate)
                        _request.Response.Headers.Add(exchange.ResponseHeaders[i]);
                }
                return 401;
            case >= 200 and < 300:
                return 0;
            default:
                _request.LogError(LogLevel.Error, $"auth request unexpected status: {exchange.Status}");
                return 500;
        }
    }
}
