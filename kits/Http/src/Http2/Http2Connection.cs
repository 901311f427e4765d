using System.Buffers.Binary;
using Microcosm.Runtime;
using static Microcosm.Http.Http2FrameChecks;

namespace Microcosm.Http;

/// <summary>
/// The server's side of an HTTP/2 connection (RFC 9113): frames in, exchanges out. Invariants: streams are opened in ascending order; what
/// is not in the table of streams and not above the last one is closed; while a header block is not whole nothing else is taken; after
/// Closing nothing is taken.
/// </summary>
public sealed class Http2Connection : HttpConnection
{
    private const int ConnectionWindow = Http2Frame.WindowMax;
    private const int ConnectionWindowMin = ConnectionWindow / 4;

    private readonly Dictionary<int, Http2Exchange> _streams = [];
    private readonly HpackDecoder _hpack = new();
    private readonly Http2Priorities _priorities = new();
    private readonly Http2Timers _timers;
    private Http2HeadBlock _block;
    private Http2Flood _flood;
    private int _lastStream;
    private int _comingStream;
    private int _lateStream;
    private int _window = ConnectionWindow;
    private bool _hasPreface;
    private bool _isDraining;
    private bool _isClosing;
    private bool _isToClose;
    private bool _isAcknowledged;

    /// <summary>A connection whose requests go to <paramref name="application"/>.</summary>
    public Http2Connection(
        HttpWorker worker, SessionTransport transport, IHttpApplication application, HttpServerOptions options, Http2Options http2)
        : base(worker, transport, application, options)
    {
        Http2 = http2;
        Sender = new Http2Sender(this);
        transport.HighWater = options.OutputHighWaterBytes;
        _timers = new Http2Timers(this);
        Http2FrameWriter.Settings(transport.Output,
        [
            (Http2Setting.MaxConcurrentStreams, (uint)http2.ConcurrentStreamsMax),
            (Http2Setting.InitialWindowSize, (uint)http2.InitialWindow),
            (Http2Setting.MaxFrameSize, (uint)FrameBytesMax),
        ]);
        Http2FrameWriter.WindowUpdate(transport.Output, 0, ConnectionWindow - Http2Frame.WindowDefault);
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

    internal Http2PeerSettings Peer { get; } = new();

    // Heads are bounded after decoding; before it nothing sensible is larger.
    private int BlockBytesMax => Options.HeadLimits.LargeCount * Options.HeadLimits.LargeBytes;

    // A head may come in one frame, as clients of nginx send it: that takes frames of any length.
    private int FrameBytesMax => Math.Clamp(BlockBytesMax, Http2Frame.LengthMaxDefault, Http2Frame.LengthMaxHighest);

    /// <inheritdoc/>
    public override int Receive(ReadOnlySpan<byte> input)
    {
        var rest = input;
        if (_isClosing)
        {
            _timers.LingerOn();
            return input.Length;
        }
        try
        {
            _flood.Turn();
            TakeAll(ref rest);
        }
        catch (Http2ConnectionException e)
        {
            Fail(e.Code, e.Message);
        }
        catch (HpackException e)
        {
            Fail(e.IsCutOff ? Http2ErrorCode.FrameSizeError : Http2ErrorCode.CompressionError, e.Message);
        }
        return _isClosing ? input.Length : input.Length - rest.Length;
    }

    /// <inheritdoc/>
    public override bool IsIdle => _streams.Count == 0;

    /// <inheritdoc/>
    public override void Drained() => Sender.Pump();

    /// <inheritdoc/>
    public override void InputEnded(SessionTransport transport) => CloseNow();

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
        _isClosing = true;
        _timers.Remove();
        _block.Clear();
        foreach (var exchange in _streams.Values.ToArray())
        {
            exchange.ClientLeft();
            exchange.Close(isComplete: false);
        }
        _streams.Clear();
        Application.Closed(this, error);
    }

    /// <inheritdoc/>
    public override void Drain()
    {
        _isToClose = true;
        if (_isClosing)
            CloseNow();
        else
            TakeNoMore();
    }

    private void TakeNoMore()
    {
        if (_isDraining || _isClosing)
            return;
        _isDraining = true;
        Http2FrameWriter.GoAway(Transport.Output, _lastStream, Http2ErrorCode.NoError);
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
        _flood.Answered();
        _flood.Payload(exchange.ResponseBytes);
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

    /// <summary>Nothing came for too long.</summary>
    internal void ReadTimedOut()
    {
        if (_isClosing)
        {
            CloseNow();
            return;
        }
        if (_streams.Count == 0 || !_hasPreface || _block.Stream != 0)
            Fail(Http2ErrorCode.NoError, "client timed out");
    }

    /// <summary>A stream's head was not whole in time: its stream is given up, not the connection.</summary>
    internal void HeadTimedOut()
    {
        if (_isClosing || _comingStream == 0)
            return;
        (_lateStream, _comingStream) = (_comingStream, 0);
        Http2FrameWriter.RstStream(Transport.Output, _lateStream, Http2ErrorCode.ProtocolError);
        Release();
        if (_streams.Count == 0)
            _timers.WaitForInput(Options.KeepAliveTimeoutMs);
    }

    /// <summary>Nothing was sent for too long.</summary>
    internal void SendTimedOut() => Transport.Abort();

    private void TakeAll(ref ReadOnlySpan<byte> rest)
    {
        if (!_hasPreface && !TryTakePreface(ref rest))
            return;
        while (!_isClosing && rest.Length >= Http2Frame.HeadBytes)
        {
            var frame = Http2Frame.Read(rest);
            if (frame.Length > FrameBytesMax)
            {
                throw new Http2ConnectionException(Http2ErrorCode.FrameSizeError,
                    $"client sent frame of {frame.Length} bytes, where {FrameBytesMax} are allowed");
            }
            // What is never taken need not be whole.
            if (frame.Type == Http2FrameType.PushPromise)
                Take(frame, default);
            if (rest.Length - Http2Frame.HeadBytes < frame.Length)
            {
                if (frame.Type == Http2FrameType.Headers && _block.Stream == 0)
                    TakeBeginning(frame, rest[Http2Frame.HeadBytes..]);
                break;
            }
            var content = rest.Slice(Http2Frame.HeadBytes, frame.Length);
            rest = rest[(Http2Frame.HeadBytes + frame.Length)..];
            _flood.Frame(Http2Frame.HeadBytes + frame.Length);
            Take(frame, content);
            _flood.Check();
        }
        if (_isClosing)
            return;
        if (_comingStream != 0)
        {
            _timers.StopReading();
            _timers.WaitForHead(Options.ClientHeaderTimeoutMs);
            return;
        }
        _timers.StopHead();
        if (_streams.Count == 0)
            _timers.WaitForInput(_block.Stream != 0 || rest.Length > 0 || Requests == 0
                ? Options.ClientHeaderTimeoutMs : Options.KeepAliveTimeoutMs);
    }

    // A HEADERS frame that is not whole yet.
    private void TakeBeginning(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        CheckStream(frame);
        Http2HeadBlock.CheckBeginning(frame, content);
        HeadComes(frame.Stream);
    }

    private void HeadComes(int stream)
    {
        if (stream > _lastStream && stream != _lateStream)
            _comingStream = stream;
    }

    private bool TryTakePreface(ref ReadOnlySpan<byte> rest)
    {
        var length = Math.Min(rest.Length, Preface.Length);
        if (!rest[..length].SequenceEqual(Preface[..length]))
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, "invalid connection preface");
        if (length < Preface.Length)
            return false;
        rest = rest[length..];
        return _hasPreface = true;
    }

    private void Take(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        // RFC 9113 3.4 wants SETTINGS first; nginx takes any frame, and clients rely on it.
        if (_block.Stream != 0 && (frame.Type != Http2FrameType.Continuation || frame.Stream != _block.Stream))
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.ProtocolError, "client sent inappropriate frame while CONTINUATION was expected");
        }
        switch (frame.Type)
        {
            case Http2FrameType.Data:
                TakeData(frame, content);
                break;
            case Http2FrameType.Headers:
                CheckStream(frame);
                _block.Begin(frame, content, BlockBytesMax);
                TakeBlockIfWhole(frame);
                break;
            case Http2FrameType.Continuation:
                if (_block.Stream == 0)
                    throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, "client sent unexpected CONTINUATION frame");
                _block.Add(content, BlockBytesMax);
                TakeBlockIfWhole(frame);
                break;
            case Http2FrameType.Priority:
                TakePriority(frame, content);
                break;
            case Http2FrameType.RstStream:
                TakeReset(frame, content);
                break;
            case Http2FrameType.Settings:
                TakeSettings(frame, content);
                break;
            case Http2FrameType.PushPromise:
                throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, "client sent PUSH_PROMISE frame");
            case Http2FrameType.Ping:
                TakePing(frame, content);
                break;
            case Http2FrameType.GoAway:
                Expect(content.Length >= 8, frame);
                ExpectConnection(frame);
                break;
            case Http2FrameType.WindowUpdate:
                TakeWindowUpdate(frame, content);
                break;
            // RFC 9113 5.5: what nobody knows is ignored.
        }
    }

    private void TakeData(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        CheckStream(frame);
        if (frame.Stream > _lastStream)
            throw IdleStream(frame);
        if (frame.Length > _window)
            throw new Http2ConnectionException(Http2ErrorCode.FlowControlError, "client violated connection flow control");
        var data = Http2HeadBlock.WithoutPadding(frame, content);
        _window -= frame.Length;
        if (_window < ConnectionWindowMin)
        {
            Sender.OpenWindow(0, ConnectionWindow - _window);
            _window = ConnectionWindow;
        }
        if (!_streams.TryGetValue(frame.Stream, out var exchange))
            return;
        if (exchange.IsInputOver)
        {
            Reset(exchange, Http2ErrorCode.StreamClosed);
            return;
        }
        _flood.Payload(data.Length);
        if (!exchange.TryReceive(data, frame.Length))
        {
            exchange.ResetCode = Http2ErrorCode.FlowControlError;
            exchange.ClientLeft();
            Reset(exchange, exchange.ResetCode);
        }
        else if (frame.Has(Http2Flags.EndStream))
        {
            exchange.InputEnded();
        }
    }

    private void TakeBlockIfWhole(Http2Frame frame)
    {
        if (!frame.Has(Http2Flags.EndHeaders))
        {
            HeadComes(_block.Stream);
            return;
        }
        _comingStream = 0;
        var (id, endsStream) = (_block.Stream, _block.EndsStream);
        if (_streams.TryGetValue(id, out var exchange))
            TakeTrailers(exchange, endsStream);
        else
            OpenStream(id, endsStream);
    }

    private void TakeTrailers(Http2Exchange exchange, bool endsStream)
    {
        var head = Decode(exchange.RequestTrailers, isTrailers: true);
        head.Clear();
        if (exchange.IsInputOver)
            Reset(exchange, Http2ErrorCode.StreamClosed);
        else if (!endsStream || head.Malformed is not null)
            Reset(exchange, Http2ErrorCode.ProtocolError);
        else
            exchange.InputEnded();
    }

    private void OpenStream(int id, bool endsStream)
    {
        if (id % 2 == 0 || id <= _lastStream)
        {
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError,
                $"client sent HEADERS frame with incorrect identifier {id}, the last was {_lastStream}");
        }
        _lastStream = id;
        var (blockBytes, dependency) = (_block.Bytes.Length, _block.Dependency);
        var headers = new HeaderList();
        var head = Decode(headers, isTrailers: false);
        _flood.Payload(blockBytes);
        if (_isDraining || id == _lateStream)
            headers.Clear();
        else if (_streams.Count >= Http2.ConcurrentStreamsMax
            // Who does not know the window yet may send more than it holds.
            || (!_isAcknowledged && !endsStream && Http2.InitialWindow < Http2Frame.WindowDefault)
            || !_flood.MayOpen(Http2.ConcurrentStreamsMax))
            RefuseStream(id, Http2ErrorCode.RefusedStream, headers);
        else if (head.Malformed is not null)
            RefuseStream(id, Http2ErrorCode.ProtocolError, headers);
        else
        {
            var priority = _priorities.Open(id, dependency);
            BeginExchange(new Http2Exchange(this, id, head, blockBytes, Peer.InitialWindow) { Priority = priority }, endsStream);
        }
        head.Clear();
    }

    private void RefuseStream(int id, Http2ErrorCode code, HeaderList headers)
    {
        headers.Clear();
        Http2FrameWriter.RstStream(Transport.Output, id, code);
        Release();
        _flood.Refused(Http2.ConcurrentStreamsMax);
    }

    private void BeginExchange(Http2Exchange exchange, bool endsStream)
    {
        Requests++;
        _timers.StopReading();
        _streams.Add(exchange.Id, exchange);
        exchange.Frame(endsStream);
        if (Requests >= Options.KeepAliveRequestsMax || Options.KeepAliveTimeoutMs <= 0
            || Worker.Deadlines.NowMs - OpenedMs >= Options.KeepAliveTimeMs)
            TakeNoMore();
        Application.Begin(exchange);
    }

    private Http2RequestHead Decode(HeaderList headers, bool isTrailers)
    {
        var head = new Http2RequestHead(headers, Options.HeadLimits, isTrailers);
        _hpack.Decode(_block.Bytes, head);
        _block.Clear();
        head.End();
        if (Options.IgnoreInvalidHeaders)
            headers.Remove(Options.UnderscoresInHeaders ? HeaderFlags.InvalidName : HeaderFlags.InvalidName | HeaderFlags.Underscore);
        return head;
    }

    private void TakePriority(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        CheckStream(frame);
        Expect(content.Length == Http2Dependency.Bytes, frame);
        var dependency = Http2Dependency.Read(content);
        if (dependency.Stream == frame.Stream)
        {
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError,
                $"client sent PRIORITY frame for stream {frame.Stream} with incorrect dependency");
        }
        _priorities.Set(frame.Stream, dependency);
    }

    private void TakeReset(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        Expect(content.Length == 4, frame);
        CheckStream(frame);
        if (frame.Stream > _lastStream)
            throw IdleStream(frame);
        if (!_streams.TryGetValue(frame.Stream, out var exchange))
            return;
        exchange.IsOutputOver = true;
        exchange.ClientLeft();
        if (Remove(frame.Stream))
            exchange.Close(isComplete: false);
        _flood.Refused(Http2.ConcurrentStreamsMax);
        CloseIfIdle();
    }

    private void TakeSettings(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        ExpectConnection(frame);
        if (frame.Has(Http2Flags.Ack))
        {
            Expect(content.IsEmpty, frame);
            _isAcknowledged = true;
            return;
        }
        var grown = Peer.Take(content);
        Http2FrameWriter.SettingsAck(Transport.Output);
        Release();
        foreach (var exchange in _streams.Values)
        {
            if (!Sender.TryOpen(exchange, grown))
                throw new Http2ConnectionException(Http2ErrorCode.FlowControlError, "client sent too large INITIAL_WINDOW_SIZE");
        }
        if (grown > 0)
            Sender.Pump();
    }

    private void TakePing(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        Expect(content.Length == 8, frame);
        ExpectConnection(frame);
        if (frame.Has(Http2Flags.Ack))
            return;
        Http2FrameWriter.PingAck(Transport.Output, content);
        Release();
    }

    private void TakeWindowUpdate(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        Expect(content.Length == 4, frame);
        var increment = (int)(BinaryPrimitives.ReadUInt32BigEndian(content) & 0x7fffffff);
        if (frame.Stream == 0)
        {
            if (increment == 0)
            {
                throw new Http2ConnectionException(
                    Http2ErrorCode.ProtocolError, "client sent WINDOW_UPDATE frame with incorrect window increment 0");
            }
            if (!Sender.TryOpen(null, increment))
                throw new Http2ConnectionException(Http2ErrorCode.FlowControlError, "client violated connection flow control");
            Sender.Pump();
            return;
        }
        if (frame.Stream > _lastStream)
            throw IdleStream(frame);
        if (!_streams.TryGetValue(frame.Stream, out var exchange))
            return;
        if (increment == 0)
            Reset(exchange, Http2ErrorCode.ProtocolError);
        else if (!Sender.TryOpen(exchange, increment))
            Reset(exchange, Http2ErrorCode.FlowControlError);
        else
            Sender.Pump();
    }

    private bool Remove(int stream)
    {
        _priorities.Close(stream);
        return _streams.Remove(stream);
    }

    private void Fail(Http2ErrorCode code, string message)
    {
        if (_isClosing)
            return;
        Failure ??= message;
        Http2FrameWriter.GoAway(Transport.Output, _lastStream, code);
        Transport.ReleaseAll();
        CloseInOrder();
    }

    private void CloseIfIdle()
    {
        if (_streams.Count > 0 || _isClosing)
            return;
        if (_isDraining)
            CloseInOrder();
        else if (_comingStream == 0)
            _timers.WaitForInput(Options.KeepAliveTimeoutMs);
    }

    // What the client still sends is read away: a reset would take what was sent to it.
    private void CloseInOrder()
    {
        if (Options.Lingering == LingeringClose.Off || _isToClose || Transport.IsClosed)
        {
            CloseNow();
            return;
        }
        _isClosing = true;
        Transport.EndOutput();
        _timers.Linger(Options.LingeringTimeMs, Options.LingeringTimeoutMs);
    }

    private void CloseNow()
    {
        _isClosing = true;
        _timers.StopReading();
        Transport.Close();
    }
}
