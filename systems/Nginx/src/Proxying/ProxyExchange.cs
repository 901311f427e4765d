using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// Passes a request on to an upstream and its response back (ngx_http_upstream): asks its servers, and a cache where there is one, and
/// decides what becomes of what they say. Invariants: once the head of a response has gone to the client no other server is asked; it ends
/// once. On the worker's executor.
/// </summary>
internal sealed class ProxyExchange : IUpstreamHandler, IUpstreamClient
{
    private readonly HttpRequest _request;
    private readonly ProxySettings _settings;
    private readonly ProxyTarget _target;
    private readonly ProxyDestination _destination;
    private UpstreamCall? _call;
    private EarlyHints? _hints;
    private ProxyCaching? _caching;
    private ProxyDelivery? _delivery;
    private ResponseWriter? _writer;
    private bool _isDetached;

    private ProxyExchange(HttpRequest request, ProxySettings settings, ProxyTarget target, ProxyDestination destination) =>
        (_request, _settings, _target, _destination) = (request, settings, target, destination);

    private bool IsHeadOut => _delivery is not null;

    /// <summary>Answers a request by an upstream.</summary>
    public static void Answer(HttpRequest request, ProxyTarget target)
    {
        if (ProxyDestination.Of(request, target, out var status) is not { } destination)
        {
            Answers.Finish(request, status);
            return;
        }
        request.Upstream.Destination = destination;
        var settings = request.Worker.ProxySettingsOf(request.Level, target.IsGrpc);
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
        if (IsCurrent(upstream))
            _call!.Send();
    }

    void IUpstreamHandler.Informed(UpstreamExchange upstream, int status, HeaderList headers)
    {
        if (IsCurrent(upstream) && status == 103)
            (_hints ??= new EarlyHints(_request, _settings)).Pass(upstream, headers);
    }

    void IUpstreamHandler.Responded(UpstreamExchange upstream)
    {
        if (!IsCurrent(upstream))
            return;
        var headers = upstream.ResponseHeaders;
        _call!.Responded(upstream.Status);
        if (_caching?.Renews(upstream) == true)
        {
            _call.Leave(hasFailed: false);
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
            _call.Leave(hasFailed: false, isCancelled: true);
            GoElsewhere(place);
        }
        else if (upstream.ResponseLength != 0 || upstream.Status == 101)
        {
            Respond(upstream);
        }
    }

    void IUpstreamHandler.Body(UpstreamExchange upstream, ReadOnlySpan<byte> bytes)
    {
        if (!IsCurrent(upstream))
            return;
        _call!.Received(bytes.Length);
        _delivery!.Write(bytes);
    }

    void IUpstreamHandler.Ended(UpstreamExchange upstream)
    {
        if (!IsCurrent(upstream))
            return;
        ProxyAnswers.Keep(_request, upstream.ResponseTrailers, _request.Upstream.Trailers);
        var trailers = ProxyAnswers.TrailersOf(_settings, upstream.ResponseTrailers);
        _call!.Leave(hasFailed: false);
        // One without a body is answered only now, so that its connection is free before the client asks again.
        if (!IsHeadOut)
            Respond(upstream);
        _delivery?.End(trailers);
    }

    void IUpstreamHandler.Failed(UpstreamExchange upstream, UpstreamError error)
    {
        if (!IsCurrent(upstream))
            return;
        var (level, words, reason) = UpstreamFailure.Of(error, upstream, IsHeadOut, _call!.IsSent);
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
        _call.Leave(hasFailed: false);
        _delivery!.Break();
    }

    void IUpstreamHandler.Drained(UpstreamExchange upstream)
    {
        if (!IsCurrent(upstream))
            return;
        if (_delivery is { IsTunnel: true } tunnel)
            tunnel.ServerDrained();
        else
            _call!.Drained();
    }

    void IUpstreamClient.ClientLeft()
    {
        if (_call is not { IsUnderWay: true } || _delivery is { IsTunnel: true } || _settings.IgnoresClientAbort || _settings.Stores
            || _caching is { IsCacheable: true })
            return;
        _request.LogError(LogLevel.Info, IsHeadOut
            ? "client prematurely closed connection while sending to client"
            : "client prematurely closed connection, so upstream connection is closed too while waiting for request");
        GiveUp();
        (_request.LoggedStatus, _request.IsAnswered) = (499, true);
        _request.Exchange.Abort();
    }

    void IUpstreamClient.Drained() => _delivery?.ClientDrained();

    /// <inheritdoc/>
    public void GiveUp()
    {
        if (_writer is { IsOver: false } && (_call?.Current is not null || _delivery is null))
        {
            // The client has gone, but what the server sends is worth keeping.
            _isDetached = true;
            _delivery?.Detach();
            return;
        }
        _call?.Cancel();
        _caching?.Close();
        _delivery?.Close();
    }

    private bool IsCurrent(UpstreamExchange upstream) => upstream == _call?.Current;

    private void Start(StreamedBody? streamed)
    {
        _request.UpstreamClient = this;
        var uri = ProxyRequest.TargetOf(_request, _destination);
        if (uri.Length == 0)
        {
            _request.LogError(LogLevel.Error, "zero length URI to proxy");
            End(500);
            return;
        }
        _call = new UpstreamCall(_request, _settings, _destination, uri, streamed, this, End);
        _caching = ProxyCaching.TryBegin(_request, _settings, _destination, uri, Decided, out var isBad);
        _request.Upstream.Caching = _caching;
        if (isBad)
            End(500);
        else if (_caching is null)
            _call.Try();
        else
            _caching.Look();
    }

    private void Decided(CacheDecision decision)
    {
        if (decision == CacheDecision.Ask)
            _call!.Try();
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

    // True: another server is asked, or an old response is used, since this one's status says so.
    private bool TriesNextFor(int status)
    {
        var reason = NextUpstream.OfStatus(status);
        if (reason == 0)
            return false;
        if (_call!.MayTryNext(reason))
        {
            TryNext(reason, isFree: false);
            return true;
        }
        if (_caching?.UsesStaleOn(reason, isStatus: true) != true)
            return false;
        _call.Leave(hasFailed: false, isCancelled: true);
        SendCached();
        return true;
    }

    // Tries another server, or answers with what the failure stands for.
    private void TryNext(long reason, bool isFree)
    {
        var status = NextUpstream.StatusOf(reason);
        if (_call!.TryNext(status, reason, isFree))
            return;
        if (_caching?.UsesStaleOn(reason) == true)
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
        if (upstream.Status == 101 && ProxyTunnel.TryRefuse(_request))
        {
            _call!.Leave(hasFailed: false, isCancelled: true);
            return;
        }
        _writer = upstream.Status == 101 ? null
            : _caching is not null ? _caching.TryKeep(upstream) : StoreWriter.TryBegin(_request, _settings, upstream);
        _delivery = ProxyDelivery.TryBegin(_request, upstream, _settings, _writer);
        if (_delivery is null)
            GiveUp();
    }

    private void End(int status)
    {
        _call?.Leave(hasFailed: false, isCancelled: true);
        _request.UpstreamClient = null;
        _caching?.Fail(status, isIntercepted: false);
        Answers.Finish(_request, status);
    }
}
