using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// The tries of one request at the servers of an upstream: who is asked, who may be asked next, and what is told of it. There is one at a
/// time.
/// </summary>
internal sealed class UpstreamTries
{
    private readonly HttpRequest _request;
    private readonly ProxySettings _settings;
    private readonly ProxyDestination _destination;
    private readonly long _beganMs;
    private Selection _selection;
    private UpstreamAttempt? _attempt;
    private long _triedMs;
    private int _left;

    public UpstreamTries(HttpRequest request, ProxySettings settings, ProxyDestination destination)
    {
        (_request, _settings, _destination, _beganMs) = (request, settings, destination, request.Worker.Http.Deadlines.NowMs);
        _selection = destination.Servers.Select(request);
        _left = destination.Servers.TriesMax;
        if (settings.TriesMax > 0)
            _left = (int)Math.Min(_left, settings.TriesMax);
    }

    /// <summary>There is another server to ask after the one that is asked now.</summary>
    public bool HasMore => _left > 1;

    private long NowMs => _request.Worker.Http.Deadlines.NowMs;

    /// <summary>The next server to ask; null where none may be asked, which the log tells.</summary>
    public Peer? Next(byte[] target)
    {
        _triedMs = NowMs;
        var servers = _destination.Servers;
        var peer = servers.Choose(_selection, _triedMs / 1000);
        _attempt = new UpstreamAttempt(this, peer is null ? servers.Name : servers.TextOf(peer));
        _request.Upstream.Attempts.Add(_attempt);
        _request.Upstream.Target = target;
        if (peer is not null)
            return peer;
        _request.LogError(LogLevel.Error, "no live upstreams while connecting to upstream");
        _attempt.Status = 502;
        return null;
    }

    public void Connected() => _attempt!.ConnectMs = NowMs - _triedMs;

    public void Responded(int status) => (_attempt!.HeaderMs, _attempt.Status) = (NowMs - _triedMs, status);

    public void Received(int bytes) => _attempt!.ResponseLength += bytes;

    /// <summary>The try is over.</summary>
    public void End(UpstreamExchange upstream, bool hasFailed)
    {
        _attempt!.ResponseMs = NowMs - _triedMs;
        (_attempt.BytesReceived, _attempt.BytesSent) = (upstream.BytesReceived, upstream.BytesWritten);
        if (_destination.Servers.Release(_selection, hasFailed, NowMs / 1000))
            _request.LogError(LogLevel.Warn, "upstream server temporarily disabled while connecting to upstream");
    }

    /// <summary>The try came to this status. True: another server may be asked.</summary>
    /// <param name="isFree">It does not count: a connection that was kept had gone stale, which says little of its server.</param>
    public bool Fail(int status, long reason, bool isSent, bool isFree)
    {
        _attempt!.Status = status;
        _left -= isFree ? 0 : 1;
        if (_left <= 0 || !MayTryNext(reason, isSent))
            return false;
        if (isFree && _destination.Servers.IsSingle)
            _selection = _destination.Servers.Select(_request);
        return true;
    }

    /// <summary>Whether the configuration asks another server for this reason, in time, and for such a request.</summary>
    /// <param name="isSent">The server got the request.</param>
    public bool MayTryNext(long reason, bool isSent)
    {
        if (isSent && _request.Method is HttpMethod.Post or HttpMethod.Lock or HttpMethod.Patch)
            reason |= NextUpstream.NonIdempotent;
        return (_settings.NextUpstream & reason) == reason
            && !(_settings.NextTimeoutMs > 0 && NowMs - _beganMs >= _settings.NextTimeoutMs);
    }
}
