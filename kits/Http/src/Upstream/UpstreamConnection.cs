using System.Net;
using System.Net.Sockets;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The client's side of an HTTP/1 connection: one request at a time, idle in a pool in between. Invariants: it has an exchange, or is
/// idle, or
/// is closed; it goes back to a pool only when request and response are both whole and nothing is left over.
/// </summary>
internal sealed class UpstreamConnection : Session
{
    private readonly ResponseHeadParser _parser = new();
    private readonly UpstreamTimers _timers;
    private Http1Upstream? _exchange;
    private IdlePool? _pool;
    private BodyReader _body;
    private bool _hasHead;
    private bool _keepsAlive;
    private bool _isClosed;

    /// <param name="requests">Requests that it has served before.</param>
    public UpstreamConnection(HttpWorker worker, SessionTransport transport, EndPoint peer, int requests, long openedMs)
    {
        (Worker, Transport, Peer, Requests, OpenedMs) = (worker, transport, peer, requests, openedMs);
        transport.KeepsInputOfEnd = true;
        _timers = new UpstreamTimers(this);
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
    public bool IsIdle => _exchange is null && !_isClosed;

    /// <summary>Serves an exchange.</summary>
    public void Begin(Http1Upstream exchange, IdlePool? pool)
    {
        Invariant.Check(IsIdle);
        (_exchange, _pool, _hasHead, _keepsAlive) = (exchange, pool, false, false);
        Requests++;
        _timers.StopReading();
        _parser.Begin(exchange.Options.HeadLimits);
        Transport.HighWater = exchange.Options.OutputHighWaterBytes;
    }

    /// <inheritdoc/>
    public override int Receive(ReadOnlySpan<byte> input)
    {
        var rest = input;
        while (_exchange is { IsOver: false, IsPaused: false } exchange)
        {
            var (length, hadHead) = (rest.Length, _hasHead);
            Take(exchange, ref rest);
            exchange.AddReceived(length - rest.Length);
            if (rest.Length == length && hadHead == _hasHead)
                break;
        }
        if (_exchange is { IsPaused: false } waiting)
            _timers.WaitForResponse(waiting.Options.ReadTimeoutMs);
        else if (IsIdle && !rest.IsEmpty)
            CloseIdle();
        return input.Length - rest.Length;
    }

    /// <inheritdoc/>
    public override void InputEnded(SessionTransport transport)
    {
        if (_exchange is not { } exchange)
            CloseIdle();
        else if (_hasHead && _body.EndsWithConnection)
            Finish(exchange, isClean: false);
        else
            Fail(exchange, new UpstreamError(UpstreamErrorKind.ClosedPrematurely));
    }

    /// <inheritdoc/>
    public override void Drained()
    {
        if (_exchange is { IsOver: false } exchange)
            exchange.Handler.Drained(exchange);
    }

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
        if (IsIdle)
            _pool?.Remove(this);
        _isClosed = true;
        _timers.Remove();
        var exchange = _exchange;
        _exchange = null;
        exchange?.Fail(new UpstreamError(error is SocketException ? UpstreamErrorKind.Reset : UpstreamErrorKind.ClosedPrematurely));
    }

    /// <summary>Lets what was written leave.</summary>
    public void Release()
    {
        Transport.ReleaseAll();
        if (Transport.PendingBytes > UpstreamTimers.SoonSentBytes)
            _timers.WatchSending(_exchange!.Options.SendTimeoutMs);
    }

    /// <summary>The request is whole: from here on the server's time runs.</summary>
    public void RequestSent()
    {
        if (_exchange is { IsPaused: false } exchange)
            _timers.WaitForResponse(exchange.Options.ReadTimeoutMs);
    }

    public void Pause()
    {
        _timers.StopReading();
        Transport.PauseInput();
    }

    public void Resume()
    {
        if (_exchange is { IsSent: true } exchange)
            _timers.WaitForResponse(exchange.Options.ReadTimeoutMs);
        Transport.ResumeInput();
        // Nothing is left that would be shown, but the end of the body is still to be told.
        if (_hasHead && _body.IsDone)
            Worker.Executor.Post(static c => ((UpstreamConnection)c!).Receive(default), this);
    }

    /// <summary>The exchange is given up, and what is under way with it.</summary>
    public void Abandon()
    {
        _exchange = null;
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

    /// <summary>The time for reading is over, or for being idle.</summary>
    internal void ReadTimedOut()
    {
        if (_exchange is { } exchange)
            Fail(exchange, new UpstreamError(UpstreamErrorKind.ReadTimedOut));
        else if (!_isClosed)
            CloseIdle();
    }

    /// <summary>Nothing was sent for too long.</summary>
    internal void SendTimedOut()
    {
        if (_exchange is { } exchange)
            Fail(exchange, new UpstreamError(UpstreamErrorKind.SendTimedOut));
        else
            Close();
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
            if (!bytes.IsEmpty)
                exchange.Handler.Body(exchange, bytes);
            return;
        }
        var piece = rest.Length > exchange.PieceBytesMax ? rest[..exchange.PieceBytesMax] : rest;
        var behind = rest.Length - piece.Length;
        var result = _body.Next(ref piece, _body.IsChunked ? exchange.ResponseTrailers : null, out var data);
        rest = rest[^(piece.Length + behind)..];
        switch (result)
        {
            case BodyResult.Data:
                exchange.Handler.Body(exchange, data);
                // A body of a length is whole with its last byte: its end need not wait for another read.
                if (_body.IsDone && _exchange == exchange && !exchange.IsPaused)
                    Finish(exchange, rest.IsEmpty);
                break;
            case BodyResult.Done:
                Finish(exchange, rest.IsEmpty);
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

    private void Finish(Http1Upstream exchange, bool isClean)
    {
        _exchange = null;
        if (isClean && _keepsAlive && exchange.IsSent && Transport.PendingBytes == 0 && !Transport.IsClosed
            && _pool is { } pool && pool.Put(this))
            _timers.WaitIdle(pool.TimeoutMs);
        else
            Close();
        exchange.Complete();
    }

    private void Fail(Http1Upstream exchange, UpstreamError error)
    {
        _exchange = null;
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

    private static ResponseFault FaultOf(HeadStatus status) => status switch
    {
        HeadStatus.InvalidHeader => ResponseFault.InvalidHeaderLine,
        HeadStatus.HeaderTooLong or HeadStatus.TooManyHeaders => ResponseFault.HeaderTooLong,
        _ => ResponseFault.InvalidStatusLine,
    };
}
