using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// Passes a request on to an upstream and its response back (ngx_http_upstream): chooses a server, tries others where that may help, and
/// makes the response the client's. Invariants: there is one try at a time; once the head of a response has gone to the client there is no
/// other try; it ends once. On the worker's executor.
/// </summary>
internal sealed class ProxyExchange : IUpstreamHandler, IUpstreamClient
{
    private readonly HttpRequest _request;
    private readonly ProxySettings _settings;
    private readonly ProxyDestination _destination;
    private readonly long _beganMs;
    private readonly ProxyTarget _target;
    private byte[] _uri = [];
    private Selection _selection;
    private StreamedBody? _streamed;
    private UpstreamExchange? _upstream;
    private UpstreamAttempt? _attempt;
    private ProxyBody? _body;
    private ProxyCaching? _caching;
    private CacheWriter? _writer;
    private long _triedMs;
    private int _triesLeft;
    private bool _isSent;
    private bool _isTunnel;
    private bool _isOver;
    private bool _isDetached;

    private ProxyExchange(HttpRequest request, ProxySettings settings, ProxyTarget target, ProxyDestination destination)
    {
        (_request, _settings, _target, _destination) = (request, settings, target, destination);
        _beganMs = request.Worker.Http.Deadlines.NowMs;
        _selection = destination.Servers.Select(request);
        _triesLeft = destination.Servers.TriesMax;
        if (settings.TriesMax > 0)
            _triesLeft = (int)Math.Min(_triesLeft, settings.TriesMax);
    }

    private long NowMs => _request.Worker.Http.Deadlines.NowMs;

    /// <summary>Answers a request by an upstream.</summary>
    public static void Answer(HttpRequest request, ProxyTarget target)
    {
        if (ProxyDestination.Of(request, target, out var status) is not { } destination)
        {
            Answers.Finish(request, status);
            return;
        }
        request.Upstream.Destination = destination;
        var proxy = new ProxyExchange(request, request.Worker.ProxySettingsOf(request.Level), target, destination);
        var streams = !proxy._settings.BuffersRequest && request.Exchange.HasBody && request.Body is null
            && (request.Exchange.RequestLength >= 0 || !proxy._settings.IsHttp10);
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
    }

    void IUpstreamHandler.Responded(UpstreamExchange upstream)
    {
        if (upstream != _upstream)
            return;
        _attempt!.HeaderMs = NowMs - _triedMs;
        _attempt.Status = upstream.Status;
        if (_caching?.Renews(upstream) == true)
        {
            Leave(hasFailed: false);
            SendCached();
            return;
        }
        KeepFields(upstream.ResponseHeaders, _request.Upstream.Headers);
        _caching?.Read(upstream);
        if (upstream.Status >= 300 && (TriesNextFor(upstream.Status) || Intercepts(upstream)))
            return;
        if (_settings.RateOf(upstream.ResponseHeaders) is { } rate)
            _request.LimitRate = rate;
        if (_settings.RedirectOf(upstream.ResponseHeaders) is { } place)
            GoElsewhere(upstream.ResponseHeaders, place);
        else if (upstream.ResponseLength != 0 || upstream.Status == 101)
            Respond(upstream);
    }

    void IUpstreamHandler.Body(UpstreamExchange upstream, ReadOnlySpan<byte> bytes)
    {
        if (upstream != _upstream)
            return;
        _attempt!.ResponseLength += bytes.Length;
        if (!_isTunnel)
        {
            _body!.Write(bytes);
            return;
        }
        _request.Exchange.Write(bytes);
        if (_request.Exchange.IsBacklogged)
            upstream.PauseBody();
    }

    void IUpstreamHandler.Ended(UpstreamExchange upstream)
    {
        if (upstream != _upstream)
            return;
        KeepFields(upstream.ResponseTrailers, _request.Upstream.Trailers);
        var trailers = _settings.PassesTrailers ? VisibleTrailers(upstream.ResponseTrailers) : null;
        if (_body is null && !_isTunnel)
        {
            // One without a body: its connection is free before the client has its answer.
            Leave(hasFailed: false);
            Respond(upstream);
            return;
        }
        Leave(hasFailed: false);
        if (_isTunnel)
            _request.Exchange.End();
        else
            _body!.End(trailers);
    }

    void IUpstreamHandler.Failed(UpstreamExchange upstream, UpstreamError error)
    {
        if (upstream != _upstream)
            return;
        var isHeadOut = _body is not null || _isTunnel;
        var (level, words, reason) = UpstreamFailure.Of(error, upstream, isHeadOut, _isSent);
        if (!_isDetached)
            _request.LogError(level, words);
        if (_isDetached)
        {
            Leave(hasFailed: false);
            _body!.Break();
            return;
        }
        if (!isHeadOut)
        {
            TryNext(reason, upstream.IsReused && reason == NextUpstream.Error);
            return;
        }
        Leave(hasFailed: false);
        if (_isTunnel)
            _request.Exchange.End();
        else
            _body!.Break();
    }

    void IUpstreamHandler.Drained(UpstreamExchange upstream)
    {
        if (upstream != _upstream)
            return;
        if (_isTunnel)
            _request.Exchange.ResumeBody();
        else
            _streamed?.Drained();
    }

    void IUpstreamClient.ClientLeft()
    {
        if (_isOver || _isTunnel || _settings.IgnoresClientAbort || (_caching is { IsCacheable: true } && _upstream is not null))
            return;
        _request.LogError(LogLevel.Info, _body is null
            ? "client prematurely closed connection, so upstream connection is closed too while waiting for request"
            : "client prematurely closed connection while sending to client");
        GiveUp();
        _request.LoggedStatus = 499;
        _request.IsAnswered = true;
        _request.Exchange.Abort();
    }

    void IUpstreamClient.Drained()
    {
        if (_isTunnel)
            _upstream?.ResumeBody();
    }

    /// <inheritdoc/>
    public void GiveUp()
    {
        if (_writer is not null && !_isOver)
        {
            // The client has gone, but what the server sends is worth keeping.
            _isDetached = true;
            _body?.Detach();
            return;
        }
        if (!_isOver)
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
        var key = Latin1.Bytes(_destination.Scheme + _destination.HostHeader);
        _caching = ProxyCaching.TryBegin(_request, _settings, [.. key, .. _uri], Decided, out var isBad);
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
        switch (decision)
        {
            case CacheDecision.Ask:
                Try();
                break;
            case CacheDecision.Use:
                SendCached();
                break;
            default:
                End(_caching!.Use.Error);
                break;
        }
    }

    // The response that the cache has.
    private void SendCached()
    {
        var use = _caching!.Use;
        var head = use.Head!;
        _isOver = true;
        KeepFields(head.Headers, _request.Upstream.Headers);
        if (_settings.RedirectOf(head.Headers) is { } place)
        {
            GoElsewhere(head.Headers, place);
            return;
        }
        _request.UpstreamClient = null;
        var response = _request.Response;
        (response.Status, response.StatusLine, response.ContentLength) = (head.Status, head.StatusLine, LengthOf(head.Headers));
        ProxyResponse.Copy(_request, _settings, _settings.RedirectsOf(_target), head.Headers, RangesOf.Cached);
        response.CharsetOverride = _settings.CharsetOf(head.Headers);
        response.AllowsRanges |= _settings.ForcesRanges;
        var (file, length) = (use.TakeFile(), use.BodyLength);
        var body = length > 0 ? [BodyPart.Of(file, head.BodyStart, length)] : Array.Empty<BodyPart>();
        if (length <= 0)
            file.Release();
        _caching.Close();
        Sending.Send(_request, body);
    }

    private void Try()
    {
        _triedMs = NowMs;
        _isSent = false;
        var servers = _destination.Servers;
        var peer = servers.Choose(_selection, _triedMs / 1000);
        _attempt = new UpstreamAttempt(this, peer is null ? servers.Name : UpstreamServers.TextOf(peer.Address));
        _request.Upstream.Attempts.Add(_attempt);
        _request.Upstream.Url = $"{_destination.Scheme}{_attempt.Peer}{Latin1.Text(_uri)}";
        if (peer is null)
        {
            _request.LogError(LogLevel.Error, "no live upstreams while connecting to upstream");
            _attempt.Status = 502;
            End(502);
            return;
        }
        if (OptionsFor(peer) is not { } options)
            return;
        _upstream = Upstreams.Begin(_request.Worker.Http, peer.Address, options, servers.Pool, this);
        if (_upstream.IsConnected)
            Send(_upstream);
    }

    // Null: it is answered, since the certificate to show to the server cannot be loaded.
    private UpstreamOptions? OptionsFor(Peer peer)
    {
        if (!_destination.IsTls)
            return _settings.Options;
        try
        {
            return _settings.Options with
            {
                Tls = _request.Worker.ProxyTls.Of(_settings.Level, _request.Values, _destination.HostHeader,
                    $"{_destination.Servers.Name} {UpstreamServers.TextOf(peer.Address)}"),
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
        _attempt!.ConnectMs = NowMs - _triedMs;
        _isSent = true;
        var length = _request.Body?.Length ?? _request.Exchange.RequestLength;
        var (setBody, passesBody) = (_settings.SetBody, _settings.PassesBody);
        var body = setBody?.Evaluate(_request.Values) ?? default;
        if (setBody is not null)
            length = body.Length;
        var fields = new HeaderList();
        ProxyRequest.WriteFields(_request, _settings, _destination, length, isForCache: _caching is { IsCacheable: true }, fields);
        var (method, name) = MethodOf();
        upstream.Send(method, name, _uri, fields, _settings.IsHttp10, length < 0);
        if (setBody is not null)
            upstream.Write(body.Span);
        else if (_streamed is not null)
        {
            _streamed.SendTo(upstream);
            return;
        }
        else if (passesBody)
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

    // True: another server is asked, since this one's status says so.
    private bool TriesNextFor(int status)
    {
        var reason = NextUpstream.OfStatus(status);
        if (reason == 0)
            return false;
        if (_triesLeft > 1 && MayTryNext(reason))
        {
            TryNext(reason, isFree: false);
            return true;
        }
        if (_caching?.UsesStaleOn(reason) != true)
            return false;
        Leave(hasFailed: false, isCancelled: true);
        SendCached();
        return true;
    }

    // Tries another server, or answers with what the failure stands for.
    private void TryNext(long reason, bool isFree)
    {
        var status = NextUpstream.StatusOf(reason);
        Leave(hasFailed: reason is not (NextUpstream.Http403 or NextUpstream.Http404), isCancelled: true);
        _isOver = false;
        _attempt!.Status = status;
        // A connection that was kept and has gone stale says little of its server.
        _triesLeft += isFree ? 0 : -1;
        if (_triesLeft <= 0 || !MayTryNext(reason))
        {
            if (_caching?.UsesStaleOn(reason) == true)
                SendCached();
            else
                End(status);
            return;
        }
        if (isFree && _destination.Servers.IsSingle)
            _selection = _destination.Servers.Select(_request);
        Try();
    }

    private bool MayTryNext(long reason)
    {
        if (_isSent && _request.Method is HttpMethod.Post or HttpMethod.Lock or HttpMethod.Patch)
            reason |= NextUpstream.NonIdempotent;
        return (_settings.NextUpstream & reason) == reason && _streamed is not { IsSent: true }
            && !(_settings.NextTimeoutMs > 0 && NowMs - _beganMs >= _settings.NextTimeoutMs);
    }

    // True: an error page of ours stands for the response.
    private bool Intercepts(UpstreamExchange upstream)
    {
        var status = upstream.Status;
        if (!_settings.InterceptsErrors || !_request.Level.Get(HttpCoreModule.ErrorPages).Any(p => p.Status == status))
            return false;
        if (status == 401)
        {
            var headers = upstream.ResponseHeaders;
            for (var i = headers.IndexOf(KnownHeader.WwwAuthenticate); i >= 0; i = headers.IndexOf(KnownHeader.WwwAuthenticate, i + 1))
                _request.Response.Headers.Add(headers[i]);
        }
        _caching?.Fail(status, isIntercepted: true);
        End(status);
        return true;
    }

    // X-Accel-Redirect: another location answers.
    private void GoElsewhere(HeaderList headers, byte[] place)
    {
        _request.Response.Clear();
        ProxyResponse.CopyForRedirect(_request, _settings, headers);
        Leave(hasFailed: false, isCancelled: true);
        _caching?.Close();
        if (place is [(byte)'@', ..])
        {
            Answers.RunNamed(_request, place);
            return;
        }
        if (!UnsafeUri.TryParse(place, out var uri, out var arguments))
        {
            _request.LogError(LogLevel.Error, $"unsafe URI \"{Latin1.Text(place)}\" was detected");
            Answers.Finish(_request, 404);
            return;
        }
        if (_request.Method != HttpMethod.Head)
            (_request.Method, _request.MethodName) = (HttpMethod.Get, "GET"u8.ToArray());
        Phases.RedirectInternally(_request, uri, arguments);
    }

    private void Respond(UpstreamExchange upstream)
    {
        var response = _request.Response;
        response.Status = upstream.Status;
        response.StatusLine = upstream.StatusLine.ToArray();
        response.ContentLength = upstream.ResponseLength != 0 ? upstream.ResponseLength : LengthOf(upstream.ResponseHeaders);
        var isCacheable = _caching is { IsCacheable: true };
        response.IsUnconditional = !isCacheable;
        ProxyResponse.Copy(_request, _settings, _settings.RedirectsOf(_target), upstream.ResponseHeaders,
            isCacheable ? RangesOf.Kept : RangesOf.Server);
        response.CharsetOverride = _settings.CharsetOf(upstream.ResponseHeaders);
        if (_settings.ForcesRanges)
            (response.AllowsRanges, response.AllowsOneRange) = (true, true);
        if (upstream.Status == 101)
        {
            Tunnel(upstream);
            return;
        }
        _writer = _caching?.TryKeep(upstream);
        var sending = Sending.Begin(_request);
        if (sending is null && _writer is null)
        {
            GiveUp();
            return;
        }
        _body = new ProxyBody(_request, upstream, sending, _settings, _writer);
        if (!_isOver)
            return;
        // It has no body, and its server is done.
        _body.End(null);
    }

    // Variables may ask for them when the response is long over.
    private void KeepFields(HeaderList from, HeaderList to)
    {
        to.Clear();
        if (!_request.Worker.UsesUpstreamFields)
            return;
        for (var i = 0; i < from.Count; i++)
            to.Add(from[i]);
    }

    // What the head says; a response without a body may tell how long it would be.
    private static long LengthOf(HeaderList headers) =>
        headers.IndexOf(KnownHeader.ContentLength) is >= 0 and var at
            && long.TryParse(headers[at].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : -1;

    private void Tunnel(UpstreamExchange upstream)
    {
        if (!_request.Exchange.RequestHeaders.Contains(KnownHeader.Upgrade))
        {
            _request.LogError(LogLevel.Error, "upstream sent unexpected 101 response while reading response header from upstream");
            TryNext(NextUpstream.InvalidHeader, isFree: false);
            return;
        }
        _isTunnel = true;
        _request.BodyReader = new TunnelReader(this);
        ResponseHead.Write(_request);
        _request.Exchange.Tunnel();
    }

    private HeaderList? VisibleTrailers(HeaderList trailers)
    {
        if (trailers.Count == 0)
            return null;
        var visible = new HeaderList();
        for (var i = 0; i < trailers.Count; i++)
        {
            if (!_settings.IsHidden(trailers[i].Name))
                visible.Add(trailers[i]);
        }
        return visible;
    }

    // The try is over, and so is the exchange unless there is another.
    private void Leave(bool hasFailed, bool isCancelled = false)
    {
        _isOver = true;
        if (_request.UpstreamClient == this && _body is null && !_isTunnel)
            _request.UpstreamClient = null;
        if (_upstream is not { } upstream)
            return;
        _upstream = null;
        if (_isSent && !_isTunnel)
            _streamed?.Abandon();
        _attempt!.ResponseMs = NowMs - _triedMs;
        (_attempt.BytesReceived, _attempt.BytesSent) = (upstream.BytesReceived, upstream.BytesWritten);
        if (isCancelled)
            upstream.Abort();
        if (_destination.Servers.Release(_selection, hasFailed, NowMs / 1000))
            _request.LogError(LogLevel.Warn, "upstream server temporarily disabled while connecting to upstream");
    }

    private void End(int status)
    {
        Leave(hasFailed: false, isCancelled: true);
        _caching?.Fail(status, isIntercepted: false);
        Answers.Finish(_request, status);
    }

    // The client's bytes, in a tunnel.
    private sealed class TunnelReader(ProxyExchange proxy) : IRequestBodyReader
    {
        public void Body(ReadOnlySpan<byte> bytes)
        {
            if (proxy._upstream is not { } upstream)
                return;
            upstream.Write(bytes);
            if (upstream.IsBacklogged)
                proxy._request.Exchange.PauseBody();
        }

        public void Ended() => proxy._upstream?.End();
    }
}
