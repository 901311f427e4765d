using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>An exchange with an upstream server over HTTP/1: waits for its connection, then writes to it.</summary>
internal sealed class Http1Upstream : UpstreamExchange, IConnectHandler, ITlsHandler
{
    private readonly IdlePool? _pool;
    private UpstreamConnection? _connection;
    private IPendingConnect? _connecting;
    private SessionTransport? _handshaking;
    private ConnectDeadline? _deadline;
    private int _code;
    private int _codeEnd;
    private bool _isChunked;

    public Http1Upstream(HttpWorker worker, EndPoint peer, UpstreamOptions options, IdlePool? pool, IUpstreamHandler handler)
        : base(worker, peer, options, handler) => _pool = pool;

    public override bool IsConnected => _connection is not null;

    public override bool IsReused => _connection is { Requests: > 1 };

    public override EndPoint? Local => _connection?.Transport.Local;

    public override ReadOnlySpan<byte> StatusLine => Status == 0 ? default : ResponseHeaders.Raw(_code, _codeEnd - _code);

    public override long PendingBytes => _connection?.Transport.PendingBytes ?? 0;

    public override bool IsBacklogged => _connection is { } c && c.Transport.PendingBytes > c.Transport.HighWater;

    /// <summary>Method of the request.</summary>
    public HttpMethod Method { get; private set; }

    /// <summary>The request was written to its end.</summary>
    public bool IsSent { get; private set; }

    /// <summary>The handler takes nothing for now.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Bytes go both ways as they are.</summary>
    public bool IsTunnel { get; set; }

    /// <summary>Nobody is told of anything any more.</summary>
    public bool IsOver { get; private set; }

    private SessionTransport Transport => _connection!.Transport;

    /// <summary>Uses a connection that is open.</summary>
    public void Use(UpstreamConnection connection)
    {
        _connection = connection;
        connection.Begin(this, _pool);
    }

    /// <summary>Opens one.</summary>
    public void Connect()
    {
        _deadline = new ConnectDeadline(this);
        Worker.Deadlines.Set(_deadline, Options.ConnectTimeoutMs);
        _connecting = Worker.Connect(Peer, Options.Connect, this);
    }

    /// <summary>Asks another worker for one of its idle connections, and opens one where it has none any more.</summary>
    public void Borrow(HttpWorker lender)
    {
        Invariant.Check(_pool is not null);
        lender.Executor.Post(() =>
        {
            var lent = _pool.Lend(lender, Peer);
            Worker.Executor.Post(() => Take(lent));
        });
    }

    private void Take(LentConnection? lent)
    {
        if (lent is not { } connection)
        {
            if (!IsOver)
                Connect();
            return;
        }
        Worker.Adopt(connection.Descriptor, Peer, new Adoption(this, connection));
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

    private UpstreamConnection Opened(SessionTransport transport)
    {
        var connection = new UpstreamConnection(Worker, transport, Peer, 0, Worker.Deadlines.NowMs) { Tls = Options.Tls };
        Use(connection);
        // The session takes input only behind this call, so the handler may send at once.
        Handler.Connected(this);
        return connection;
    }

    void IConnectHandler.Failed(ConnectFailedException error)
    {
        EndConnecting();
        Fail(new UpstreamError(UpstreamErrorKind.ConnectFailed, error));
    }

    public override void Send(HttpMethod method, ReadOnlySpan<byte> methodName, ReadOnlySpan<byte> target, HeaderList headers,
        bool isHttp10, bool isChunked)
    {
        Invariant.Check(IsConnected && !IsSent);
        (Method, _isChunked) = (method, isChunked);
        if (IsOver)
            return;
        var start = Transport.Output.Position;
        HeadWriter.RequestLine(Transport.Output, methodName, target, isHttp10);
        HeadWriter.Fields(Transport.Output, headers, 0, headers.Count);
        Transport.Output.Write("\r\n"u8);
        Written(start);
    }

    public override void Write(ReadOnlySpan<byte> body)
    {
        if (IsOver || body.IsEmpty)
            return;
        Invariant.Check(IsConnected && (!IsSent || IsTunnel));
        var start = Transport.Output.Position;
        if (_isChunked && !IsTunnel)
            HeadWriter.ChunkSize(Transport.Output, body.Length);
        Transport.Output.Write(body);
        if (_isChunked && !IsTunnel)
            Transport.Output.Write("\r\n"u8);
        Written(start);
    }

    public override void WriteFile(IOutputFile file, long offset, long count)
    {
        if (IsOver || count <= 0)
        {
            file.Release();
            return;
        }
        Invariant.Check(IsConnected && !IsSent);
        var start = Transport.Output.Position;
        if (_isChunked)
            HeadWriter.ChunkSize(Transport.Output, count);
        Transport.Output.AttachFile(file, offset, count);
        if (_isChunked)
            Transport.Output.Write("\r\n"u8);
        Written(start);
    }

    public override void End(HeaderList? trailers = null)
    {
        if (IsOver)
            return;
        Invariant.Check(IsConnected);
        if (IsTunnel)
        {
            Transport.EndOutput();
            return;
        }
        Invariant.Check(!IsSent);
        IsSent = true;
        if (_isChunked)
        {
            var start = Transport.Output.Position;
            Transport.Output.Write("0\r\n"u8);
            if (trailers is not null)
                HeadWriter.Fields(Transport.Output, trailers, 0, trailers.Count);
            Transport.Output.Write("\r\n"u8);
            Written(start);
        }
        _connection!.RequestSent();
    }

    public override void PauseBody()
    {
        if (IsPaused || IsOver)
            return;
        IsPaused = true;
        _connection?.Pause();
    }

    public override void ResumeBody()
    {
        if (!IsPaused || IsOver)
            return;
        IsPaused = false;
        _connection?.Resume();
    }

    public override void Abort()
    {
        if (IsOver)
            return;
        IsOver = true;
        _connecting?.Cancel();
        EndConnecting();
        _handshaking?.Abort();
        _connection?.Abandon();
        Release();
    }

    /// <summary>The response's head is here.</summary>
    public void TakeHead(in StatusLine line, ResponseFraming framing)
    {
        (Status, Version, _code, _codeEnd) = (line.Status, line.Version, line.Code, line.End);
        ResponseLength = framing.IsChunked ? -1 : framing.Length;
        Handler.Responded(this);
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

    private void Written(long start)
    {
        BytesWritten += Transport.Output.Position - start;
        _connection!.Release();
    }

    private void Release()
    {
        _connection = null;
        ReleaseHeaders();
    }

    // A connection that another worker had comes in as one that was opened does.
    private sealed class Adoption(Http1Upstream exchange, LentConnection lent) : IConnectHandler
    {
        public Session? Connected(SessionTransport transport)
        {
            if (exchange.IsOver)
                return null;
            var connection = new UpstreamConnection(exchange.Worker, transport, exchange.Peer, lent.Requests, lent.OpenedMs);
            exchange.Use(connection);
            exchange.Handler.Connected(exchange);
            return connection;
        }

        public void Failed(ConnectFailedException error) => exchange.Fail(new UpstreamError(UpstreamErrorKind.ConnectFailed, error));
    }

    private sealed class ConnectDeadline(Http1Upstream exchange) : Deadline
    {
        protected override void Expired() => exchange.ConnectTimedOut();
    }
}
