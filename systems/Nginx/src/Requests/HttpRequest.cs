using System.Net;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// One request on its way through the phases (nginx: ngx_http_request_t). Invariants: it is answered once; its settings are those of its
/// location, or of its server before a location is chosen.
/// </summary>
internal sealed class HttpRequest : IExchangeHandler, IRewriteRequest
{
    /// <summary>Rewrites and internal redirects of one request, at most (NGX_HTTP_MAX_URI_CHANGES).</summary>
    public const int UriChangesMax = 10;

    private byte[] _uri = [];
    private byte[] _arguments = [];

    public HttpRequest(NginxWorker worker, ListenSocket<HttpServer> listen, HttpExchange exchange)
    {
        (Worker, Listen, Exchange, Server) =
            (worker, listen, exchange, ((ClientConnection)exchange.Connection.State!).Server);
        Location = Server.Root;
        BeganAt = worker.Http.Clock.GetTimestamp();
        BeganTime = worker.Http.Clock.GetUtcNow();
        Values = worker.RentValues(new RequestVariables(this));
        Method = exchange.Method;
        MethodName = exchange.MethodName.ToArray();
    }

    public NginxWorker Worker { get; }

    public ListenSocket<HttpServer> Listen { get; }

    public HttpExchange Exchange { get; }

    /// <summary>The connection that it came on.</summary>
    public ClientConnection Connection => (ClientConnection)Exchange.Connection.State!;

    public HttpServer Server { get; set; }

    public HttpLocation Location { get; private set; }

    /// <summary>Settings that hold now.</summary>
    public Level Level => Location.Level;

    public RequestValues Values { get; }

    public Response Response { get; } = new();

    /// <summary>Of the clock, for durations.</summary>
    public long BeganAt { get; }

    public DateTimeOffset BeganTime { get; }

    /// <summary>Method as it is carried out: an error page is fetched by GET.</summary>
    public HttpMethod Method { get; set; }

    public byte[] MethodName { get; set; }

    /// <summary>The host as the client named it, in small letters, without port; empty for none.</summary>
    public byte[] Host { get; set; } = [];

    /// <summary>The client's address; null for a unix socket's.</summary>
    public IPEndPoint? Client => Exchange.Connection.Transport.Remote as IPEndPoint;

    /// <summary>It came here by a redirect of nginx' own.</summary>
    public bool IsInternal { get; set; }

    /// <summary>The path had escapes or plus signs.</summary>
    public bool HasEscapedUri { get; set; }

    /// <summary>The path as it came is that of the target: it may be passed on as it is.</summary>
    public bool IsUriChanged { get; set; }

    /// <summary>The path begins with the location's name; a rewrite that stays in the location ends that.</summary>
    public bool IsLocationValid { get; set; } = true;

    /// <summary>Status that an error page stands for; 0 for none.</summary>
    public int ErrorStatus { get; set; }

    /// <summary>An error page is being fetched.</summary>
    public bool HasErrorPage { get; set; }

    /// <summary>What is left of <see cref="UriChangesMax"/>.</summary>
    public int UriChangesLeft { get; set; } = UriChangesMax;

    /// <summary>A rewrite asks for another location.</summary>
    public bool IsSearchWanted { get; set; }

    /// <summary>The head of the response is out.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The status as logs show it; 0 before there is one.</summary>
    public int LoggedStatus { get; set; }

    /// <summary>The name of the user that the client proved to be; null for none.</summary>
    public string? User { get; set; }

    /// <summary><c>$request_id</c>, once somebody asked.</summary>
    public string? Id { get; set; }

    /// <summary>What answers it; an <c>if</c> without content leaves that of the location around standing.</summary>
    public LocationContent? Content { get; private set; }

    /// <summary>The body, once it was read as a whole; null for none.</summary>
    public RequestBody? Body { get; set; }

    /// <summary>Takes the body as it comes.</summary>
    public IRequestBodyReader? BodyReader { get; set; }

    /// <summary>Who fetches the response from an upstream server; null where nobody does, or it is over.</summary>
    public IUpstreamClient? UpstreamClient { get; set; }

    /// <summary>What upstream servers were asked and said.</summary>
    public UpstreamTrace Upstream { get; } = new();

    /// <summary>The body of the response on its way; null before.</summary>
    public Sending? Sending { get; set; }

    /// <summary>What went into gzip and came out, in bytes; null where the body was not compressed.</summary>
    public (long Given, long Made)? GzipRatio { get; set; }

    public ReadOnlySpan<byte> Uri => _uri;

    public ReadOnlySpan<byte> Arguments => _arguments;

    /// <summary>The request has no body to send: HEAD.</summary>
    public bool IsHead => Method == HttpMethod.Head;

    public void SetUri(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> arguments) => (_uri, _arguments) = (uri.ToArray(), arguments.ToArray());

    public void SetArguments(ReadOnlySpan<byte> arguments) => _arguments = arguments.ToArray();

    void IRewriteRequest.SetUri(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> arguments, bool isBreak)
    {
        SetUri(uri, arguments);
        (IsUriChanged, IsSearchWanted) = (true, !isBreak);
        IsLocationValid &= !isBreak;
    }

    public void StopSearch() => IsSearchWanted = false;

    public void Enter(HttpLocation location)
    {
        Location = location;
        if (location.Content is not null || location.Kind is not (LocationKind.If or LocationKind.LimitExcept))
            Content = location.Content;
    }

    public bool Test(ReadOnlySpan<byte> path, FileTest test)
    {
        var facts = path.IsEmpty ? new FileFacts(FileFacts.NotFound, false, 0, 0) : StaticFiles.Look(path);
        return test switch
        {
            FileTest.IsFile => facts.IsFile,
            FileTest.IsFolder => facts.Exists && facts.IsFolder,
            FileTest.IsExecutable => facts.Exists && StaticFiles.IsExecutable(path),
            _ => facts.Exists,
        };
    }

    public void Log(string message, bool isError)
    {
        if (isError)
            LogError(LogLevel.Error, message);
        else if (Level.Get(RewriteModule.RewriteLog))
            LogError(LogLevel.Notice, message);
    }

    /// <summary>A line of the error log, with what nginx tells of the request.</summary>
    public void LogError(LogLevel level, string message) => Worker.ErrorLogs.Write(this, level, message);

    /// <summary>Choose settings anew from the server's.</summary>
    public void Reenter() => Location = Server.Root;

    void IExchangeHandler.Body(HttpExchange exchange, ReadOnlySpan<byte> bytes) => BodyReader?.Body(bytes);

    void IExchangeHandler.BodyEnded(HttpExchange exchange) => BodyReader?.Ended();

    void IExchangeHandler.BodyFailed(HttpExchange exchange, Refusal refusal)
    {
        var (status, words) = SpecialPages.Of(refusal);
        LogError(LogLevel.Info, words);
        UpstreamClient?.GiveUp();
        if (!IsAnswered)
            Answers.Finish(this, status);
    }

    void IExchangeHandler.Drained(HttpExchange exchange)
    {
        Sending?.Resume();
        UpstreamClient?.Drained();
    }

    void IExchangeHandler.ClientLeft(HttpExchange exchange) => UpstreamClient?.ClientLeft();

    void IExchangeHandler.Closed(HttpExchange exchange, bool isComplete)
    {
        if (LoggedStatus == 0)
            LoggedStatus = exchange.Status != 0 ? exchange.Status : 499;
        UpstreamClient?.GiveUp();
        Worker.AccessLogs.Write(this);
        Sending?.Close();
        Body?.Close();
        Worker.Return(this);
    }
}
