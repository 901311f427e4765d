using System.Net;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// A connection of the stream part in nginx' phases: PROXY protocol, its address, limits, access, TLS, a look at what comes, content
/// (ngx_stream_handler.c). It is itself what takes the client's bytes. Invariants: it ends once, with a status and a line of the log; until
/// content takes them, the client's bytes stay with the transport. On the worker's executor.
/// </summary>
internal sealed class StreamSession : Session, IClientConnection, ITlsHandler
{
    private readonly NginxServer _server;
    private readonly ListenSocket<StreamServer> _listen;
    private readonly List<(ConnectionZone Zone, string Key)> _counted = [];
    private Preread? _preread;
    private StreamProxy? _proxy;
    private TlsSession? _tls;
    private Level? _certificates;
    private Session? _passed;
    private bool _isSecured;
    private bool _isOver;
    private bool _isClosed;

    public StreamSession(NginxWorker worker, NginxServer server, ListenSocket<StreamServer> listen, SessionTransport transport)
    {
        (Worker, _server, _listen, Transport, Bare, Server) = (worker, server, listen, transport, transport, listen.DefaultServer);
        Client = worker.AddressOf(transport.Remote);
        BeganMs = worker.Http.Deadlines.NowMs;
        Values = new RequestValues(server.Configuration.Stream!.Variables, new StreamVariables(this));
        server.Opened(this);
    }

    public NginxWorker Worker { get; }

    public Address ListenAddress => _listen.Address;

    /// <summary>Where what the client is sent goes: over TLS, once it is there.</summary>
    public SessionTransport Transport { get; private set; }

    public StreamServer Server { get; private set; }

    public Level Level => Server.Level;

    public ProxyProtocol? ProxyProtocol { get; private set; }

    public TlsInfo? Tls => _tls?.Info;

    public RequestValues Values { get; private set; }

    /// <summary>The client's address; null for a unix socket's.</summary>
    public IPEndPoint? Client { get; private set; }

    public ClientHello? Hello { get; private set; }

    public List<UpstreamAttempt> Attempts { get; } = [];

    public long BeganMs { get; }

    public long BytesReceived { get; set; }

    public long BytesSent { get; set; }

    /// <summary>As logs show it; 0 before there is one.</summary>
    public int Status { get; private set; }

    public string? ConnectionLimitStatus { get; set; }

    /// <summary>How often the connection was passed on before.</summary>
    public int Passes { get; init; }

    /// <summary>Some of what came was looked at, and is not the socket's any more.</summary>
    public bool HasReadAhead { get; private set; }

    public override Memory<byte> Room => _passed?.Room ?? default;

    // The transport without TLS.
    private SessionTransport Bare { get; }

    /// <summary>The session that the connection begins with.</summary>
    public Session Begin()
    {
        Bare.KeepsInputOfEnd = true;
        return !_listen.Options.IsProxyProtocol ? Start()
            : new ProxyProtocolSession(Bare, Worker.Http.Deadlines, Level.Get(StreamCoreModule.ProxyProtocolTimeout),
                header =>
                {
                    ProxyProtocol = header;
                    return Start();
                },
                error =>
                {
                    Log(LogLevel.Error, $"{error} while reading PROXY protocol");
                    Finish(400);
                }, () => End(400)).Begin();
    }

    /// <summary>Sessions last as long as they last.</summary>
    public void Drain()
    {
    }

    /// <summary>A line of the error log.</summary>
    public void Log(LogLevel level, string message) => StreamLogs.WriteError(this, _server, level, message);

    public override void Filled(int count) => _passed!.Filled(count);

    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_passed is not null)
            return _passed.Receive(input);
        if (_isOver)
            return input.Length;
        if (_proxy is { IsOpen: true } proxy)
        {
            var taken = proxy.FromClient(input);
            BytesReceived += taken;
            return taken;
        }
        if (_preread is { } preread && preread.TryRead(input, out var hello))
        {
            StopPreread();
            Hello = hello;
            HasReadAhead = _isSecured && input.Length > 0;
            if (hello is { ServerName.Length: > 0 })
                ChooseServer(hello.ServerName);
            Answer();
        }
        return 0;
    }

    public override void InputEnded(SessionTransport transport)
    {
        if (_passed is not null)
            _passed.InputEnded(transport);
        else if (_proxy is not null)
            _proxy.ClientEnded();
        else
            Finish(200);
    }

    public override void PeerLeft() => _passed?.PeerLeft();

    public override void Drained()
    {
        _passed?.Drained();
        _proxy?.ClientDrained();
    }

    public override void Closed(Exception? error)
    {
        _isClosed = true;
        _passed?.Closed(error);
        End(Status == 0 ? 200 : Status);
    }

    /// <summary>Shows what the client sent, and goes on with it.</summary>
    public void TakeInput()
    {
        Transport.ResumeInput();
        Transport.ShowLeftover();
    }

    /// <summary>The session is over; what was written leaves.</summary>
    public void Finish(int status)
    {
        if (_isOver)
            return;
        End(status);
        if (!_isClosed)
            Transport.Close();
    }

    bool ITlsHandler.Choose(TlsSession tls, string? serverName, ref TlsServerContext context)
    {
        _tls = tls;
        if (serverName is { Length: > 0 })
            ChooseServer(serverName);
        var own = _server.StreamTls.Find(Level);
        _certificates = own is null ? _listen.DefaultServer.Level : Level;
        context = own ?? context;
        return !Level.Get(TlsModule.Stream.RejectHandshake) || context.RejectsHandshakes;
    }

    bool ITlsHandler.Certify(TlsSession tls)
    {
        try
        {
            foreach (var certificate in _server.StreamTls.Certificates(_certificates!, Values, isFresh: false))
                tls.Use(certificate);
            return true;
        }
        catch (TlsException e)
        {
            Log(LogLevel.Error, $"{e.Message} while SSL handshaking");
            return false;
        }
    }

    Session? ITlsHandler.Opened(TlsSession tls, SessionTransport transport)
    {
        (Transport, _isSecured) = (transport, true);
        transport.KeepsInputOfEnd = true;
        Worker.Http.Executor.Post(static s => ((StreamSession)s!).GoOnBehindTls(), this);
        return this;
    }

    void ITlsHandler.Failed(TlsSession tls, TlsException error)
    {
        Log(error.Failure == TlsFailure.Internal ? LogLevel.Crit : LogLevel.Info, $"{error.Message} while SSL handshaking");
        _isClosed = true;
        End(500);
    }

    // Up to TLS.
    private Session Start()
    {
        Log(LogLevel.Info, $"client {Address.TextOf(Bare.Remote)} connected to {Address.TextOf(Bare.Local)}");
        if (StreamAccess.RealClient(this) is { } client)
            Client = client;
        foreach (var (variable, value) in Level.Get(StreamCoreModule.Assignments))
            Values.Set(variable, value.Evaluate(Values).Span);
        var status = StreamAccess.Check(this, _counted);
        if (status != 0)
        {
            Worker.Http.Executor.Post(() => Finish(status));
            return this;
        }
        if (_listen.Options.IsTls && _server.StreamTls.Find(Level) is { } context)
            return TlsSession.Accept(Worker.Http, Bare, context, this);
        Worker.Http.Executor.Post(static s => ((StreamSession)s!).GoOnBehindTls(), this);
        return this;
    }

    private void GoOnBehindTls()
    {
        if (_isOver)
            return;
        if (_isSecured && StreamAccess.CheckCertificate(this, _tls!) is var status && status != 0)
        {
            Finish(status);
            return;
        }
        if (!Level.Get(StreamCoreModule.SslPreread))
        {
            Answer();
            return;
        }
        _preread = new Preread(this);
        Worker.Http.Deadlines.Set(_preread, Level.Get(StreamCoreModule.PrereadTimeout));
        Transport.ShowLeftover();
    }

    private void Answer()
    {
        switch (Server.Content)
        {
            case StreamContent.Return { Text: var text }:
                var bytes = text.Evaluate(Values).Span;
                Transport.Output.Write(bytes);
                Transport.ReleaseAll();
                BytesSent += bytes.Length;
                Finish(200);
                break;
            case StreamContent.Proxy { Target: var target }:
                Transport.PauseInput();
                _proxy = new StreamProxy(this, _server, target);
                _proxy.Begin();
                break;
            case StreamContent.Pass pass:
                PassOn(pass);
                break;
        }
    }

    // Whoever goes on sees what the client sent as if it had been there from the beginning.
    private void PassOn(StreamContent.Pass pass)
    {
        Transport.KeepsInputOfEnd = false;
        _passed = StreamPass.Open(this, _server, pass, out var status);
        if (_passed is null)
            Finish(status);
        else
            Transport.ShowLeftover();
    }

    private void ChooseServer(string name)
    {
        var host = Latin1.Bytes(name);
        if (HostName.TryParse(host, new byte[host.Length], out var lower, out _) && _listen.TryFind(lower, Values, out var server))
            Server = server;
    }

    private void StopPreread()
    {
        if (_preread is not null)
            Worker.Http.Deadlines.Remove(_preread);
        _preread = null;
    }

    private void End(int status)
    {
        if (_isOver)
            return;
        (_isOver, Status) = (true, status);
        StopPreread();
        _proxy?.End();
        // A connection that was passed on is another's to log.
        if (_passed is null)
            StreamLogs.WriteAccess(this);
        foreach (var (zone, key) in _counted)
            zone.End(key);
        _server.Closed(this);
    }

    private sealed class Preread(StreamSession session) : Deadline
    {
        public bool TryRead(ReadOnlySpan<byte> input, out ClientHello? hello)
        {
            var max = (int)Math.Min(int.MaxValue, session.Level.Get(StreamCoreModule.PrereadBufferSize));
            if (ClientHello.TryRead(input[..Math.Min(max, input.Length)], out hello))
                return true;
            if (input.Length < max)
                return false;
            session.Log(LogLevel.Error, "preread buffer full");
            session.Finish(400);
            return false;
        }

        protected override void Expired() => session.Finish(200);
    }
}
