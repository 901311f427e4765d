using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The server's side of an HTTP/1 connection: one exchange at a time; what a client pipelines waits until the response before is whole.
/// Invariants: there is an exchange in the phases Exchange and Draining and in no other; input is taken in no phase but for what that phase
/// is about; after Closed nothing is taken and nobody is told.
/// </summary>
public sealed class Http1Connection : HttpConnection
{
    // More that nobody has asked for yet stays with the kernel.
    private const int PipelinedBytesMax = 64 * 1024;

    // So much the kernel takes at once, as a rule: whoever has written it need not be kept until it left.
    private const int SoonSentBytes = 64 * 1024;

    private readonly RequestHeadParser _parser = new();
    private readonly Http1Timers _timers;
    private Http1Exchange? _exchange;
    private BodyReader _body;
    private Phase _phase;
    private HeaderList? _headers;
    private bool _isReceiving;
    private int _unread;
    private bool _hasEnded;
    private bool _isBodyBroken;
    private bool _isDraining;
    private bool _isPipelinePaused;
    private bool _isPipelined;
    private bool _isHeadPartial;

    /// <summary>A connection whose requests go to <paramref name="application"/>.</summary>
    public Http1Connection(HttpWorker worker, SessionTransport transport, IHttpApplication application, HttpServerOptions options)
        : base(worker, transport, application, options)
    {
        transport.KeepsInputOfEnd = true;
        transport.HighWater = options.OutputHighWaterBytes;
        _timers = new Http1Timers(this);
        _timers.WaitForHead(options.ClientHeaderTimeoutMs);
        application.Opened(this);
    }

    private enum Phase : byte
    {
        /// <summary>Between requests, or within a head.</summary>
        Head,

        /// <summary>A request is served.</summary>
        Exchange,

        /// <summary>The response is whole, and much of it waits to be sent.</summary>
        Draining,

        /// <summary>The response is out; the request's body is read away.</summary>
        Discard,

        /// <summary>The output has ended; the client may still send.</summary>
        Linger,

        /// <summary>Nothing is taken any more.</summary>
        Closed,
    }

    /// <inheritdoc/>
    public override bool IsIdle => _phase == Phase.Head && _headers is null && _unread == 0;

    /// <inheritdoc/>
    public override int Receive(ReadOnlySpan<byte> input)
    {
        var rest = input;
        _isReceiving = true;
        while (true)
        {
            var (length, phase) = (rest.Length, _phase);
            Take(ref rest);
            if (rest.Length == length && _phase == phase)
                break;
        }
        _isReceiving = false;
        _unread = rest.Length;
        if (rest.Length > PipelinedBytesMax && _phase is Phase.Exchange or Phase.Draining && !_isPipelinePaused)
        {
            _isPipelinePaused = true;
            Transport.PauseInput();
        }
        return input.Length - rest.Length;
    }

    /// <inheritdoc/>
    public override void InputEnded(SessionTransport transport)
    {
        _hasEnded = true;
        switch (_phase)
        {
            case Phase.Head when _headers is not null:
                RefuseHead(Refusal.ClosedPrematurely);
                break;
            case Phase.Exchange:
                EndOfInputInExchange();
                break;
            case Phase.Draining:
            case Phase.Head when _unread > 0:
                break;
            default:
                CloseNow();
                break;
        }
    }

    /// <inheritdoc/>
    public override void PeerLeft() => TellClientLeft();

    /// <inheritdoc/>
    public override void Drained()
    {
        if (_phase == Phase.Draining)
            Finish();
        else if (_exchange is { IsOver: false } exchange)
            exchange.Handler?.Drained(exchange);
    }

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
        _phase = Phase.Closed;
        TellReading(false);
        _timers.Remove();
        _headers?.Clear();
        _headers = null;
        var exchange = _exchange;
        _exchange = null;
        exchange?.Close(isComplete: false);
        Application.Closed(this, error);
    }

    /// <inheritdoc/>
    public override void Drain()
    {
        _isDraining = true;
        if (IsIdle)
            CloseNow();
    }

    /// <summary>Whether another request may follow, by the limits of <paramref name="options"/>.</summary>
    internal bool TakesMore(HttpServerOptions options) => !_isDraining && options.KeepAliveTimeoutMs > 0
        && Requests < options.KeepAliveRequestsMax && Worker.Deadlines.NowMs - OpenedMs < options.KeepAliveTimeMs;

    /// <summary>Lets what was written leave.</summary>
    internal void Release()
    {
        Transport.ReleaseAll();
        if (Transport.PendingBytes > SoonSentBytes)
            _timers.WatchSending(_exchange?.Options.SendTimeoutMs ?? Options.SendTimeoutMs);
    }

    internal void PauseInput()
    {
        _timers.StopReading();
        Transport.PauseInput();
    }

    internal void ResumeInput()
    {
        if (_phase == Phase.Exchange && _exchange is { Wish: BodyWish.Read, IsTunnel: false } && !_body.IsDone)
            _timers.WaitForBody(_exchange.Options.ClientBodyTimeoutMs);
        _isPipelinePaused = false;
        Transport.ResumeInput();
        // Nothing is left that would be shown, but the end of the body is still to be told.
        if (_unread == 0 && _body.IsDone)
            Worker.Executor.Post(static c => ((Http1Connection)c!).GoOnWithBody(), this);
    }

    /// <summary>The exchange has said what is to become of the body.</summary>
    internal void BodyIsWanted()
    {
        if (_isPipelinePaused)
            ResumeInput();
        if (!_isReceiving)
            Worker.Executor.Post(static c => ((Http1Connection)c!).GoOnWithBody(), this);
    }

    /// <summary>The exchange has ended its response, or broken it off.</summary>
    internal void ResponseEnded()
    {
        Invariant.Check(_exchange is not null && _phase is Phase.Exchange);
        if (Transport.PendingBytes <= SoonSentBytes || Transport.IsClosed)
        {
            Finish();
            return;
        }
        // The exchange lasts until the last byte is with the kernel: access logs tell what was sent.
        _phase = Phase.Draining;
        Transport.HighWater = 4;
        _timers.WatchSending(_exchange.Options.SendTimeoutMs);
    }

    /// <summary>The time for reading is over.</summary>
    internal void ReadTimedOut()
    {
        switch (_phase)
        {
            case Phase.Head when _headers is not null:
                RefuseHead(Refusal.TimedOut);
                break;
            case Phase.Exchange when _exchange is { } exchange:
                FailBody(exchange, Refusal.TimedOut);
                break;
            case Phase.Exchange or Phase.Draining or Phase.Closed:
                break;
            default:
                CloseNow();
                break;
        }
    }

    /// <summary>Nothing was sent for too long.</summary>
    internal void SendTimedOut()
    {
        if (_phase != Phase.Closed)
            Transport.Abort();
    }

    private void Take(ref ReadOnlySpan<byte> rest)
    {
        switch (_phase)
        {
            case Phase.Head:
                TakeHead(ref rest);
                break;
            case Phase.Exchange:
                TakeBody(_exchange!, ref rest);
                break;
            case Phase.Discard:
                TakeDiscarded(ref rest);
                break;
            case Phase.Linger:
                if (!rest.IsEmpty)
                    _timers.LingerOn();
                rest = default;
                break;
            case Phase.Closed:
                rest = default;
                break;
        }
    }

    private void TakeHead(ref ReadOnlySpan<byte> rest)
    {
        if (_headers is null)
        {
            rest = rest.TrimStart("\r\n"u8);
            if (rest.IsEmpty)
                return;
            _headers = new HeaderList();
            _parser.Begin(Options.HeadLimits, Options.TakesAsterisk);
        }
        var status = _parser.Parse(rest, _headers);
        if (status == HeadStatus.NeedMore)
        {
            TellReading(true);
            // The time for the first head runs since the connection was opened.
            if (Requests > 0)
                _timers.WaitForHead(Options.ClientHeaderTimeoutMs);
            return;
        }
        _timers.StopReading();
        rest = rest[_parser.Parsed..];
        _unread = rest.Length;
        BeginExchange(status == HeadStatus.Done ? Refusal.None : RefusalOf(status));
    }

    // What has come of a head ends here.
    private void RefuseHead(Refusal refusal)
    {
        _timers.StopReading();
        BeginExchange(refusal);
    }

    private void BeginExchange(Refusal refusal)
    {
        TellReading(false);
        Requests++;
        var headers = _headers!;
        _headers = null;
        var exchange = _exchange = new Http1Exchange(this, headers, _parser.Line, _parser.Parsed) { IsPipelined = _isPipelined };
        _phase = Phase.Exchange;
        if (refusal != Refusal.None)
        {
            exchange.Refuse(refusal);
            _isBodyBroken = true;
        }
        else
        {
            ReadFields(exchange);
        }
        Application.Begin(exchange);
    }

    private void TellReading(bool isReading)
    {
        if (_isHeadPartial == isReading)
            return;
        _isHeadPartial = isReading;
        Application.Reading(this, isReading);
    }

    private void ReadFields(Http1Exchange exchange)
    {
        if (!Options.UnderscoresInHeaders && Options.IgnoreInvalidHeaders)
            exchange.RequestHeaders.Remove(HeaderFlags.Underscore | HeaderFlags.InvalidName);
        else if (Options.IgnoreInvalidHeaders)
            exchange.RequestHeaders.Remove(HeaderFlags.InvalidName);
        var framing = exchange.Version < HttpVersion.Http10
            ? new RequestFraming(Refusal.None, -1, false)
            : RequestFraming.Of(exchange.Version, exchange.RequestHeaders, out _);
        exchange.Frame(framing, -1);
        _isBodyBroken = framing.Refusal != Refusal.None;
        _body = framing.IsChunked
            ? BodyReader.Chunked(Options.HeadLimits, refusesBareLf: true)
            : BodyReader.OfLength(Math.Max(0, framing.ContentLength));
    }

    private void TakeBody(Http1Exchange exchange, ref ReadOnlySpan<byte> rest)
    {
        if (exchange.Wish == BodyWish.None || exchange.IsBodyPaused || exchange.IsOver)
            return;
        if (exchange.IsTunnel)
        {
            var bytes = rest;
            rest = default;
            if (!bytes.IsEmpty)
                exchange.Handler?.Body(exchange, bytes);
            return;
        }
        if (_isBodyBroken || exchange.IsBodyTold)
            return;
        var result = _body.Next(ref rest, _body.IsChunked ? exchange.RequestTrailers : null, out var data);
        _unread = rest.Length;
        switch (result)
        {
            case BodyResult.Data:
                exchange.AddBodyBytes(data.Length);
                if (exchange.Wish == BodyWish.Read)
                    exchange.Handler?.Body(exchange, data);
                break;
            case BodyResult.Done:
                _timers.StopReading();
                exchange.IsBodyTold = true;
                if (exchange.Wish == BodyWish.Read)
                    exchange.Handler?.BodyEnded(exchange);
                break;
            case BodyResult.Invalid:
                FailBody(exchange, Refusal.InvalidChunkedBody);
                break;
            default:
                if (exchange.Wish == BodyWish.Read)
                    _timers.WaitForBody(exchange.Options.ClientBodyTimeoutMs);
                break;
        }
    }

    // Outside of Receive: what is left over is shown again; where nothing is, a body without bytes still has an end.
    private void GoOnWithBody()
    {
        if (_phase != Phase.Exchange)
            return;
        if (_unread > 0)
            Transport.ShowLeftover();
        else
            Receive(default);
    }

    private void FailBody(Http1Exchange exchange, Refusal refusal)
    {
        if (_isBodyBroken)
            return;
        _isBodyBroken = true;
        exchange.KeepsAlive = false;
        _timers.StopReading();
        if (!exchange.IsOver && (exchange.Wish == BodyWish.Read || exchange.Status == 0))
            exchange.Handler?.BodyFailed(exchange, refusal);
    }

    private void EndOfInputInExchange()
    {
        var exchange = _exchange!;
        if (exchange.IsTunnel)
            exchange.Handler?.BodyEnded(exchange);
        else if (exchange.Wish == BodyWish.Read && !_body.IsDone && !_isBodyBroken)
            FailBody(exchange, Refusal.ClosedPrematurely);
        else
            TellClientLeft();
    }

    private void TellClientLeft()
    {
        if (_phase != Phase.Exchange || _exchange is not { IsClientLeftTold: false, IsOver: false } exchange)
            return;
        exchange.IsClientLeftTold = true;
        exchange.Handler?.ClientLeft(exchange);
    }

    private void TakeDiscarded(ref ReadOnlySpan<byte> rest)
    {
        var trailers = _body.IsChunked ? new HeaderList() : null;
        switch (_body.Next(ref rest, trailers, out _))
        {
            case BodyResult.Done:
                NextRequest();
                break;
            case BodyResult.Invalid:
                CloseNow();
                break;
            case BodyResult.NeedMore:
                _timers.LingerOn();
                break;
        }
        trailers?.Clear();
    }

    // The exchange is over: another request, the rest of the body, or the end.
    private void Finish()
    {
        var exchange = _exchange!;
        _exchange = null;
        _phase = Phase.Closed;
        var (options, keepsAlive, isRefused) = (exchange.Options, exchange.KeepsAlive, exchange.Refusal != Refusal.None);
        var mayDiscard = exchange.Wish != BodyWish.Read && !_isBodyBroken && !_hasEnded && !exchange.AwaitsContinue;
        var (isCut, hasBegun, isPaused) = (exchange.IsCut, exchange.Status != 0, exchange.IsBodyPaused);
        Transport.HighWater = Options.OutputHighWaterBytes;
        exchange.Close(isComplete: !isCut);
        if (Transport.IsClosed)
            return;
        if (isPaused || _isPipelinePaused)
            Transport.ResumeInput();
        _isPipelinePaused = false;
        if (isCut)
        {
            if (hasBegun)
                CloseNow();
            else
                CloseInOrder(options, mayBeSending: false);
        }
        else if (keepsAlive && _body.IsDone)
            NextRequest(options);
        else if (keepsAlive && mayDiscard)
            Discard(options);
        else
            CloseInOrder(options, mayBeSending: isRefused || _unread > 0 || !_body.IsDone || _isBodyBroken);
        if (_unread > 0 && !_isReceiving)
            Transport.ShowLeftover();
    }

    private void NextRequest() => NextRequest(Options);

    private void NextRequest(HttpServerOptions options)
    {
        _phase = Phase.Head;
        (_isBodyBroken, _isPipelined) = (false, _unread > 0);
        if (_isDraining || (_hasEnded && _unread == 0))
            CloseNow();
        else
            _timers.WaitForRequest(options.KeepAliveTimeoutMs);
    }

    private void Discard(HttpServerOptions options)
    {
        _phase = Phase.Discard;
        _timers.Linger(options.LingeringTimeMs, options.LingeringTimeoutMs);
    }

    private void CloseInOrder(HttpServerOptions options, bool mayBeSending)
    {
        if (options.Lingering == LingeringClose.Off || (options.Lingering == LingeringClose.On && !mayBeSending) || _hasEnded)
        {
            CloseNow();
            return;
        }
        _phase = Phase.Linger;
        Transport.EndOutput();
        _timers.Linger(options.LingeringTimeMs, options.LingeringTimeoutMs);
    }

    // After what is released has been sent.
    private void CloseNow()
    {
        _phase = Phase.Closed;
        _timers.StopReading();
        if (Transport.PendingBytes > 0)
            _timers.WatchSending(Options.SendTimeoutMs);
        Transport.Close();
    }

    private static Refusal RefusalOf(HeadStatus status) => status switch
    {
        HeadStatus.InvalidMethod => Refusal.InvalidMethod,
        HeadStatus.InvalidVersion => Refusal.InvalidVersion,
        HeadStatus.InvalidHttp09Method => Refusal.InvalidHttp09Method,
        HeadStatus.InvalidHeader => Refusal.InvalidHeaderLine,
        HeadStatus.LineTooLong => Refusal.RequestLineTooLong,
        HeadStatus.HeaderTooLong => Refusal.HeaderTooLong,
        HeadStatus.TooManyHeaders => Refusal.TooManyHeaders,
        _ => Refusal.InvalidRequestLine,
    };
}
