using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// Asks the servers of a destination on behalf of a request, one at a time: looks up their name, connects, sends, goes on to the next.
/// What comes is told to the handler. Invariant: there is one try at a time.
/// </summary>
internal sealed class UpstreamCall
{
    private readonly HttpRequest _request;
    private readonly ProxySettings _settings;
    private readonly ProxyDestination _destination;
    private readonly byte[] _target;
    private readonly StreamedBody? _streamed;
    private readonly IUpstreamHandler _handler;
    private readonly Action<int> _failed;
    private UpstreamTries? _tries;
    private Lookup? _lookup;

    /// <param name="target">What is asked for.</param>
    /// <param name="streamed">The request's body, where it is sent as it comes.</param>
    /// <param name="failed">Told the status that the request comes to, where no server can be asked.</param>
    public UpstreamCall(HttpRequest request, ProxySettings settings, ProxyDestination destination, byte[] target, StreamedBody? streamed,
        IUpstreamHandler handler, Action<int> failed)
    {
        (_request, _settings, _destination, _target) = (request, settings, destination, target);
        (_streamed, _handler, _failed) = (streamed, handler, failed);
    }

    /// <summary>The try that is under way; null for none.</summary>
    public UpstreamExchange? Current { get; private set; }

    /// <summary>The server got the request, or some of it.</summary>
    public bool IsSent { get; private set; }

    /// <summary>A server is asked, or its name looked up.</summary>
    public bool IsUnderWay => Current is not null || _lookup is not null;

    private UpstreamTries Tries => _tries ??= new UpstreamTries(_request, _settings, _destination);

    // A body that is sent as it comes has gone to a server, who alone has it.
    private bool IsBodyGone => _streamed is { IsSent: true };

    /// <summary>Asks a server.</summary>
    public void Try()
    {
        IsSent = false;
        if (_destination.IsUnresolved)
        {
            _lookup = _destination.Resolve(_request, Resolved);
            return;
        }
        if (Tries.Next(_target) is not { } peer)
        {
            _failed(502);
            return;
        }
        if (PeerOptions.Of(_request, _settings, _destination, peer) is not { } options)
        {
            _failed(500);
            return;
        }
        Current = Upstreams.Begin(_request.Worker.Http, peer.Address, options, _destination.Servers.Pool, _handler);
        if (Current.IsConnected)
            Send();
    }

    /// <summary>Connected: the request is sent.</summary>
    public void Send()
    {
        Tries.Connected();
        IsSent = true;
        ProxyRequest.Send(_request, _settings, _target, _streamed, Current!);
    }

    /// <summary>The server takes more of the body.</summary>
    public void Drained() => _streamed?.Drained();

    public void Responded(int status) => Tries.Responded(status);

    public void Received(int bytes) => Tries.Received(bytes);

    /// <summary>Whether the configuration asks another server for this reason, and there is one.</summary>
    public bool MayTryNext(long reason) => Tries.HasMore && !IsBodyGone && Tries.MayTryNext(reason, IsSent);

    /// <summary>Ends the try, which came to this status, and asks another server. False: none may be asked.</summary>
    /// <param name="isFree">It does not count.</param>
    public bool TryNext(int status, long reason, bool isFree)
    {
        var isBodyGone = IsBodyGone;
        Leave(hasFailed: reason is not (NextUpstream.Http403 or NextUpstream.Http404), isCancelled: true);
        if (!Tries.Fail(status, reason, IsSent, isFree) || isBodyGone)
            return false;
        Try();
        return true;
    }

    /// <summary>The try is over; there may be another.</summary>
    public void Leave(bool hasFailed, bool isCancelled = false)
    {
        if (Current is not { } upstream)
            return;
        Current = null;
        if (IsSent)
            _streamed?.Abandon();
        Tries.End(upstream, hasFailed);
        if (isCancelled)
            upstream.Abort();
    }

    /// <summary>Gives up.</summary>
    public void Cancel()
    {
        _lookup?.Cancel();
        Leave(hasFailed: false, isCancelled: true);
    }

    private void Resolved(bool hasServers)
    {
        _lookup = null;
        if (hasServers)
            Try();
        else
            _failed(502);
    }
}
