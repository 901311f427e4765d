using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// Passes a request on to an upstream and its response back (ngx_http_upstream): asks a server, others where that may help, and a cache
/// where there is one. Invariants: there is one try at a time; once the head of a response has gone to the client there is no other try; it
/// ends once. On the worker's executor.
/// </summary>
internal sealed class ProxyExchange : IUpstreamHandler, IUpstreamClient
{
    private readonly HttpRequest _request;
    private readonly ProxySettings _settings;
    private readonly ProxyTarget _target;
    private readonly ProxyDestination _destination;
    private byte[] _uri = [];
    private EarlyHints? _hints;
    private UpstreamTries? _tries;
    private Lookup? _lookup;
    private StreamedBody? _streamed;
    private UpstreamExchange? _upstream;
    private ProxyBody? _body;
    private ProxyTunnel? _tunnel;
    private ProxyCaching? _caching;
    private ResponseWriter? _writer;
    private bool _isSent;
    private bool _isDetached;

    private ProxyExchange(HttpRequest request, ProxySettings settings, ProxyTarget target, ProxyDestination destination) =>
        (_request, _settings, _target, _destination) = (request, settings, target, destination);

    private UpstreamTries Tries => _tries ??= new UpstreamTries(_request, _settings, _destination);

    private bool IsHeadOut => _body is not null || _tunnel is not null;

    /// <summary>Answers a request by an upstream.</summary>
    public static void Answer(HttpRequest request, ProxyTarget target)
    {
        if (ProxyDestination.Of(request, target, out var status) is not { } destination)
        {
            Answers.Finish(request, status);
            return;
        }
        request.Upstream.Destination = destination;
        var settings = request.Worker.ProxySettingsOf(request.Level);
        var proxy = new ProxyExchange(request, settings, target, destination);
        var streams = !settings.BuffersRequest && request.Exchange.HasBody && request.BodyReader is null
            && (request.Exchange.RequestLength >= 0 || !settings.IsHttp10);
        if (streams)
            StreamedBody.ReadThen(request, proxy.Start);
        else
            RequestBody.ReadThen(request, () => proxy.Start(null));
    }

    void IUpstreamHandler.Connected(UpstreamExchange upstream)
    {
        if (upstream == _upstream)
            Send(upstream);
    }

    void IUpstreamHandler.Informed(UpstreamExchange upstream, int status, HeaderList headers)
    {
        if (upstream == _upstream && status == 103)
            (_hints ??= new EarlyHints(_request, _settings)).Pass(headers);
    }

    void IUpstreamHandler.Responded(UpstreamExchange upstream)
    {
        if (upstream != _upstream)
            return;
        var headers = upstream.ResponseHeaders;
        Tries.Responded(upstream.Status);
        if (_caching?.Renews(upstream) == true)
        {
            Leave(hasFailed: false);
            SendCached();
            return;
        }
        ProxyAnswers.Keep(_request, headers, _request.Upstream.Headers);
        _caching?.Read(upstream);
        if (upstream.Status >= 300 && (TriesNextFor(upstream.Status) || Intercepts(upstream)))
            return;
        if (_settings.RateOf(headers) is { } rate)
            _request.LimitRate = rate;
        if (_settings.RedirectOf(headers) is { } place)
        {
            ProxyResponse.CopyForRedirect(_request, _settings, headers);
            Leave(hasFailed: false, isCancelled: true);
            GoElsewhere(place);
        }
        else if (upstream.ResponseLength != 0 || upstream.Status == 101)
        {
            Respond(upstream);
        }
    }

    void IUpstreamHandler.Body(UpstreamExchange upstream, ReadOnlySpan<byte> bytes)
    {
        if (upstream != _upstream)
            return;
        Tries.Received(bytes.Length);
        if (_tunnel is not null)
            _tunnel.Write(bytes);
        else
            _body!.Write(bytes);
    }

    void IUpstreamHandler.Ended(UpstreamExchange upstream)
    {
        if (upstream != _upstream)
            return;
        ProxyAnswers.Keep(_request, upstream.ResponseTrailers, _request.Upstream.Trailers);
        var trailers = ProxyAnswers.TrailersOf(_settings, upstream.ResponseTrailers);
        Leave(hasFailed: false);
        // One without a body is answered only now, so that its connection is free before the client asks again.
        if (!IsHeadOut)
            Respond(upstream);
        if (_tunnel is not null)
            _tunnel.End();
        else
            _body?.End(trailers);
    }

    void IUpstreamHandler.Failed(UpstreamExchange upstream, UpstreamError error)
    {
        if (upstream != _upstream)
            return;
        var (level, words, reason) = UpstreamFailure.Of(error, upstream, IsHeadOut, _isSent);
        if (!_isDetached)
            _request.LogError(level, words);
        if (error.Tls?.Failure == TlsFailure.Setting)
        {
            End(500);
            return;
        }
        if (!IsHeadOut)
        {
            TryNext(reason, upstream.IsReused && reason == NextUpstream.Error);
            return;
        }
        Leave(hasFailed: false);
        if (_tunnel is not null)
            _tunnel.End();
        else
            _body!.Break();
    }

    void IUpstreamHandler.Drained(UpstreamExchange upstream)
    {
        if (upstream != _upstream)
            return;
        if (_tunnel is not null)
            _tunnel.ServerDrained();
        else
            _streamed?.Drained();
    }

    void IUpstreamClient.ClientLeft()
    {
        var isAsking = _upstream is not null || _lookup is not null;
        if (!isAsking || _tunnel is not null || _settings.IgnoresClientAbort || _settings.Stores || _caching is { IsCacheable: true })
            return;
        _request.LogError(LogLevel.Info, IsHeadOut
            ? "client prematurely closed connection while sending to client"
            : "client prematurely closed connection, so upstream connection is closed too while waiting for request");
        GiveUp();
        (_request.LoggedStatus, _request.IsAnswered) = (499, true);
        _request.Exchange.Abort();
    }

    void IUpstreamClient.Drained() => _tunnel?.ClientDrained();

    /// <inheritdoc/>
    public void GiveUp()
    {
        _lookup?.Cancel();
        if (_writer is { IsOver: false } && (_upstream is not null || _body is null))
        {
            // The client has gone, but what the server sends is worth keeping.
            _isDetached = true;
            _body?.Detach();
            return;
        }
        Leave(hasFailed: false, isCancelled: true);
        _caching?.Close();
        _body?.Close();
    }

    private void Start(StreamedBody? streamed)
    {
        _streamed = streamed;
        _request.UpstreamClient = this;
        _uri = ProxyRequest.TargetOf(_request, _destination);
        if (_uri.Length == 0)
        {
            _request.LogError(LogLevel.Error, "zero length URI to proxy");
            End(500);
            return;
        }
        _caching = ProxyCaching.TryBegin(_request, _settings, _destination, _uri, Decided, out var isBad);
        _request.Upstream.Caching = _caching;
        if (isBad)
            End(500);
        else if (_caching is null)
            Try();
        else
            _caching.Look();
    }

    private void Decided(CacheDecision decision)
    {
        if (decision == CacheDecision.Ask)
            Try();
        else if (decision == CacheDecision.Use)
            SendCached();
        else
            End(_caching!.Use.Error);
    }

    private void SendCached()
    {
        var headers = _caching!.Use.Head!.Headers;
        _request.UpstreamClient = null;
        ProxyAnswers.Keep(_request, headers, _request.Upstream.Headers);
        if (_settings.RedirectOf(headers) is { } place)
        {
            ProxyResponse.CopyForRedirect(_request, _settings, headers);
            GoElsewhere(place);
        }
        else
        {
            ProxyAnswers.SendCached(_request, _settings, _target, _caching.Use);
        }
    }

    private void GoElsewhere(byte[] place)
    {
        _request.UpstreamClient = null;
        _caching?.Close();
        ProxyAnswers.GoElsewhere(_request, place);
    }

    private void Try()
    {
        _isSent = false;
        if (_destination.IsUnresolved)
        {
            _lookup = _destination.Resolve(_request, Resolved);
            return;
        }
        _hints?.Reset();
        if (Tries.Next(_uri) is not { } peer)
        {
            End(502);
            return;
        }
        if (OptionsFor(peer) is not { } options)
            return;
        _upstream = Upstreams.Begin(_request.Worker.Http, peer.Address, options, _destination.Servers.Pool, this);
        if (_upstream.IsConnected)
            Send(_upstream);
    }

    private void Resolved(bool hasServers)
    {
        _lookup = null;
        if (hasServers)
            Try();
        else
            End(502);
    }

    // Null: it is answered, since the certificate to show to the server cannot be loaded.
    private UpstreamOptions? OptionsFor(Peer peer)
    {
        var options = _settings.Options;
        if (BindDirective.EndPointOf(_settings.Level.Get(ProxyModule.Upstream.Bind), _request.Values) is { } local)
            options = options with { Connect = options.Connect with { Local = local } };
        if (!_destination.IsTls)
            return options;
        try
        {
            return options with
            {
                Tls = _request.Worker.ProxyTls.Of(_settings.Level, _request.Values, _destination.HostHeader,
                    $"{_destination.Servers.Name} {_destination.Servers.TextOf(peer)}"),
            };
        }
        catch (TlsException e)
        {
            _request.LogError(LogLevel.Error, $"{e.Message} while connecting to upstream");
            End(500);
            return null;
        }
    }

    private void Send(UpstreamExchange upstream)
    {
        Tries.Connected();
        _isSent = true;
        var body = _settings.SetBody?.Evaluate(_request.Values) ?? default;
        var length = _settings.SetBody is not null ? body.Length : _request.Body?.Length ?? _request.Exchange.RequestLength;
        var fields = new HeaderList();
        ProxyRequest.WriteFields(_request, _settings, _destination, length, isForCache: _caching is { IsCacheable: true }, fields);
        var (method, name) = MethodOf();
        upstream.Send(method, name, _uri, fields, _settings.IsHttp10, length < 0);
        fields.Clear();
        if (_streamed is not null)
        {
            _streamed.SendTo(upstream);
            return;
        }
        if (_settings.SetBody is not null)
            upstream.Write(body.Span);
        else if (_settings.PassesBody)
            _request.Body?.WriteTo(upstream);
        upstream.End();
    }

    private (HttpMethod Method, byte[] Name) MethodOf()
    {
        if (_caching is { IsCacheable: true, AsksByGet: true })
            return (HttpMethod.Get, "GET"u8.ToArray());
        if (_settings.Method is not { } value)
            return (_request.Method, _request.MethodName);
        var name = value.Evaluate(_request.Values).ToArray();
        return (HttpMethods.Of(name), name);
    }

    // True: another server is asked, or an old response is used, since this one's status says so.
    private bool TriesNextFor(int status)
    {
        var reason = NextUpstream.OfStatus(status);
        if (reason == 0)
            return false;
        if (Tries.HasMore && _streamed is not { IsSent: true } && Tries.MayTryNext(reason, _isSent))
        {
            TryNext(reason, isFree: false);
            return true;
        }
        if (_caching?.UsesStaleOn(reason, isStatus: true) != true)
            return false;
        Leave(hasFailed: false, isCancelled: true);
        SendCached();
        return true;
    }

    // Tries another server, or answers with what the failure stands for.
    private void TryNext(long reason, bool isFree)
    {
        var status = NextUpstream.StatusOf(reason);
        var isBodyGone = _streamed is { IsSent: true };
        Leave(hasFailed: reason is not (NextUpstream.Http403 or NextUpstream.Http404), isCancelled: true);
        if (Tries.Fail(status, reason, _isSent, isFree) && !isBodyGone)
            Try();
        else if (_caching?.UsesStaleOn(reason) == true)
            SendCached();
        else
            End(status);
    }

    private bool Intercepts(UpstreamExchange upstream)
    {
        var status = upstream.Status;
        if (!ProxyAnswers.Intercepts(_request, _settings, status, upstream.ResponseHeaders))
            return false;
        _caching?.Fail(status, isIntercepted: true);
        End(status);
        return true;
    }

    private void Respond(UpstreamExchange upstream)
    {
        ProxyAnswers.Prepare(_request, _settings, _target, upstream, _caching is { IsCacheable: true });
        if (upstream.Status == 101)
        {
            if (_request.Parent is not null)
            {
                _request.LogError(LogLevel.Error, "connection upgrade in subrequest while reading response header from upstream");
                Leave(hasFailed: false, isCancelled: true);
                _request.Exchange.Abort();
                return;
            }
            if (_request.Exchange.RequestHeaders.Contains(KnownHeader.Upgrade))
            {
                _tunnel = ProxyTunnel.Begin(_request, upstream);
                return;
            }
            // Nobody asked for it: as in nginx it is passed on, and the connection ends with it.
            Leave(hasFailed: false, isCancelled: true);
            _request.UpstreamClient = null;
            _request.Exchange.KeepsAlive = false;
            ResponseHead.Write(_request);
            _request.Exchange.Abort();
            return;
        }
        _writer = _caching is not null ? _caching.TryKeep(upstream) : StoreWriter.TryBegin(_request, _settings, upstream);
        var sending = Sending.Begin(_request);
        if (sending is null && _writer is null)
            GiveUp();
        else
            _body = new ProxyBody(_request, upstream, sending, _settings, _writer);
    }

    // The try is over; there may be another.
    private void Leave(bool hasFailed, bool isCancelled = false)
    {
        if (_upstream is not { } upstream)
            return;
        _upstream = null;
        if (_isSent && _tunnel is null)
            _streamed?.Abandon();
        Tries.End(upstream, hasFailed);
        if (isCancelled)
            upstream.Abort();
    }

    private void End(int status)
    {
        Leave(hasFailed: false, isCancelled: true);
        _request.UpstreamClient = null;
        _caching?.Fail(status, isIntercepted: false);
        Answers.Finish(_request, status);
    }
}
