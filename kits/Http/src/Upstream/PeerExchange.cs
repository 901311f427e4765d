using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>An exchange over a connection that is its own while it lasts: an idle one, or one that it opens.</summary>
internal abstract class PeerExchange : UpstreamExchange, IConnectHandler, ITlsHandler
{
    private IPendingConnect? _connecting;
    private SessionTransport? _handshaking;
    private ConnectDeadline? _deadline;

    protected PeerExchange(HttpWorker worker, EndPoint peer, UpstreamOptions options, IdlePool? pool, IUpstreamHandler handler)
        : base(worker, peer, options, handler) => Pool = pool;

    public override bool IsConnected => Connection is not null;

    public override bool IsReused => Connection is { Requests: > 1 };

    public override EndPoint? Local => Connection?.Transport.Local;

    public override long PendingBytes => Connection?.Transport.PendingBytes ?? 0;

    public override bool IsBacklogged => Connection is { } c && PendingBytes > c.Transport.HighWater;

    /// <summary>Method of the request.</summary>
    public HttpMethod Method { get; protected set; }

    /// <summary>The request was written to its end.</summary>
    public bool IsSent { get; protected set; }

    /// <summary>The handler takes nothing for now.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Nobody is told of anything any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Null until connected, and when it is over.</summary>
    protected UpstreamConnection? Connection { get; private set; }

    /// <summary>Where the connection goes afterwards.</summary>
    protected IdlePool? Pool { get; }

    /// <summary>Uses a connection that is open.</summary>
    public void Use(UpstreamConnection connection)
    {
        Connection = connection;
        connection.Begin(this, Pool);
    }

    /// <summary>Opens one.</summary>
    public void Connect()
    {
        _deadline = new ConnectDeadline(this);
        Worker.Deadlines.Set(_deadline, Options.ConnectTimeoutMs);
        _connecting = Worker.Connect(Peer, Options.Connect, this);
    }

    Session? IConnectHandler.Connected(SessionTransport transport)
    {
        EndConnecting();
        if (IsOver)
            return null;
        if (Options.Tls is not { } tls)
            return Opened(transport);
        _handshaking = transport;
        try
        {
            return TlsSession.Connect(Worker, transport, tls.Context, tls.Target, this);
        }
        catch (TlsException e)
        {
            Fail(new UpstreamError(UpstreamErrorKind.TlsFailed, Tls: e));
            return null;
        }
    }

    Session? ITlsHandler.Opened(TlsSession tls, SessionTransport transport)
    {
        _handshaking = null;
        return IsOver ? null : Opened(transport);
    }

    void ITlsHandler.Failed(TlsSession tls, TlsException error)
    {
        _handshaking = null;
        Fail(new UpstreamError(UpstreamErrorKind.TlsFailed, Tls: error));
    }

    void IConnectHandler.Failed(ConnectFailedException error)
    {
        EndConnecting();
        Fail(new UpstreamError(UpstreamErrorKind.ConnectFailed, error));
    }

    public override void PauseBody()
    {
        if (IsPaused || IsOver)
            return;
        IsPaused = true;
        Connection?.Pause();
    }

    public override void ResumeBody()
    {
        if (!IsPaused || IsOver)
            return;
        IsPaused = false;
        Connection?.Resume();
    }

    public override void Abort()
    {
        if (IsOver)
            return;
        IsOver = true;
        _connecting?.Cancel();
        EndConnecting();
        _handshaking?.Abort();
        Connection?.Abandon();
        Release();
    }

    /// <summary>Counts bytes of the response.</summary>
    public void AddReceived(int count) => BytesReceived += count;

    /// <summary>The response is whole.</summary>
    public void Complete()
    {
        if (IsOver)
            return;
        IsOver = true;
        Handler.Ended(this);
        Release();
    }

    /// <summary>The response will not be whole.</summary>
    public void Fail(UpstreamError error)
    {
        if (IsOver)
            return;
        IsOver = true;
        Handler.Failed(this, error);
        Release();
    }

    /// <summary>Makes the session of a connection that is open now.</summary>
    protected abstract UpstreamConnection MakeConnection(SessionTransport transport);

    /// <summary>Gives memory back.</summary>
    protected virtual void Release()
    {
        Connection = null;
        ReleaseHeaders();
    }

    /// <summary>It goes on over a connection that was opened for it.</summary>
    protected UpstreamConnection Opened(UpstreamConnection connection)
    {
        Use(connection);
        // The session takes input only behind this call, so the handler may send at once.
        Handler.Connected(this);
        return connection;
    }

    private UpstreamConnection Opened(SessionTransport transport) => Opened(MakeConnection(transport));

    private void ConnectTimedOut()
    {
        _connecting?.Cancel();
        EndConnecting();
        Fail(new UpstreamError(UpstreamErrorKind.ConnectTimedOut));
    }

    private void EndConnecting()
    {
        _connecting = null;
        if (_deadline is not null)
            Worker.Deadlines.Remove(_deadline);
        _deadline = null;
    }

    private sealed class ConnectDeadline(PeerExchange exchange) : Deadline
    {
        protected override void Expired() => exchange.ConnectTimedOut();
    }
}
