using System.Net;
using System.Runtime.InteropServices;
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
    private List<InnerExchange>? _inner;
    private HttpExchange? _held;

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
        Client = worker.AddressOf(exchange.Connection.Transport.Remote);
    }

    /// <summary>A subrequest: it has the client, the server and the values of another.</summary>
    public HttpRequest(HttpRequest parent, InnerExchange exchange)
    {
        (Worker, Listen, Exchange, Server, Parent) = (parent.Worker, parent.Listen, exchange, parent.Server, parent);
        Location = Server.Root;
        BeganAt = Worker.Http.Clock.GetTimestamp();
        BeganTime = Worker.Http.Clock.GetUtcNow();
        Values = new RequestValues(parent.Values, new RequestVariables(this));
        Method = exchange.Method;
        MethodName = exchange.MethodName.ToArray();
        (Host, Client, HasToldClient, IsInternal) = (parent.Host, parent.Client, parent.HasToldClient, true);
        (SubrequestsLeft, UriChangesLeft) = (parent.SubrequestsLeft - 1, UriChangesMax + 1);
    }

    public NginxWorker Worker { get; }

    /// <summary>What a world makes of it; null outside of one, and before a location is chosen.</summary>
    public RequestWatch? Watch { get; set; }

    /// <summary>The request that this one is a subrequest of; null for a client's own.</summary>
    public HttpRequest? Parent { get; }

    /// <summary>The client's own request, which this one is made for or is.</summary>
    public HttpRequest Origin => Parent?.Origin ?? this;

    /// <summary>Subrequests of subrequests, so many deep.</summary>
    public int SubrequestsLeft { get; } = Subrequests.DepthMax;

    /// <summary>What is asked on its behalf, and ends with it.</summary>
    public List<InnerExchange> Inner => _inner ??= [];

    /// <summary>The same, to be looked at.</summary>
    public ReadOnlySpan<InnerExchange> Begun => CollectionsMarshal.AsSpan(_inner);

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

    /// <summary>The client's address, as proxies before it tell where they are trusted; null for a unix socket's.</summary>
    public IPEndPoint? Client { get; set; }

    /// <summary>It came here by a redirect of nginx' own.</summary>
    public bool IsInternal { get; set; }

    /// <summary>The path had escapes or plus signs.</summary>
    public bool HasEscapedUri { get; set; }

    /// <summary>The path as it came is that of the target: it may be passed on as it is.</summary>
    public bool IsUriChanged { get; set; }

    /// <summary>The path begins with the location's name; a rewrite that stays in the location ends that.</summary>
    public bool IsLocationValid { get; set; } = true;

    /// <summary>The path lies below an alias that is the whole path otherwise: try_files found it there.</summary>
    public bool AddsUriToAlias { get; set; }

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

    /// <summary>User and password that the client names; null for none.</summary>
    public BasicCredentials? Credentials => field ??= BasicCredentials.Of(Exchange.RequestHeaders);

    /// <summary><c>$limit_req_status</c>; null until a limit was asked.</summary>
    public string? RequestLimitStatus { get; set; }

    /// <summary><c>$limit_conn_status</c>; null until a limit was asked.</summary>
    public string? ConnectionLimitStatus { get; set; }

    /// <summary><c>$secure_link_expires</c>, once the link was looked at.</summary>
    public string? SecureLinkExpires { get; set; }

    /// <summary>Where it is counted until it is over.</summary>
    public List<(ConnectionZone Zone, string Key)> Counted => field ??= [];

    /// <summary>Status by which an access rule refuses, while another may still let the request pass; 0 for none.</summary>
    public int AccessStatus { get; set; }

    /// <summary>The address in <see cref="Client"/> is what a trusted proxy told.</summary>
    public bool HasToldClient { get; set; }

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

    /// <summary>The use of a cache whose response this request is to make anew, in another's place; null for none.</summary>
    public CacheUse? CacheUpdate { get; set; }

    /// <summary>What upstream servers were asked and said.</summary>
    public UpstreamTrace Upstream { get; } = new();

    /// <summary>The parts that its response is fetched in; null for none.</summary>
    public Slice? Slice { get; set; }

    /// <summary>What SSI knows of it.</summary>
    public SsiRequest Ssi => field ??= new SsiRequest(Parent?.Ssi.Shared ?? new SsiShared());

    /// <summary>Fields behind the body, once they are there; null for none.</summary>
    public HeaderList? SentTrailers { get; set; }

    /// <summary>The body of the response on its way; null before.</summary>
    public Sending? Sending { get; set; }

    /// <summary>What went into gzip and came out, in bytes; null where the body was not compressed.</summary>
    public (long Given, long Made)? GzipRatio { get; set; }

    /// <summary>The same of brotli.</summary>
    public (long Given, long Made)? BrotliRatio { get; set; }

    /// <summary>Bytes a second that the response may have; 0 for any, null where only the settings say.</summary>
    public long? LimitRate { get; set; }

    /// <summary>By what the client is known again; null where nobody asked.</summary>
    public UserId? UserId { get; set; }

    public ReadOnlySpan<byte> Uri => _uri;

    public ReadOnlySpan<byte> Arguments => _arguments;

    /// <summary>The request has no body to send: HEAD.</summary>
    public bool IsHead => Method == HttpMethod.Head || Exchange is InnerExchange { WantsHeadOnly: true };

    public void SetUri(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> arguments) => (_uri, _arguments) = (uri.ToArray(), arguments.ToArray());

    public void SetArguments(ReadOnlySpan<byte> arguments) => _arguments = arguments.ToArray();

    void IRewriteRequest.SetUri(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> arguments, bool isBreak)
    {
        SetUri(uri, arguments);
        (IsUriChanged, IsSearchWanted) = (true, !isBreak);
        IsLocationValid &= !isBreak;
    }

    public void StopSearch()
    {
        IsLocationValid &= !IsSearchWanted;
        IsSearchWanted = false;
    }

    public void Enter(HttpLocation location)
    {
        Location = location;
        if (location.Content is not null || location.Kind is not (LocationKind.If or LocationKind.LimitExcept))
            Content = location.Content;
    }

    /// <summary>Is where another is, with what a pattern captured on the way.</summary>
    public void EnterAs(HttpRequest other)
    {
        (Location, Content) = (other.Location, other.Content);
        Values.Captures.Copy(other.Values.Captures);
    }

    public bool Test(ReadOnlySpan<byte> path, FileTest test)
    {
        var facts = path.IsEmpty ? FileFacts.Failed(FileFacts.NotFound) : Worker.Files.Look(this, path);
        return test switch
        {
            FileTest.IsFile => facts.IsFile,
            FileTest.IsFolder => facts.IsFolder,
            FileTest.IsExecutable => facts.IsExecutable,
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

    /// <summary>What it waits for to go on; null where it never did.</summary>
    public RequestDelay? Delay { get; private set; }

    /// <summary>Goes on later; until then the client may leave.</summary>
    public void Wait(long ms, Action<HttpRequest> next)
    {
        Delay ??= new RequestDelay(this);
        Delay.Next = next;
        Worker.Http.Deadlines.Set(Delay, ms);
    }

    /// <summary>Choose settings anew from the server's.</summary>
    public void Reenter() => Location = Server.Root;

    /// <summary>The client's connection goes on only when this is over too.</summary>
    public void HoldOrigin()
    {
        _held = Origin.Exchange;
        _held.Hold();
    }

    /// <summary>It goes on, as far as this is concerned.</summary>
    public void LetOriginGo() => _held?.LetGo();

    void IExchangeHandler.Body(HttpExchange exchange, ReadOnlySpan<byte> bytes) => BodyReader?.Body(bytes);

    void IExchangeHandler.BodyEnded(HttpExchange exchange) => BodyReader?.Ended();

    void IExchangeHandler.BodyFailed(HttpExchange exchange, Refusal refusal) => RequestEnd.BodyFailed(this, refusal);

    void IExchangeHandler.Drained(HttpExchange exchange)
    {
        Sending?.Resume();
        UpstreamClient?.Drained();
    }

    void IExchangeHandler.ClientLeft(HttpExchange exchange) => RequestEnd.ClientLeft(this);

    void IExchangeHandler.Closed(HttpExchange exchange, bool isComplete) => RequestEnd.Closed(this);
}
