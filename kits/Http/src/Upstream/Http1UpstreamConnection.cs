using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>The client's side of an HTTP/1 connection.</summary>
internal sealed class Http1UpstreamConnection(HttpWorker worker, SessionTransport transport, EndPoint peer, int requests, long openedMs)
    : UpstreamConnection(worker, transport, peer, requests, openedMs)
{
    private readonly ResponseHeadParser _parser = new();
    private BodyReader _body;
    private bool _hasHead;
    private bool _keepsAlive;

    protected override bool HasEndToTell => _hasHead && _body.IsDone;

    private Http1Upstream? Current => (Http1Upstream?)Exchange;

    /// <inheritdoc/>
    public override int Receive(ReadOnlySpan<byte> input)
    {
        var rest = input;
        while (Current is { IsOver: false, IsPaused: false } exchange)
        {
            var (length, hadHead) = (rest.Length, _hasHead);
            Take(exchange, ref rest);
            if (rest.Length == length && hadHead == _hasHead)
                break;
        }
        WaitForResponse();
        if (IsIdle && !rest.IsEmpty)
            CloseIdle();
        return input.Length - rest.Length;
    }

    /// <inheritdoc/>
    public override void InputEnded(SessionTransport transport)
    {
        if (Exchange is not { } exchange)
            CloseIdle();
        else if (_hasHead && _body.EndsWithConnection)
            Finish(exchange, isReusable: false);
        else
            Fail(exchange, new UpstreamError(UpstreamErrorKind.ClosedPrematurely));
    }

    /// <inheritdoc/>
    public override void Drained()
    {
        if (Exchange is { IsOver: false } exchange)
            exchange.Handler.Drained(exchange);
    }

    protected override void Begun(PeerExchange exchange)
    {
        (_hasHead, _keepsAlive) = (false, false);
        _parser.Begin(exchange.Options.HeadLimits);
    }

    private void Take(Http1Upstream exchange, ref ReadOnlySpan<byte> rest)
    {
        if (!_hasHead)
        {
            TakeHead(exchange, ref rest);
            return;
        }
        if (exchange.IsTunnel)
        {
            var bytes = rest;
            rest = default;
            exchange.AddReceived(bytes.Length);
            if (!bytes.IsEmpty)
                exchange.Handler.Body(exchange, bytes);
            return;
        }
        var piece = rest.Length > exchange.PieceBytesMax ? rest[..exchange.PieceBytesMax] : rest;
        var behind = rest.Length - piece.Length;
        var result = _body.Next(ref piece, _body.IsChunked ? exchange.ResponseTrailers : null, out var data);
        exchange.AddReceived(rest.Length - piece.Length - behind);
        rest = rest[^(piece.Length + behind)..];
        switch (result)
        {
            case BodyResult.Data:
                exchange.Handler.Body(exchange, data);
                // A body of a length is whole with its last byte: its end need not wait for another read.
                if (_body.IsDone && Exchange == exchange && !exchange.IsPaused)
                    Finish(exchange, IsReusable(rest));
                break;
            case BodyResult.Done:
                Finish(exchange, IsReusable(rest));
                break;
            case BodyResult.Invalid:
                Fail(exchange, new UpstreamError(UpstreamErrorKind.InvalidBody));
                break;
        }
    }

    private void TakeHead(Http1Upstream exchange, ref ReadOnlySpan<byte> rest)
    {
        var headers = exchange.ResponseHeaders;
        var status = _parser.Parse(rest, headers);
        if (status == HeadStatus.NeedMore)
            return;
        if (status != HeadStatus.Done)
        {
            Fail(exchange, new UpstreamError(UpstreamErrorKind.InvalidHead, Fault: FaultOf(status)));
            return;
        }
        exchange.AddReceived(_parser.Parsed);
        rest = rest[_parser.Parsed..];
        var code = _parser.Line.Status;
        if (code is >= 100 and < 200 and not 101)
        {
            exchange.Handler.Informed(exchange, code, headers);
            headers.Clear();
            _parser.Begin(exchange.Options.HeadLimits);
            return;
        }
        var framing = ResponseFraming.Of(exchange.Method, code, headers);
        if (framing.Fault != ResponseFault.None)
        {
            Fail(exchange, new UpstreamError(UpstreamErrorKind.InvalidHead, Fault: framing.Fault));
            return;
        }
        exchange.IsTunnel = code == 101 || (exchange.Method == HttpMethod.Connect && code is >= 200 and < 300);
        _body = exchange.IsTunnel || (!framing.IsChunked && framing.Length < 0) ? BodyReader.UntilEnd()
            : framing.IsChunked ? BodyReader.Chunked(exchange.Options.HeadLimits, refusesBareLf: false)
            : BodyReader.OfLength(framing.Length);
        _keepsAlive = !_body.EndsWithConnection && KeepsAlive(headers);
        _hasHead = true;
        exchange.TakeHead(_parser.Line, framing);
    }

    private bool KeepsAlive(HeaderList headers)
    {
        var keeps = _parser.Line.Version >= HttpVersion.Http11;
        for (var i = headers.IndexOf(KnownHeader.Connection); i >= 0; i = headers.IndexOf(KnownHeader.Connection, i + 1))
        {
            if (Tokens.Contains(headers[i].Value, "close"u8))
                return false;
            keeps |= Tokens.Contains(headers[i].Value, "keep-alive"u8);
        }
        return keeps;
    }

    private bool IsReusable(ReadOnlySpan<byte> rest) => rest.IsEmpty && _keepsAlive && Transport.PendingBytes == 0;

    private static ResponseFault FaultOf(HeadStatus status) => status switch
    {
        HeadStatus.InvalidHeader => ResponseFault.InvalidHeaderLine,
        HeadStatus.HeaderTooLong or HeadStatus.TooManyHeaders => ResponseFault.HeaderTooLong,
        _ => ResponseFault.InvalidStatusLine,
    };
}
