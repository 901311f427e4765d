using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Passes a session's bytes to an upstream and back (ngx_stream_proxy_module). Invariants: there is one server at a time; another one is
/// tried only before bytes flow; whoever has too much to send stops the other side. On the worker's executor.
/// </summary>
internal sealed class StreamProxy : Session, IConnectHandler, ITlsHandler
{
    private readonly StreamSession _session;
    private readonly NginxServer _server;
    private readonly ProxyTarget _target;
    private readonly HttpWorker _worker;
    private readonly Timeout _timeout;
    private readonly long _beganMs;
    private UpstreamServers? _servers;
    private Selection? _selection;
    private UpstreamAttempt? _attempt;
    private Lookup? _lookup;
    private IPendingConnect? _connecting;
    private SessionTransport? _upstream;
    private StreamRate? _upload;
    private StreamRate? _download;
    private long _triedMs;
    private long _triesLeft;
    private bool _isOver;
    private bool _hasClientEnded;
    private bool _hasUpstreamEnded;

    public StreamProxy(StreamSession session, NginxServer server, ProxyTarget target)
    {
        (_session, _server, _target, _worker) = (session, server, target, session.Worker.Http);
        (_timeout, _beganMs) = (new Timeout(this), session.Worker.Http.Deadlines.NowMs);
    }

    /// <summary>Bytes flow.</summary>
    public bool IsOpen { get; private set; }

    private Level Level => _session.Level;

    private long NowMs => _worker.Deadlines.NowMs;

    public void Begin()
    {
        if (StreamDestination.Find(_session, _server, _target, out var unresolved) is { } servers)
            Begin(servers);
        else if (unresolved is not null)
            _lookup = StreamDestination.Resolve(_session, unresolved, Resolved);
        else
            _session.Finish(500);
    }

    private void Resolved(UpstreamServers? servers)
    {
        _lookup = null;
        if (servers is null)
            _session.Finish(500);
        else
            Begin(servers);
    }

    private void Begin(UpstreamServers servers)
    {
        _servers = servers;
        _selection = _servers.Select(_session.Values, _session.Client?.Address);
        _triesLeft = Level.Get(StreamProxyModule.NextUpstreamTries) is > 0 and var max
            ? Math.Min(max, _servers.TriesMax) : _servers.TriesMax;
        Try();
    }

    /// <summary>The client sent this. Returns how much is taken.</summary>
    public int FromClient(ReadOnlySpan<byte> bytes)
    {
        var count = _upload!.Take(bytes.Length);
        bytes = bytes[..count];
        if (_upload.IsHeld)
            _session.Transport.PauseInput();
        if (count == 0)
            return 0;
        Active();
        _attempt!.BytesSent += bytes.Length;
        _upstream!.Output.Write(bytes);
        _upstream.ReleaseAll();
        if (_upstream.PendingBytes > _upstream.HighWater)
            _session.Transport.PauseInput();
        return count;
    }

    /// <summary>The client sends no more.</summary>
    public void ClientEnded()
    {
        _hasClientEnded = true;
        if (!IsOpen || !Level.Get(StreamProxyModule.HalfClose) || _hasUpstreamEnded)
            Over("client disconnected");
        else
            _upstream!.EndOutput();
    }

    /// <summary>The client has taken most of what was sent to it.</summary>
    public void ClientDrained()
    {
        if (IsOpen && !_download!.IsHeld)
            _upstream!.ResumeInput();
    }

    /// <summary>The session is over.</summary>
    public void End()
    {
        if (_isOver)
            return;
        _isOver = true;
        IsOpen = false;
        _worker.Deadlines.Remove(_timeout);
        _upload?.Remove();
        _download?.Remove();
        _lookup?.Cancel();
        _connecting?.Cancel();
        Release(hasFailed: false);
        _upstream?.Close();
    }

    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_isOver)
            return input.Length;
        var count = _download!.Take(input.Length);
        input = input[..count];
        if (_download.IsHeld)
            _upstream!.PauseInput();
        if (count == 0)
            return 0;
        Active();
        if (_attempt!.BytesReceived == 0)
            _attempt.HeaderMs = NowMs - _triedMs;
        _attempt.BytesReceived += input.Length;
        _session.BytesSent += input.Length;
        var client = _session.Transport;
        client.Output.Write(input);
        client.ReleaseAll();
        if (client.PendingBytes > client.HighWater)
            _upstream!.PauseInput();
        return count;
    }

    public override void InputEnded(SessionTransport transport)
    {
        _hasUpstreamEnded = true;
        if (!IsOpen || !Level.Get(StreamProxyModule.HalfClose) || _hasClientEnded)
            Over("upstream disconnected");
        else
            _session.Transport.EndOutput();
    }

    public override void Drained()
    {
        if (IsOpen && !_upload!.IsHeld)
            _session.Transport.ResumeInput();
    }

    public override void Closed(Exception? error) => Over("upstream disconnected");

    Session? IConnectHandler.Connected(SessionTransport transport)
    {
        _connecting = null;
        if (_isOver)
            return null;
        _upstream = transport;
        WriteProxyProtocol(transport);
        if (!Level.Get(StreamProxyModule.Ssl))
        {
            Open(transport);
            return this;
        }
        try
        {
            var tls = _server.StreamProxyTls.Of(Level, _session.Values, _target.HostHeader, $"{_servers!.Name} {_attempt!.Peer}");
            return TlsSession.Connect(_worker, transport, tls.Context, tls.Target, this);
        }
        catch (TlsException e)
        {
            _session.Log(LogLevel.Error, $"{e.Message} while connecting to upstream");
            _session.Finish(500);
            return null;
        }
    }

    void IConnectHandler.Failed(ConnectFailedException error)
    {
        _connecting = null;
        if (_isOver)
            return;
        _session.Log(LogLevel.Error, $"connect() failed ({error.Errno}: {error.Message}) while connecting to upstream");
        TryNext();
    }

    Session? ITlsHandler.Opened(TlsSession tls, SessionTransport transport)
    {
        if (_isOver)
            return null;
        _upstream = transport;
        Open(transport);
        return this;
    }

    void ITlsHandler.Failed(TlsSession tls, TlsException error)
    {
        if (_isOver)
            return;
        _upstream = null;
        _session.Log(error.Failure == TlsFailure.Internal ? LogLevel.Crit : LogLevel.Error,
            $"{error.Message} while SSL handshaking to upstream");
        TryNext();
    }

    private void Try()
    {
        _triedMs = NowMs;
        var peer = _servers!.Choose(_selection!, _triedMs / 1000);
        _attempt = new UpstreamAttempt(this, peer is null ? _servers.Name : _servers.TextOf(peer));
        _session.Attempts.Add(_attempt);
        if (peer is null)
        {
            _session.Log(LogLevel.Error, "no live upstreams while connecting to upstream");
            _session.Finish(502);
            return;
        }
        _worker.Deadlines.Set(_timeout, Level.Get(StreamProxyModule.ConnectTimeout));
        _connecting = _worker.Connect(peer.Address, new ConnectOptions
        {
            Local = BindDirective.EndPointOf(Level.Get(StreamProxyModule.Bind), _session.Values),
            KeepAlive = Level.Get(StreamProxyModule.SocketKeepAlive), ReceiveBufferBytes = (int)Level.Get(StreamProxyModule.SocketRcvBuf),
            SendBufferBytes = (int)Level.Get(StreamProxyModule.SocketSndBuf),
        }, this);
    }

    private void TryNext()
    {
        Release(hasFailed: true);
        var timeout = Level.Get(StreamProxyModule.NextUpstreamTimeout);
        if (!Level.Get(StreamProxyModule.NextUpstream) || --_triesLeft <= 0 || (timeout > 0 && NowMs - _beganMs >= timeout))
            _session.Finish(502);
        else
            Try();
    }

    private void Open(SessionTransport transport)
    {
        _attempt!.ConnectMs = NowMs - _triedMs;
        _servers!.Succeed(_selection!);
        IsOpen = true;
        _upload = RateOf(StreamProxyModule.UploadRate, ResumeClient);
        _download = RateOf(StreamProxyModule.DownloadRate, ResumeUpstream);
        transport.KeepsInputOfEnd = true;
        Active();
        _session.TakeInput();
    }

    private StreamRate RateOf(Setting<ValueOrSize?> setting, Action resume)
    {
        var rate = Level.Get(setting);
        var bytes = rate?.Value is { } value
            ? Measures.Size(Latin1.Text(value.Evaluate(_session.Values).Span)) ?? 0 : rate?.Size ?? 0;
        return new StreamRate(_worker.Deadlines, bytes, resume);
    }

    private void ResumeClient()
    {
        if (IsOpen && _upstream!.PendingBytes <= _upstream.HighWater)
            _session.TakeInput();
    }

    private void ResumeUpstream()
    {
        if (!IsOpen || _session.Transport.PendingBytes > _session.Transport.HighWater)
            return;
        _upstream!.ResumeInput();
        _upstream.ShowLeftover();
    }

    // As a proxy tells what it passes on.
    private void WriteProxyProtocol(SessionTransport transport)
    {
        var version = Level.Get(StreamProxyModule.ProxyProtocol);
        if (version == ProxyProtocolVersion.Off)
            return;
        var (client, local) = (_session.Client, _session.Worker.AddressOf(_session.Transport.Local));
        transport.Output.Write(version == ProxyProtocolVersion.V2
            ? ProxyProtocolHeader.Binary(client, local) : ProxyProtocolHeader.Text(client, local));
        transport.ReleaseAll();
    }

    private void Active() => _worker.Deadlines.Set(_timeout, Level.Get(StreamProxyModule.Timeout));

    private void Release(bool hasFailed)
    {
        if (_attempt is { ResponseMs: < 0 })
            _attempt.ResponseMs = NowMs - _triedMs;
        if (_selection?.Current is null)
            return;
        if (_servers!.Release(_selection, hasFailed, NowMs / 1000))
            _session.Log(LogLevel.Warn, "upstream server temporarily disabled while connecting to upstream");
    }

    private void Over(string what)
    {
        if (_isOver)
            return;
        _session.Log(LogLevel.Info, what);
        _session.Finish(200);
    }

    private void TimedOut()
    {
        if (IsOpen)
        {
            _session.Log(LogLevel.Info, "connection timed out (110: Connection timed out) while proxying connection");
            _session.Finish(200);
            return;
        }
        _session.Log(LogLevel.Error, "upstream timed out (110: Connection timed out) while connecting to upstream");
        _connecting?.Cancel();
        _connecting = null;
        _upstream?.Abort();
        _upstream = null;
        TryNext();
    }

    private sealed class Timeout(StreamProxy proxy) : Deadline
    {
        protected override void Expired() => proxy.TimedOut();
    }
}
