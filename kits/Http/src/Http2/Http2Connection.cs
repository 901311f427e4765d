using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The server's side of an HTTP/2 connection (RFC 9113): its streams, from their opening by <see cref="Http2Input"/> to their end, and its
/// own end. Invariants: a stream is in the table until it is over both ways or reset; after Closing nothing is taken.
/// </summary>
public sealed class Http2Connection : HttpConnection, ITimedConnection
{
    private readonly Http2Timers _timers;
    private readonly Http2Input _input;
    private bool _isToClose;

    /// <summary>A connection whose requests go to <paramref name="application"/>.</summary>
    public Http2Connection(
        HttpWorker worker, SessionTransport transport, IHttpApplication application, HttpServerOptions options, Http2Options http2)
        : base(worker, transport, application, options)
    {
        Http2 = http2;
        Sender = new Http2Sender(this);
        transport.HighWater = options.OutputHighWaterBytes;
        _timers = new Http2Timers(this);
        _input = new Http2Input(this, _timers);
        Http2FrameWriter.Settings(transport.Output,
        [
            (Http2Setting.MaxConcurrentStreams, (uint)http2.ConcurrentStreamsMax),
            (Http2Setting.InitialWindowSize, (uint)http2.InitialWindow),
            (Http2Setting.MaxFrameSize, (uint)_input.FrameBytesMax),
        ]);
        Http2FrameWriter.WindowUpdate(transport.Output, 0, Http2Input.Window - Http2Frame.WindowDefault);
        transport.ReleaseAll();
        _timers.WaitForInput(options.ClientHeaderTimeoutMs);
        application.Opened(this);
    }

    /// <summary>What a client sends before its first frame (RFC 9113 section 3.4).</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Limits.</summary>
    public Http2Options Http2 { get; }

    /// <summary>Why the connection was ended by us; null while it was not.</summary>
    public string? Failure { get; private set; }

    internal Http2Sender Sender { get; }

    bool ITimedConnection.HasUnsent => Transport.PendingBytes > 0 || Sender.WaitingCount > 0;

    internal Http2PeerSettings Peer { get; } = new();

    internal Http2Priorities Priorities { get; } = new();

    /// <summary>Those that are not over, by number; changed by the connection alone.</summary>
    internal Dictionary<int, Http2Exchange> Streams { get; } = [];

    /// <summary>Streams that come now are not served.</summary>
    internal bool IsDraining { get; private set; }

    /// <summary>Nothing is taken any more.</summary>
    internal bool IsClosing { get; private set; }

    /// <inheritdoc/>
    public override int Receive(ReadOnlySpan<byte> input)
    {
        var rest = input;
        if (IsClosing)
        {
            _timers.LingerOn();
            return input.Length;
        }
        try
        {
            _input.Take(ref rest);
        }
        catch (Http2ConnectionException e)
        {
            Fail(e.Code, e.Message);
        }
        catch (HpackException e)
        {
            Fail(e.IsCutOff ? Http2ErrorCode.FrameSizeError : Http2ErrorCode.CompressionError, e.Message);
        }
        return IsClosing ? input.Length : input.Length - rest.Length;
    }

    /// <inheritdoc/>
    public override bool IsIdle => Streams.Count == 0;

    /// <inheritdoc/>
    public override void Drained() => Sender.Pump();

    /// <inheritdoc/>
    public override void InputEnded(SessionTransport transport) => CloseNow();

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
        IsClosing = true;
        _timers.Remove();
        _input.Clear();
        foreach (var exchange in Streams.Values.ToArray())
        {
            exchange.ClientLeft();
            exchange.Close(isComplete: false);
        }
        Streams.Clear();
        Application.Closed(this, error);
    }

    /// <inheritdoc/>
    public override void Drain()
    {
        _isToClose = true;
        if (IsClosing)
            CloseNow();
        else
            TakeNoMore();
    }

    private void TakeNoMore()
    {
        if (IsDraining || IsClosing)
            return;
        IsDraining = true;
        Http2FrameWriter.GoAway(Transport.Output, _input.LastStream, Http2ErrorCode.NoError);
        Release();
        CloseIfIdle();
    }

    internal void Release()
    {
        Transport.ReleaseAll();
        if (Transport.PendingBytes > 0 || Sender.WaitingCount > 0)
            _timers.WatchSending(Options.SendTimeoutMs);
    }

    /// <summary>The handler has ended its response; what is pending of it may still wait.</summary>
    internal void ResponseEnded(Http2Exchange exchange)
    {
        if (exchange.IsOutputOver)
            OutputEnded(exchange);
    }

    /// <summary>The last frame of a response is written.</summary>
    internal void OutputEnded(Http2Exchange exchange)
    {
        if (!exchange.IsOver || !Remove(exchange.Id))
            return;
        _input.Answered(exchange);
        // RFC 9113 8.1: the rest of the request is not wanted.
        if (!exchange.IsInputOver)
            Http2FrameWriter.RstStream(Transport.Output, exchange.Id, Http2ErrorCode.NoError);
        Release();
        exchange.Close(isComplete: true);
        CloseIfIdle();
    }

    /// <summary>Ends a stream that cannot go on.</summary>
    internal void Reset(Http2Exchange exchange, Http2ErrorCode code)
    {
        if (!Remove(exchange.Id))
            return;
        exchange.IsOutputOver = true;
        Http2FrameWriter.RstStream(Transport.Output, exchange.Id, code);
        Release();
        exchange.Close(isComplete: false);
        CloseIfIdle();
    }

    void ITimedConnection.ReadTimedOut()
    {
        if (IsClosing)
        {
            CloseNow();
            return;
        }
        if (Streams.Count == 0 || _input.IsWithinHead)
            Fail(Http2ErrorCode.NoError, "client timed out");
    }

    /// <summary>A stream's head was not whole in time.</summary>
    internal void HeadTimedOut() => _input.HeadTimedOut();

    void ITimedConnection.SendTimedOut() => Transport.Abort();

    /// <summary>A stream was opened.</summary>
    internal void Begin(Http2Exchange exchange, bool endsStream)
    {
        Requests++;
        _timers.StopReading();
        Streams.Add(exchange.Id, exchange);
        exchange.Frame(endsStream);
        if (Requests >= Options.KeepAliveRequestsMax || Options.KeepAliveTimeoutMs <= 0
            || Worker.Deadlines.NowMs - OpenedMs >= Options.KeepAliveTimeMs)
            TakeNoMore();
        Application.Begin(exchange);
    }

    /// <summary>A stream is over, for whatever reason.</summary>
    internal bool Remove(int stream)
    {
        Priorities.Close(stream);
        return Streams.Remove(stream);
    }

    private void Fail(Http2ErrorCode code, string message)
    {
        if (IsClosing)
            return;
        Failure ??= message;
        Http2FrameWriter.GoAway(Transport.Output, _input.LastStream, code);
        Transport.ReleaseAll();
        CloseInOrder();
    }

    /// <summary>Where no stream is left, the connection waits for another one, or ends.</summary>
    internal void CloseIfIdle()
    {
        if (Streams.Count > 0 || IsClosing)
            return;
        if (IsDraining)
            CloseInOrder();
        else if (!_input.HasHeadComing)
        {
            Keep(Options);
            _timers.WaitForInput(Options.KeepAliveTimeoutMs);
        }
    }

    // What the client still sends is read away: a reset would take what was sent to it.
    private void CloseInOrder()
    {
        if (Options.Lingering == LingeringClose.Off || _isToClose || Transport.IsClosed)
        {
            CloseNow();
            return;
        }
        IsClosing = true;
        Transport.EndOutput();
        _timers.Linger(Options.LingeringTimeMs, Options.LingeringTimeoutMs);
    }

    private void CloseNow()
    {
        IsClosing = true;
        _timers.StopReading();
        Transport.Close();
    }
}
