using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>An exchange with an upstream server over HTTP/1: waits for its connection, then writes to it.</summary>
internal sealed class Http1Upstream(HttpWorker worker, EndPoint peer, UpstreamOptions options, IdlePool? pool, IUpstreamHandler handler)
    : PeerExchange(worker, peer, options, pool, handler)
{
    private int _code;
    private int _codeEnd;
    private bool _isChunked;

    public override ReadOnlySpan<byte> StatusLine => Status == 0 ? default : ResponseHeaders.Raw(_code, _codeEnd - _code);

    /// <summary>Bytes go both ways as they are.</summary>
    public bool IsTunnel { get; set; }

    private SessionTransport Transport => Connection!.Transport;

    /// <summary>Asks another worker for one of its idle connections, and opens one where it has none any more.</summary>
    public void Borrow(HttpWorker lender)
    {
        Invariant.Check(Pool is not null);
        lender.Executor.Post(() =>
        {
            var lent = Pool.Lend(lender, Peer);
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

    public override void Send(in UpstreamRequest request)
    {
        Invariant.Check(IsConnected && !IsSent);
        (Method, _isChunked) = (request.Method, request.IsChunked);
        if (IsOver)
            return;
        var start = Transport.Output.Position;
        HeadWriter.RequestLine(Transport.Output, request.MethodName, request.Target, request.IsHttp10);
        HeadWriter.Fields(Transport.Output, request.Headers, 0, request.Headers.Count);
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
        Connection!.WaitForResponse();
    }

    /// <summary>The response's head is here.</summary>
    public void TakeHead(in StatusLine line, ResponseFraming framing)
    {
        (Status, Version, _code, _codeEnd) = (line.Status, line.Version, line.Code, line.End);
        ResponseLength = framing.IsChunked ? -1 : framing.Length;
        Handler.Responded(this);
    }

    protected override UpstreamConnection MakeConnection(SessionTransport transport) =>
        new Http1UpstreamConnection(Worker, transport, Peer, 0, Worker.Deadlines.NowMs) { Tls = Options.Tls };

    private void Written(long start)
    {
        BytesWritten += Transport.Output.Position - start;
        Connection!.Release();
    }

    // A connection that another worker had comes in as one that was opened does.
    private sealed class Adoption(Http1Upstream exchange, LentConnection lent) : IConnectHandler
    {
        public Session? Connected(SessionTransport transport) => exchange.IsOver ? null : exchange.Opened(
            new Http1UpstreamConnection(exchange.Worker, transport, exchange.Peer, lent.Requests, lent.OpenedMs));

        public void Failed(ConnectFailedException error) => exchange.Fail(new UpstreamError(UpstreamErrorKind.ConnectFailed, error));
    }
}
