using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The server's side of an HTTP/1 connection: one exchange at a time; what a client pipelines waits until the response before is whole.
/// Invariants: there is an exchange in the phases Exchange and Draining and in no other; input is taken in no phase but for what that phase
/// is about; after Closed nothing is taken and nobody is told.
/// </summary>
public sealed class Http1Connection : HttpConnection, ITimedConnection
{
    // More that nobody has asked for yet stays with the kernel.
    private const int PipelinedBytesMax = 64 * 1024;

    private readonly Http1Timers _timers;
    private readonly Http1HeadInput _head;
    private readonly Http1BodyInput _body;
    private Http1Exchange? _exchange;
    private Http1Phase _phase;
    private bool _isReceiving;
    private bool _hasEnded;
    private bool _isDraining;
    private bool _isPipelinePaused;
    private bool _isPipelined;

    /// <summary>A connection whose requests go to <paramref name="application"/>.</summary>
    public Http1Connection(HttpWorker worker, SessionTransport transport, IHttpApplication application, HttpServerOptions options)
        : base(worker, transport, application, options)
    {
        transport.KeepsInputOfEnd = true;
        transport.HighWater = options.OutputHighWaterBytes;
        _timers = new Http1Timers(this);
        (_head, _body) = (new Http1HeadInput(this), new Http1BodyInput(this, _timers));
        _timers.WaitForHead(options.ClientHeaderTimeoutMs);
        application.Opened(this);
    }

    /// <inheritdoc/>
    public override bool IsIdle => _phase == Http1Phase.Head && !_head.IsBegun && Unread == 0;

    bool ITimedConnection.HasUnsent => Transport.PendingBytes > 0;

    /// <summary>Bytes that came and wait with the transport.</summary>
    internal int Unread { get; set; }

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
        Unread = rest.Length;
        if (rest.Length > PipelinedBytesMax && _phase is Http1Phase.Exchange or Http1Phase.Draining && !_isPipelinePaused)
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
            case Http1Phase.Head when _head.IsBegun:
                RefuseHead(Refusal.ClosedPrematurely);
                break;
            case Http1Phase.Exchange:
                EndOfInputInExchange();
                break;
            case Http1Phase.Draining:
            case Http1Phase.Head when Unread > 0:
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
        if (_phase == Http1Phase.Draining)
            Finish();
        else if (_exchange is { IsOver: false } exchange)
            exchange.Handler?.Drained(exchange);
    }

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
        _phase = Http1Phase.Closed;
        _timers.Remove();
        _head.Clear();
        var exchange = _exchange;
        _exchange = null;
        exchange?.Close(isComplete: false);
        Application.Closed(this, error);
    }

    /// <inheritdoc/>
    public override void Drain()
    {
        _isDraining = true;
        if (IsReusable)
            CloseNow();
        else if (IsIdle)
            _timers.WaitForRequest(KeptUntilMs - Worker.Deadlines.NowMs);
    }

    /// <summary>Whether another request may follow, by the limits of <paramref name="options"/>.</summary>
    internal bool TakesMore(HttpServerOptions options) => !_isDraining && options.KeepAliveTimeoutMs > 0
        && Requests < options.KeepAliveRequestsMax && Worker.Deadlines.NowMs - OpenedMs < options.KeepAliveTimeMs;

    /// <summary>Lets what was written leave.</summary>
    internal void Release()
    {
        Transport.ReleaseAll();
        if (Transport.PendingBytes > ConnectionTimers.SoonSentBytes)
            _timers.WatchSending(_exchange?.Options.SendTimeoutMs ?? Options.SendTimeoutMs);
    }

    internal void PauseInput()
    {
        _timers.StopReading();
        Transport.PauseInput();
    }

    internal void ResumeInput()
    {
        if (_phase == Http1Phase.Exchange && _exchange is { Wish: BodyWish.Read, IsTunnel: false } && !_body.IsDone)
            _timers.WaitForInput(_exchange.Options.ClientBodyTimeoutMs);
        _isPipelinePaused = false;
        Transport.ResumeInput();
        // Nothing is left that would be shown, but the end of the body is still to be told.
        if (Unread == 0 && _body.IsDone)
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
        Invariant.Check(_exchange is not null && _phase is Http1Phase.Exchange);
        if (Transport.PendingBytes <= ConnectionTimers.SoonSentBytes || Transport.IsClosed)
        {
            Finish();
            return;
        }
        // The exchange lasts until the last byte is with the kernel: access logs tell what was sent.
        _phase = Http1Phase.Draining;
        Transport.HighWater = 4;
        _timers.WatchSending(_exchange.Options.SendTimeoutMs);
    }

    void ITimedConnection.ReadTimedOut()
    {
        switch (_phase)
        {
            case Http1Phase.Head when _head.IsBegun:
                RefuseHead(Refusal.TimedOut);
                break;
            case Http1Phase.Exchange when _exchange is { } exchange:
                _body.Fail(exchange, Refusal.TimedOut);
                break;
            case Http1Phase.Exchange or Http1Phase.Draining or Http1Phase.Closed:
                break;
            default:
                CloseNow();
                break;
        }
    }

    void ITimedConnection.SendTimedOut()
    {
        if (_phase != Http1Phase.Closed)
            Transport.Abort();
    }

    private void Take(ref ReadOnlySpan<byte> rest)
    {
        switch (_phase)
        {
            case Http1Phase.Head:
                TakeHead(ref rest);
                break;
            case Http1Phase.Exchange:
                _body.Take(_exchange!, ref rest);
                break;
            case Http1Phase.Discard:
                TakeDiscarded(ref rest);
                break;
            case Http1Phase.Linger:
                if (!rest.IsEmpty)
                    _timers.LingerOn();
                rest = default;
                break;
            case Http1Phase.Closed:
                rest = default;
                break;
        }
    }

    private void TakeHead(ref ReadOnlySpan<byte> rest)
    {
        var status = _head.Take(ref rest);
        if (status != HeadStatus.NeedMore)
        {
            _timers.StopReading();
            Unread = rest.Length;
            BeginExchange(Http1HeadInput.RefusalOf(status));
        }
        else if (_head.IsBegun && Requests > 0)
        {
            // The time for the first head runs since the connection was opened.
            _timers.WaitForHead(Options.ClientHeaderTimeoutMs);
        }
    }

    // What has come of a head ends here.
    private void RefuseHead(Refusal refusal)
    {
        _timers.StopReading();
        BeginExchange(refusal);
    }

    private void BeginExchange(Refusal refusal)
    {
        Requests++;
        var headers = _head.End();
        var exchange = _exchange = new Http1Exchange(this, headers, _head.Line, _head.Bytes) { IsPipelined = _isPipelined };
        _phase = Http1Phase.Exchange;
        if (refusal != Refusal.None)
        {
            exchange.Refuse(refusal);
            _body.IsBroken = true;
        }
        else
        {
            _body.Begin(exchange);
        }
        Application.Begin(exchange);
    }

    // Outside of Receive: what is left over is shown again; where nothing is, a body without bytes still has an end.
    private void GoOnWithBody()
    {
        if (_phase != Http1Phase.Exchange)
            return;
        if (Unread > 0)
            Transport.ShowLeftover();
        else
            Receive(default);
    }

    private void EndOfInputInExchange()
    {
        var exchange = _exchange!;
        if (exchange.IsTunnel)
            exchange.Handler?.BodyEnded(exchange);
        else if (exchange.Wish == BodyWish.Read && !_body.IsDone && !_body.IsBroken)
            _body.Fail(exchange, Refusal.ClosedPrematurely);
        else
            TellClientLeft();
    }

    private void TellClientLeft()
    {
        if (_phase != Http1Phase.Exchange || _exchange is not { IsClientLeftTold: false, IsOver: false } exchange)
            return;
        exchange.IsClientLeftTold = true;
        exchange.Handler?.ClientLeft(exchange);
    }

    private void TakeDiscarded(ref ReadOnlySpan<byte> rest)
    {
        switch (_body.Discard(ref rest))
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
    }

    // The exchange is over: another request, the rest of the body, or the end.
    private void Finish()
    {
        var exchange = _exchange!;
        _exchange = null;
        _phase = Http1Phase.Closed;
        var (options, keepsAlive, isRefused) = (exchange.Options, exchange.KeepsAlive, exchange.Refusal != Refusal.None);
        var mayDiscard = exchange.Wish != BodyWish.Read && !_body.IsBroken && !_hasEnded && !exchange.AwaitsContinue;
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
            CloseInOrder(options, mayBeSending: isRefused || Unread > 0 || !_body.IsDone || _body.IsBroken);
        if (Unread > 0 && !_isReceiving)
            Transport.ShowLeftover();
    }

    private void NextRequest() => NextRequest(Options);

    private void NextRequest(HttpServerOptions options)
    {
        _phase = Http1Phase.Head;
        (_body.IsBroken, _isPipelined) = (false, Unread > 0);
        if (_isDraining || (_hasEnded && Unread == 0))
        {
            CloseNow();
            return;
        }
        Keep(options);
        _timers.WaitForRequest(options.KeepAliveTimeoutMs);
    }

    private void Discard(HttpServerOptions options)
    {
        _phase = Http1Phase.Discard;
        _timers.Linger(options.LingeringTimeMs, options.LingeringTimeoutMs);
    }

    private void CloseInOrder(HttpServerOptions options, bool mayBeSending)
    {
        if (options.Lingering == LingeringClose.Off || (options.Lingering == LingeringClose.On && !mayBeSending) || _hasEnded)
        {
            CloseNow();
            return;
        }
        _phase = Http1Phase.Linger;
        Transport.EndOutput();
        _timers.Linger(options.LingeringTimeMs, options.LingeringTimeoutMs);
    }

    // After what is released has been sent.
    private void CloseNow()
    {
        _phase = Http1Phase.Closed;
        _timers.StopReading();
        if (Transport.PendingBytes > 0)
            _timers.WatchSending(Options.SendTimeoutMs);
        Transport.Close();
    }
}
