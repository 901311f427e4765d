using static Microcosm.Http.Http2FrameChecks;

namespace Microcosm.Http;

/// <summary>
/// What a client sends over HTTP/2, frame by frame: heads in their blocks, bodies, and what <see cref="Http2ControlFrames"/> takes.
/// Invariants: streams are opened in ascending order, so that what is not in the table of streams and not above the last one is closed;
/// while a header block is not whole nothing else is taken.
/// </summary>
internal sealed class Http2Input(Http2Connection connection, Http2Timers timers)
{
    /// <summary>What the client may send on all streams before it is told to go on, in bytes.</summary>
    public const int Window = Http2Frame.WindowMax;

    private const int WindowMin = Window / 4;

    private readonly HpackDecoder _hpack = new();
    private Http2HeadBlock _block;
    private Http2Flood _flood;
    private int _comingStream;
    private int _lateStream;
    private int _window = Window;
    private bool _hasPreface;
    private bool _isAcknowledged;

    /// <summary>The stream that was opened last; 0 before there is one.</summary>
    public int LastStream { get; private set; }

    /// <summary>The client has begun what is to lead to a stream: its greeting, or a header block.</summary>
    public bool IsWithinHead => !_hasPreface || _block.Stream != 0;

    /// <summary>A new stream's head has begun and is not whole.</summary>
    public bool HasHeadComing => _comingStream != 0;

    /// <summary>A head may come in one frame, and so may what a window holds, as clients of nginx send them: that takes frames of any
    /// length.</summary>
    public int FrameBytesMax { get; } = Math.Clamp(
        Math.Max(BytesMaxOf(connection.Options.HeadLimits), Math.Max(connection.Http2.InitialWindow, connection.Http2.BodyWindow)),
        Http2Frame.LengthMaxDefault, Http2Frame.LengthMaxHighest);

    private int BlockBytesMax => BytesMaxOf(connection.Options.HeadLimits);

    /// <summary>Takes whole frames. Throws <see cref="Http2ConnectionException"/> and <see cref="HpackException"/>.</summary>
    public void Take(ref ReadOnlySpan<byte> rest)
    {
        _flood.Turn();
        if (!_hasPreface && !TryTakePreface(ref rest))
            return;
        while (!connection.IsClosing && rest.Length >= Http2Frame.HeadBytes)
        {
            var frame = Http2Frame.Read(rest);
            if (frame.Length > FrameBytesMax)
            {
                throw new Http2ConnectionException(Http2ErrorCode.FrameSizeError,
                    $"client sent frame of {frame.Length} bytes, where {FrameBytesMax} are allowed");
            }
            // What is never taken need not be whole.
            if (frame.Type == Http2FrameType.PushPromise)
                TakeFrame(frame, default);
            if (rest.Length - Http2Frame.HeadBytes < frame.Length)
            {
                if (frame.Type == Http2FrameType.Headers && _block.Stream == 0)
                    TakeBeginning(frame, rest[Http2Frame.HeadBytes..]);
                break;
            }
            var content = rest.Slice(Http2Frame.HeadBytes, frame.Length);
            rest = rest[(Http2Frame.HeadBytes + frame.Length)..];
            _flood.Frame(Http2Frame.HeadBytes + frame.Length);
            TakeFrame(frame, content);
            _flood.Check();
        }
        if (connection.IsClosing)
            return;
        if (_comingStream != 0)
        {
            timers.StopReading();
            timers.WaitForHead(connection.Options.ClientHeaderTimeoutMs);
            return;
        }
        timers.StopHead();
        if (connection.Streams.Count == 0)
            timers.WaitForInput(_block.Stream != 0 || rest.Length > 0 || connection.Requests == 0
                ? connection.Options.ClientHeaderTimeoutMs : connection.Options.KeepAliveTimeoutMs);
    }

    /// <summary>The client has had its response.</summary>
    public void Answered(Http2Exchange exchange)
    {
        _flood.Answered();
        _flood.Payload(exchange.ResponseBytes);
    }

    /// <summary>A stream's head was not whole in time: its stream is given up, not the connection.</summary>
    public void HeadTimedOut()
    {
        if (connection.IsClosing || _comingStream == 0)
            return;
        (_lateStream, _comingStream) = (_comingStream, 0);
        Http2FrameWriter.RstStream(connection.Transport.Output, _lateStream, Http2ErrorCode.ProtocolError);
        connection.Release();
        if (connection.Streams.Count == 0)
            timers.WaitForInput(connection.Options.KeepAliveTimeoutMs);
    }

    public void Clear() => _block.Clear();

    // Heads are bounded after decoding; before it nothing sensible is larger.
    private static int BytesMaxOf(HeadLimits limits) => limits.LargeCount * limits.LargeBytes;

    // A HEADERS frame that is not whole yet.
    private void TakeBeginning(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        CheckStream(frame);
        Http2HeadBlock.CheckBeginning(frame, content);
        HeadComes(frame.Stream);
    }

    private void HeadComes(int stream)
    {
        if (stream > LastStream && stream != _lateStream)
            _comingStream = stream;
    }

    private bool TryTakePreface(ref ReadOnlySpan<byte> rest)
    {
        var length = Math.Min(rest.Length, Http2Connection.Preface.Length);
        if (!rest[..length].SequenceEqual(Http2Connection.Preface[..length]))
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, "invalid connection preface");
        if (length < Http2Connection.Preface.Length)
            return false;
        rest = rest[length..];
        return _hasPreface = true;
    }

    private void TakeFrame(Http2Frame frame, ReadOnlySpan<byte> content)
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
                Http2ControlFrames.Priority(connection, frame, content);
                break;
            case Http2FrameType.RstStream:
                if (Http2ControlFrames.Reset(connection, frame, content, LastStream))
                {
                    _flood.Refused(connection.Http2.ConcurrentStreamsMax);
                    connection.CloseIfIdle();
                }
                break;
            case Http2FrameType.Settings:
                _flood.Reply(connection.Transport.PendingBytes == 0);
                _isAcknowledged |= Http2ControlFrames.Settings(connection, frame, content);
                break;
            case Http2FrameType.PushPromise:
                throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, "client sent PUSH_PROMISE frame");
            case Http2FrameType.Ping:
                _flood.Reply(connection.Transport.PendingBytes == 0);
                Http2ControlFrames.Ping(connection, frame, content);
                break;
            case Http2FrameType.GoAway:
                Expect(content.Length >= 8, frame);
                ExpectConnection(frame);
                break;
            case Http2FrameType.WindowUpdate:
                Http2ControlFrames.WindowUpdate(connection, frame, content, LastStream);
                break;
            // RFC 9113 5.5: what nobody knows is ignored.
        }
    }

    private void TakeData(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        CheckStream(frame);
        if (frame.Stream > LastStream)
            throw IdleStream(frame);
        if (frame.Length > _window)
            throw new Http2ConnectionException(Http2ErrorCode.FlowControlError, "client violated connection flow control");
        var data = Http2HeadBlock.WithoutPadding(frame, content);
        _window -= frame.Length;
        if (_window < WindowMin)
        {
            connection.Sender.OpenWindow(0, Window - _window);
            _window = Window;
        }
        if (!connection.Streams.TryGetValue(frame.Stream, out var exchange))
            return;
        if (exchange.IsInputOver)
        {
            connection.Reset(exchange, Http2ErrorCode.StreamClosed);
            return;
        }
        _flood.Payload(data.Length);
        if (!exchange.TryReceive(data, frame.Length))
        {
            exchange.ResetCode = Http2ErrorCode.FlowControlError;
            exchange.ClientLeft();
            connection.Reset(exchange, exchange.ResetCode);
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
        if (connection.Streams.TryGetValue(id, out var exchange))
            TakeTrailers(exchange, endsStream);
        else
            OpenStream(id, endsStream);
    }

    private void TakeTrailers(Http2Exchange exchange, bool endsStream)
    {
        var head = Decode(exchange.RequestTrailers, isTrailers: true);
        head.Clear();
        if (exchange.IsInputOver)
            connection.Reset(exchange, Http2ErrorCode.StreamClosed);
        else if (!endsStream || head.Malformed is not null)
            connection.Reset(exchange, Http2ErrorCode.ProtocolError);
        else
            exchange.InputEnded();
    }

    private void OpenStream(int id, bool endsStream)
    {
        if (id % 2 == 0 || id <= LastStream)
        {
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError,
                $"client sent HEADERS frame with incorrect identifier {id}, the last was {LastStream}");
        }
        LastStream = id;
        var (blockBytes, dependency) = (_block.Bytes.Length, _block.Dependency);
        var headers = new HeaderList();
        var head = Decode(headers, isTrailers: false);
        _flood.Payload(blockBytes);
        if (connection.IsDraining || id == _lateStream)
            headers.Clear();
        else if (connection.Streams.Count >= connection.Http2.ConcurrentStreamsMax
            // Who does not know the window yet may send more than it holds.
            || (!_isAcknowledged && !endsStream && connection.Http2.InitialWindow < Http2Frame.WindowDefault)
            || !_flood.MayOpen(connection.Http2.ConcurrentStreamsMax))
            RefuseStream(id, Http2ErrorCode.RefusedStream, headers);
        else if (head.Malformed is not null)
            RefuseStream(id, Http2ErrorCode.ProtocolError, headers);
        else
        {
            var priority = connection.Priorities.Open(id, dependency);
            connection.Begin(
                new Http2Exchange(connection, id, head, blockBytes, connection.Peer.InitialWindow) { Priority = priority }, endsStream);
        }
        head.Clear();
    }

    private void RefuseStream(int id, Http2ErrorCode code, HeaderList headers)
    {
        headers.Clear();
        Http2FrameWriter.RstStream(connection.Transport.Output, id, code);
        connection.Release();
        _flood.Refused(connection.Http2.ConcurrentStreamsMax);
    }

    private Http2RequestHead Decode(HeaderList headers, bool isTrailers)
    {
        var head = new Http2RequestHead(headers, connection.Options.HeadLimits, isTrailers);
        _hpack.Decode(_block.Bytes, head);
        _block.Clear();
        head.End();
        if (connection.Options.IgnoreInvalidHeaders)
            headers.Remove(connection.Options.UnderscoresInHeaders
                ? HeaderFlags.InvalidName : HeaderFlags.InvalidName | HeaderFlags.Underscore);
        return head;
    }
}
