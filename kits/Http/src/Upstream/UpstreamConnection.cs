using System.Net;
using System.Net.Sockets;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The client's side of a connection, of whatever version of HTTP: one request at a time, idle in a pool in between. Invariants: it has an
/// exchange, or is idle, or is closed; it goes back to a pool only when request and response are both whole and nothing is left over.
/// </summary>
internal abstract class UpstreamConnection : Session, ITimedConnection
{
    private readonly ConnectionTimers _timers;
    private IdlePool? _pool;
    private bool _isClosed;

    /// <param name="requests">Requests that it has served before.</param>
    protected UpstreamConnection(HttpWorker worker, SessionTransport transport, EndPoint peer, int requests, long openedMs)
    {
        (Worker, Transport, Peer, Requests, OpenedMs) = (worker, transport, peer, requests, openedMs);
        transport.KeepsInputOfEnd = true;
        _timers = new ConnectionTimers(this, worker.Deadlines, transport);
    }

    public HttpWorker Worker { get; }

    public SessionTransport Transport { get; }

    public EndPoint Peer { get; }

    /// <summary>Requests so far, the present one included.</summary>
    public int Requests { get; private set; }

    public long OpenedMs { get; }

    /// <summary>How TLS was spoken; null in clear.</summary>
    public UpstreamTls? Tls { get; init; }

    /// <summary>It waits in its pool.</summary>
    public bool IsIdle => Exchange is null && !_isClosed;

    /// <summary>The server does not take what is still to be sent.</summary>
    public virtual bool IsBlocked => false;

    bool ITimedConnection.HasUnsent => Transport.PendingBytes > 0 || IsBlocked;

    /// <summary>Whom it serves; null for nobody.</summary>
    protected PeerExchange? Exchange { get; private set; }

    /// <summary>The end of the response came, and is still to be told.</summary>
    protected abstract bool HasEndToTell { get; }

    /// <summary>Serves an exchange.</summary>
    public void Begin(PeerExchange exchange, IdlePool? pool)
    {
        Invariant.Check(IsIdle);
        (Exchange, _pool) = (exchange, pool);
        Requests++;
        _timers.StopReading();
        Transport.HighWater = exchange.Options.OutputHighWaterBytes;
        Begun(exchange);
    }

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
        if (IsIdle)
            _pool?.Remove(this);
        _isClosed = true;
        _timers.Remove();
        var exchange = Exchange;
        Exchange = null;
        exchange?.Fail(new UpstreamError(error is SocketException ? UpstreamErrorKind.Reset : UpstreamErrorKind.ClosedPrematurely));
    }

    /// <summary>Lets what was written leave.</summary>
    public void Release()
    {
        Transport.ReleaseAll();
        if (Exchange is { } exchange && (Transport.PendingBytes > ConnectionTimers.SoonSentBytes || IsBlocked))
            _timers.WatchSending(exchange.Options.SendTimeoutMs);
    }

    /// <summary>From here on the server's time runs: the request is whole, or something of the response came.</summary>
    public void WaitForResponse()
    {
        if (Exchange is { IsPaused: false } exchange)
            _timers.WaitForInput(exchange.Options.ReadTimeoutMs);
    }

    public void Pause()
    {
        _timers.StopReading();
        Transport.PauseInput();
    }

    public void Resume()
    {
        if (Exchange is { IsSent: true })
            WaitForResponse();
        Transport.ResumeInput();
        // Nothing is left that would be shown, but the end of the body is still to be told.
        if (HasEndToTell)
            Worker.Executor.Post(static c => ((UpstreamConnection)c!).Receive(default), this);
    }

    /// <summary>The exchange is given up, and what is under way with it.</summary>
    public void Abandon()
    {
        Exchange = null;
        Close();
    }

    /// <summary>Ends an idle connection: it is too old, one too many, or the server ended it.</summary>
    public void CloseIdle()
    {
        _pool?.Remove(this);
        Close();
    }

    /// <summary>Leaves this worker: true where its socket can be given to another.</summary>
    public bool TryHandOver(out int descriptor)
    {
        Invariant.Check(IsIdle);
        if (!Worker.TryRelease(Transport, out descriptor))
            return false;
        _isClosed = true;
        _timers.Remove();
        return true;
    }

    void ITimedConnection.ReadTimedOut()
    {
        if (Exchange is { } exchange)
            Fail(exchange, new UpstreamError(UpstreamErrorKind.ReadTimedOut));
        else if (!_isClosed)
            CloseIdle();
    }

    void ITimedConnection.SendTimedOut()
    {
        if (Exchange is { } exchange)
            Fail(exchange, new UpstreamError(UpstreamErrorKind.SendTimedOut));
        else
            Close();
    }

    /// <summary>An exchange begins.</summary>
    protected abstract void Begun(PeerExchange exchange);

    /// <summary>The response is whole.</summary>
    /// <param name="isReusable">Nothing of it is left that would be in another's way.</param>
    protected void Finish(PeerExchange exchange, bool isReusable)
    {
        Exchange = null;
        if (isReusable && exchange.IsSent && !Transport.IsClosed && _pool is { } pool && pool.Put(this))
            _timers.WaitForInput(pool.TimeoutMs);
        else
            Close();
        exchange.Complete();
    }

    /// <summary>The response will not be whole.</summary>
    protected void Fail(PeerExchange exchange, UpstreamError error)
    {
        Exchange = null;
        Close();
        exchange.Fail(error);
    }

    // Nobody needs what is still unsent.
    private void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _timers.StopReading();
        if (Transport.PendingBytes > 0)
            Transport.Abort();
        else
            Transport.Close();
    }
}
