using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// Which server a session is passed on to: looked up, chosen, another one where one fails (ngx_stream_upstream_t). Invariant: there is one
/// try at a time, which ends with its server told how it went. On the worker's executor.
/// </summary>
/// <param name="open">Opens the way to a server; never told again before <see cref="TryNext"/>.</param>
internal sealed class StreamUpstream(StreamSession session, ProxyTarget target, Action<Peer> open)
{
    private readonly long _beganMs = session.Worker.Http.Deadlines.NowMs;
    private UpstreamServers? _servers;
    private Selection? _selection;
    private Lookup? _lookup;
    private long _triedMs;
    private long _triesLeft;

    /// <summary>The present try.</summary>
    public UpstreamAttempt? Attempt { get; private set; }

    /// <summary>Whose servers they are.</summary>
    public string Name => _servers!.Name;

    private long NowMs => session.Worker.Http.Deadlines.NowMs;

    public void Begin()
    {
        if (StreamDestination.Find(session, target, out var unresolved) is { } servers)
            Begin(servers);
        else if (unresolved is not null)
            _lookup = StreamDestination.Resolve(session, unresolved, Resolved);
        else
            session.Finish(500);
    }

    /// <summary>The way to the server is open.</summary>
    public void Opened()
    {
        Attempt!.ConnectMs = NowMs - _triedMs;
        _servers!.Succeed(_selection!);
    }

    /// <summary>Something came from the server.</summary>
    public void Answered(int bytes)
    {
        if (Attempt!.HeaderMs < 0)
            Attempt.HeaderMs = NowMs - _triedMs;
        Attempt.BytesReceived += bytes;
    }

    /// <summary>The server does not serve: another one is tried, or the session ends.</summary>
    public void TryNext()
    {
        Release(hasFailed: true);
        var timeout = session.Level.Get(StreamProxyModule.NextUpstreamTimeout);
        if (!session.Level.Get(StreamProxyModule.NextUpstream) || --_triesLeft <= 0 || (timeout > 0 && NowMs - _beganMs >= timeout))
            session.Finish(502);
        else
            Try();
    }

    /// <summary>The session is over.</summary>
    public void End(bool hasFailed)
    {
        _lookup?.Cancel();
        Release(hasFailed);
    }

    private void Resolved(UpstreamServers? servers)
    {
        _lookup = null;
        if (servers is null)
            session.Finish(500);
        else
            Begin(servers);
    }

    private void Begin(UpstreamServers servers)
    {
        _servers = servers;
        _selection = servers.Select(session.Values, session.Client?.Address);
        _triesLeft = session.Level.Get(StreamProxyModule.NextUpstreamTries) is > 0 and var max
            ? Math.Min(max, servers.TriesMax) : servers.TriesMax;
        Try();
    }

    private void Try()
    {
        _triedMs = NowMs;
        var peer = _servers!.Choose(_selection!, _triedMs / 1000);
        Attempt = new UpstreamAttempt(this, peer is null ? _servers.Name : _servers.TextOf(peer));
        session.Attempts.Add(Attempt);
        if (peer is not null)
        {
            open(peer);
            return;
        }
        session.Log(LogLevel.Error, "no live upstreams while connecting to upstream");
        session.Finish(502);
    }

    private void Release(bool hasFailed)
    {
        if (Attempt is { ResponseMs: < 0 })
            Attempt.ResponseMs = NowMs - _triedMs;
        if (_selection?.Current is null)
            return;
        if (_servers!.Release(_selection, hasFailed, NowMs / 1000))
            session.Log(LogLevel.Warn, "upstream server temporarily disabled while connecting to upstream");
    }
}
