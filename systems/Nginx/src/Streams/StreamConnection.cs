using System.Net;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// A session over a connection in nginx' phases: PROXY protocol, access, TLS, a look at what comes, content (ngx_stream_handler.c). It is
/// itself what takes the client's bytes. Invariant: until content takes them, the client's bytes stay with the transport. On the worker's
/// executor.
/// </summary>
internal sealed class StreamConnection : Session, IStreamClient, ITlsHandler
{
    private readonly StreamSession _session;
    private readonly SessionTransport _bare;
    private Preread? _preread;
    private StreamProxy? _proxy;
    private TlsSession? _tls;
    private Level? _certificates;
    private Session? _passed;
    private bool _isSecured;
    private bool _isClosed;

    public StreamConnection(NginxWorker worker, NginxServer nginx, ListenSocket<StreamServer> listen, SessionTransport transport)
    {
        (Transport, _bare) = (transport, transport);
        _session = new StreamSession(worker, nginx, listen, this) { Ended = Ended };
    }

    /// <summary>Where what the client is sent goes: over TLS, once it is there.</summary>
    public SessionTransport Transport { get; private set; }

    /// <summary>How often the connection was passed on before.</summary>
    public int Passes { get; init; }

    /// <summary>Some of what came was looked at, and is not the socket's any more.</summary>
    public bool HasReadAhead { get; private set; }

    public bool IsUdp => false;

    public EndPoint Remote => _bare.Remote;

    public EndPoint Local => _bare.Local;

    public long Id => _bare.ConnectionId;

    public override Memory<byte> Room => _passed?.Room ?? default;

    private Level Level => _session.Level;

    private NginxServer Nginx => _session.Nginx;

    private HttpWorker Worker => _session.Worker.Http;

    /// <summary>The session that the connection begins with.</summary>
    public Session Begin()
    {
        _bare.KeepsInputOfEnd = true;
        return !_session.Listen.Options.IsProxyProtocol ? Start()
            : new ProxyProtocolSession(_bare, Worker.Deadlines, Level.Get(StreamCoreModule.ProxyProtocolTimeout),
                header =>
                {
                    _session.ProxyProtocol = header;
                    return Start();
                },
                error =>
                {
                    _session.Log(LogLevel.Error, $"{error} while reading PROXY protocol");
                    _session.Finish(400);
                }, () => _session.End(400)).Begin();
    }

    public void Close()
    {
        if (!_isClosed)
            Transport.Close();
    }

    /// <summary>Sessions last as long as they last.</summary>
    public void Drain()
    {
    }

    public void Abort() => Transport.Abort();

    /// <summary>Shows what the client sent, and goes on with it.</summary>
    public void TakeInput()
    {
        Transport.ResumeInput();
        Transport.ShowLeftover();
    }

    public override void Filled(int count) => _passed!.Filled(count);

    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_passed is not null)
            return _passed.Receive(input);
        if (_session.IsOver)
            return input.Length;
        if (_proxy is { IsOpen: true } proxy)
        {
            var taken = proxy.FromClient(input);
            _session.BytesReceived += taken;
            return taken;
        }
        if (_preread is { } preread && preread.TryRead(input, out var hello))
        {
            StopPreread();
            _session.Hello = hello;
            HasReadAhead = _isSecured && input.Length > 0;
            if (hello is { ServerName.Length: > 0 })
                _session.ChooseServer(hello.ServerName);
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
            _session.Finish(200);
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
        // A connection that was passed on is another's to log.
        _session.End(200, isLogged: _passed is null);
    }

    bool ITlsHandler.Choose(TlsSession tls, string? serverName, ref TlsServerContext context)
    {
        _tls = tls;
        if (serverName is { Length: > 0 })
            _session.ChooseServer(serverName);
        var own = Nginx.StreamTls.Find(Level);
        _certificates = own is null ? _session.Listen.DefaultServer.Level : Level;
        context = own ?? context;
        return !Level.Get(TlsModule.Stream.RejectHandshake) || context.RejectsHandshakes;
    }

    bool ITlsHandler.Certify(TlsSession tls)
    {
        try
        {
            foreach (var certificate in Nginx.StreamTls.Certificates(_certificates!, _session.Values, isFresh: false))
                tls.Use(certificate);
            return true;
        }
        catch (TlsException e)
        {
            _session.Log(LogLevel.Error, $"{e.Message} while SSL handshaking");
            return false;
        }
    }

    Session? ITlsHandler.Opened(TlsSession tls, SessionTransport transport)
    {
        (Transport, _isSecured) = (transport, true);
        transport.KeepsInputOfEnd = true;
        Worker.Executor.Post(static s => ((StreamConnection)s!).GoOnBehindTls(), this);
        return this;
    }

    void ITlsHandler.Failed(TlsSession tls, TlsException error)
    {
        _session.Log(error.Failure == TlsFailure.Internal ? LogLevel.Crit : LogLevel.Info, $"{error.Message} while SSL handshaking");
        _isClosed = true;
        _session.End(500);
    }

    // Up to TLS.
    private Session Start()
    {
        var status = _session.Enter();
        if (status != 0)
        {
            Worker.Executor.Post(() => _session.Finish(status));
            return this;
        }
        if (_session.Listen.Options.IsTls && Nginx.StreamTls.Find(Level) is { } context)
            return TlsSession.Accept(Worker, _bare, context, this);
        Worker.Executor.Post(static s => ((StreamConnection)s!).GoOnBehindTls(), this);
        return this;
    }

    private void GoOnBehindTls()
    {
        if (_session.IsOver)
            return;
        if (_isSecured && StreamAccess.CheckCertificate(_session, _tls!) is var status && status != 0)
        {
            _session.Finish(status);
            return;
        }
        if (!Level.Get(StreamCoreModule.SslPreread))
        {
            Answer();
            return;
        }
        _preread = new Preread(_session);
        Worker.Deadlines.Set(_preread, Level.Get(StreamCoreModule.PrereadTimeout));
        Transport.ShowLeftover();
    }

    private void Answer()
    {
        switch (_session.Server.Content)
        {
            case StreamContent.Return { Text: var text }:
                var bytes = text.Evaluate(_session.Values).Span;
                Transport.Output.Write(bytes);
                Transport.ReleaseAll();
                _session.BytesSent += bytes.Length;
                _session.Finish(200);
                break;
            case StreamContent.Proxy { Target: var target }:
                Transport.PauseInput();
                _proxy = new StreamProxy(_session, this, target);
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
        _passed = StreamPass.Open(_session, this, pass, out var status);
        if (_passed is null)
            _session.Finish(status);
        else
            Transport.ShowLeftover();
    }

    private void StopPreread()
    {
        if (_preread is not null)
            Worker.Deadlines.Remove(_preread);
        _preread = null;
    }

    private void Ended()
    {
        StopPreread();
        _proxy?.End();
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
