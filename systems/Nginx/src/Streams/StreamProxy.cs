using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Passes a connection's bytes to an upstream and back (ngx_stream_proxy_module). Invariants: there is one server at a time; another one is
/// tried only before bytes flow; whoever has too much to send stops the other side. On the worker's executor.
/// </summary>
internal sealed class StreamProxy : Session, IConnectHandler, ITlsHandler
{
    private readonly StreamSession _session;
    private readonly StreamConnection _client;
    private readonly ProxyTarget _target;
    private readonly HttpWorker _worker;
    private readonly Timeout _timeout;
    private readonly StreamUpstream _upstream;
    private IPendingConnect? _connecting;
    private SessionTransport? _server;
    private StreamRate? _upload;
    private StreamRate? _download;
    private bool _isOver;
    private bool _hasClientEnded;
    private bool _hasServerEnded;

    public StreamProxy(StreamSession session, StreamConnection client, ProxyTarget target)
    {
        (_session, _client, _target, _worker) = (session, client, target, session.Worker.Http);
        (_timeout, _upstream) = (new Timeout(this), new StreamUpstream(session, target, Connect));
    }

    /// <summary>Bytes flow.</summary>
    public bool IsOpen { get; private set; }

    private Level Level => _session.Level;

    public void Begin() => _upstream.Begin();

    /// <summary>The client sent this. Returns how much is taken.</summary>
    public int FromClient(ReadOnlySpan<byte> bytes)
    {
        var count = _upload!.Take(bytes.Length);
        bytes = bytes[..count];
        if (_upload.IsHeld)
            _client.Transport.PauseInput();
        if (count == 0)
            return 0;
        Active();
        _upstream.Attempt!.BytesSent += bytes.Length;
        _server!.Output.Write(bytes);
        _server.ReleaseAll();
        if (_server.PendingBytes > _server.HighWater)
            _client.Transport.PauseInput();
        return count;
    }

    /// <summary>The client sends no more.</summary>
    public void ClientEnded()
    {
        _hasClientEnded = true;
        if (!IsOpen || !Level.Get(StreamProxyModule.HalfClose) || _hasServerEnded)
            Over("client disconnected");
        else
            _server!.EndOutput();
    }

    /// <summary>The client has taken most of what was sent to it.</summary>
    public void ClientDrained()
    {
        if (IsOpen && !_download!.IsHeld)
            _server!.ResumeInput();
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
        _connecting?.Cancel();
        _upstream.End(hasFailed: false);
        _server?.Close();
    }

    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_isOver)
            return input.Length;
        var count = _download!.Take(input.Length);
        input = input[..count];
        if (_download.IsHeld)
            _server!.PauseInput();
        if (count == 0)
            return 0;
        Active();
        _upstream.Answered(input.Length);
        _session.BytesSent += input.Length;
        var client = _client.Transport;
        client.Output.Write(input);
        client.ReleaseAll();
        if (client.PendingBytes > client.HighWater)
            _server!.PauseInput();
        return count;
    }

    public override void InputEnded(SessionTransport transport)
    {
        _hasServerEnded = true;
        if (!IsOpen || !Level.Get(StreamProxyModule.HalfClose) || _hasClientEnded)
            Over("upstream disconnected");
        else
            _client.Transport.EndOutput();
    }

    public override void Drained()
    {
        if (IsOpen && !_upload!.IsHeld)
            _client.Transport.ResumeInput();
    }

    public override void Closed(Exception? error) => Over("upstream disconnected");

    Session? IConnectHandler.Connected(SessionTransport transport)
    {
        _connecting = null;
        if (_isOver)
            return null;
        _server = transport;
        if (StreamProxySettings.ProxyProtocolOf(_session) is { Length: > 0 } header)
        {
            transport.Output.Write(header);
            transport.ReleaseAll();
            _upstream.Attempt!.BytesSent += header.Length;
        }
        if (!Level.Get(StreamProxyModule.Ssl))
        {
            Open(transport);
            return this;
        }
        try
        {
            var tls = _session.Nginx.StreamProxyTls.Of(Level, _session.Values, _target.HostHeader,
                $"{_upstream.Name} {_upstream.Attempt!.Peer}");
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
        _upstream.TryNext();
    }

    Session? ITlsHandler.Opened(TlsSession tls, SessionTransport transport)
    {
        if (_isOver)
            return null;
        _server = transport;
        Open(transport);
        return this;
    }

    void ITlsHandler.Failed(TlsSession tls, TlsException error)
    {
        if (_isOver)
            return;
        _server = null;
        _session.Log(error.Failure == TlsFailure.Internal ? LogLevel.Crit : LogLevel.Error,
            $"{error.Message} while SSL handshaking to upstream");
        _upstream.TryNext();
    }

    private void Connect(Peer peer)
    {
        _worker.Deadlines.Set(_timeout, Level.Get(StreamProxyModule.ConnectTimeout));
        _connecting = _worker.Connect(peer.Address, StreamProxySettings.OptionsOf(_session), this);
    }

    private void Open(SessionTransport transport)
    {
        _upstream.Opened();
        IsOpen = true;
        _upload = StreamProxySettings.RateOf(_session, StreamProxyModule.UploadRate, ResumeClient);
        _download = StreamProxySettings.RateOf(_session, StreamProxyModule.DownloadRate, ResumeServer);
        transport.KeepsInputOfEnd = true;
        Active();
        _client.TakeInput();
    }

    private void ResumeClient()
    {
        if (IsOpen && _server!.PendingBytes <= _server.HighWater)
            _client.TakeInput();
    }

    private void ResumeServer()
    {
        if (!IsOpen || _client.Transport.PendingBytes > _client.Transport.HighWater)
            return;
        _server!.ResumeInput();
        _server.ShowLeftover();
    }

    private void Active() => _worker.Deadlines.Set(_timeout, Level.Get(StreamProxyModule.Timeout));

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
        _server?.Abort();
        _server = null;
        _upstream.TryNext();
    }

    private sealed class Timeout(StreamProxy proxy) : Deadline
    {
        protected override void Expired() => proxy.TimedOut();
    }
}
