using System.Net;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// A connection of a client from its first byte on (nginx: ngx_http_connection_t): PROXY protocol, TLS, then the version of HTTP.
/// Invariants: it is counted from the beginning to the end, once; its server is the one that TLS named, or the default one, until a
/// request names another. On the worker's executor only.
/// </summary>
internal sealed class ClientConnection : IClientConnection, IHttpApplication, ITlsHandler
{
    private static readonly TlsProtocolNames Http1Names = new("http/1.1", "http/1.0", "http/0.9");
    private static readonly TlsProtocolNames Http2Names = new("h2", "http/1.1", "http/1.0", "http/0.9");

    private readonly NginxServer _server;
    private readonly Address _address;
    private HttpConnection? _http;
    private TlsSession? _tls;
    private RequestValues? _values;
    private Level? _certificates;
    private bool _isClosed;

    public ClientConnection(NginxWorker worker, NginxServer server, ListenSocket<HttpServer> listen, SessionTransport transport)
    {
        (Worker, _server, _address, Listen, Transport, Server) = (worker, server, listen.Address, listen, transport, listen.DefaultServer);
        worker.Counters.Opened();
        worker.Connections.Add(this);
        server.Opened(this);
    }

    public NginxWorker Worker { get; }

    public SessionTransport Transport { get; }

    public EndPoint Remote => Transport.Remote;

    public EndPoint Local => Transport.Local;

    public long ConnectionId => Transport.ConnectionId;

    public ListenPoint ListenPoint => new(_address);

    /// <summary>Where it was accepted, as the configuration has it now.</summary>
    public ListenSocket<HttpServer> Listen { get; private set; }

    /// <summary>The server until a request names one.</summary>
    public HttpServer Server { get; private set; }

    /// <summary>The name by which TLS chose the server; null where it chose none.</summary>
    public byte[]? ServerName { get; private set; }

    public ProxyProtocol? ProxyProtocol { get; private set; }

    public TlsInfo? Tls => _tls?.Info;

    // What is known of requests before there is one.
    private RequestValues Values => _values ??= Worker.RentValues(new HandshakeVariables(this, PartVariables.OfHttp));

    private bool IsHttp2 => Listen.Options.IsHttp2 || Server.Level.Get(Http2Module.Http2);

    /// <summary>The session that the connection begins with.</summary>
    public Session Begin() => !Listen.Options.IsProxyProtocol ? Secure()
        : new ProxyProtocolSession(Transport, Worker.Http.Deadlines, Server.Level.Get(HttpCoreModule.ClientHeaderTimeout),
            header =>
            {
                ProxyProtocol = header;
                return Secure();
            },
            error => Log(LogLevel.Error, $"{error} while reading PROXY protocol"), Close).Begin();

    /// <summary>Among the connections of its worker.</summary>
    public LinkedListNode<ClientConnection>? Place { get; set; }

    /// <summary>It waits for a request, and may be ended to make room.</summary>
    public bool IsReusable => _http is { IsReusable: true };

    /// <summary>Takes no further request.</summary>
    public void Drain()
    {
        if (_http is not null)
            _http.Drain();
        else
            Transport.Close();
    }

    /// <summary>The session is not to be taken up again: its client is not the one that it ought to be.</summary>
    public void ForgetTlsSession() => _tls?.ForgetSession();

    /// <summary>A line of the error log, with what is known of the connection.</summary>
    public void Log(LogLevel level, string message) => Worker.ErrorLogs.Write(this, level, message);

    /// <summary>The connection is gone before HTTP was spoken on it.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        Worker.Counters.Closed();
        Worker.Connections.Remove(this);
        _server.Closed(this);
    }

    void IClientConnection.Finish() => Transport.Close();

    void IClientConnection.Abort() => Transport.Abort();

    void IHttpApplication.Opened(HttpConnection connection) => (_http, connection.State) = (connection, this);

    void IHttpApplication.Reading(HttpConnection connection, bool isReading) => Worker.Counters.Reads(isReading);

    void IHttpApplication.Closed(HttpConnection connection, Exception? error) => Close();

    void IHttpApplication.Begin(HttpExchange exchange)
    {
        Worker.Counters.Began();
        Update();
        var request = new HttpRequest(Worker, Listen, exchange);
        exchange.Handler = request;
        Phases.Begin(request);
    }

    bool ITlsHandler.Choose(TlsSession tls, string? serverName, ref TlsServerContext context)
    {
        _tls = tls;
        ChooseServer(serverName);
        if (_server.Tls.Find(Server.Level) is { } own)
            (context, _certificates) = (own, Server.Level);
        else
            _certificates = Listen.DefaultServer.Level;
        tls.Protocols = IsHttp2 ? Http2Names : Http1Names;
        return !Server.Level.Get(TlsModule.Http.RejectHandshake) || context.RejectsHandshakes;
    }

    bool ITlsHandler.Certify(TlsSession tls)
    {
        try
        {
            return TryCertify(tls, isFresh: false) || TryCertify(tls, isFresh: true);
        }
        catch (TlsException e)
        {
            Log(LogLevel.Error, $"{e.Message} while SSL handshaking");
            return false;
        }
    }

    Session? ITlsHandler.Opened(TlsSession tls, SessionTransport transport)
    {
        _tls = tls;
        var options = Server.Level.Get(ConnectionOptions.Http1);
        return IsHttp2 && tls.Info.AlpnProtocol == "h2"
            ? new Http2Connection(Worker.Http, transport, this, options, ConnectionOptions.Http2Of(Server.Level))
            : new Http1Connection(Worker.Http, transport, this, options);
    }

    // Requests are answered that it is the wrong port.
    Session? ITlsHandler.Plain(TlsSession tls, SessionTransport transport) =>
        new Http1Connection(Worker.Http, transport, this, Server.Level.Get(ConnectionOptions.Http1));

    void ITlsHandler.Failed(TlsSession tls, TlsException error)
    {
        Log(error.Failure == TlsFailure.Internal ? LogLevel.Crit : LogLevel.Info, $"{error.Message} while SSL handshaking");
        Close();
    }

    private Session Secure()
    {
        if (Listen.Options.IsTls && _server.Tls.Find(Listen.DefaultServer.Level) is { } context)
            return TlsSession.Accept(Worker.Http, Transport, context, this);
        var options = Server.Level.Get(ConnectionOptions.Http1);
        return IsHttp2
            ? new PrefaceSession(this, options, ConnectionOptions.Http2Of(Server.Level)).Begin()
            : new Http1Connection(Worker.Http, Transport, this, options);
    }

    // The configuration may have become another one while the connection was idle.
    private void Update()
    {
        if (_server.TryFind(_address) is not { } listen || ReferenceEquals(listen, Listen))
            return;
        (Listen, Server, _values) = (listen, listen.DefaultServer, null);
        if (ServerName is { } name)
            ChooseServer(Latin1.Text(name));
    }

    private void ChooseServer(string? serverName)
    {
        ServerName = null;
        var host = serverName is null ? [] : Latin1.Bytes(serverName);
        if (!HostName.TryParse(host, new byte[host.Length], out var name, out _))
            return;
        if (!Listen.TryFind(name, Listen.HasPatterns ? Values : null, out var server))
            return;
        (Server, ServerName) = (server, name.ToArray());
    }

    private bool TryCertify(TlsSession tls, bool isFresh)
    {
        var level = _certificates!;
        try
        {
            foreach (var certificate in _server.Tls.Certificates(level, Values, isFresh))
                tls.Use(certificate);
            return true;
        }
        catch (TlsException) when (!isFresh && _server.Tls.IsCached(level))
        {
            return false;
        }
    }
}
