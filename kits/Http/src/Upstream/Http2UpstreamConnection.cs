using System.Buffers.Binary;
using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The client's side of an HTTP/2 connection (RFC 9113), as nginx uses it: one stream at a time, the next one when the connection comes out
/// of its pool. What breaks the rules ends the connection, and is told in nginx' words.
/// </summary>
internal sealed class Http2UpstreamConnection : UpstreamConnection
{
    // Answers to the server's own frames that have not left.
    private const int UnsentAnswersMax = 1000;

    private readonly Http2PeerSettings _settings = new();
    private readonly Http2ResponseInput _input = new();
    private Http2Flood _flood;
    private int _stream = -1;
    private int _unsentAnswers;
    private bool _isReset;
    private bool _isGoingAway;

    public Http2UpstreamConnection(HttpWorker worker, SessionTransport transport, EndPoint peer, long openedMs)
        : base(worker, transport, peer, 0, openedMs)
    {
        Output = new Http2RequestOutput(transport);
        transport.Output.Write(Http2Connection.Preface);
        Http2FrameWriter.Settings(transport.Output,
        [
            (Http2Setting.HeaderTableSize, 0), (Http2Setting.EnablePush, 0), (Http2Setting.InitialWindowSize, Http2Frame.WindowMax),
        ]);
        Http2FrameWriter.WindowUpdate(transport.Output, 0, Http2Frame.WindowMax - Http2Frame.WindowDefault);
    }

    /// <summary>The way out.</summary>
    public Http2RequestOutput Output { get; }

    /// <inheritdoc/>
    public override bool IsBlocked => Output.PendingBytes > 0;

    protected override bool HasEndToTell => _input.IsDone;

    private Http2Upstream? Current => (Http2Upstream?)Exchange;

    /// <inheritdoc/>
    public override int Receive(ReadOnlySpan<byte> input)
    {
        var rest = input;
        var last = default(ReadOnlySpan<byte>);
        try
        {
            while (!Transport.IsClosed && Exchange is not { IsPaused: true } && TryTake(ref rest, ref last))
            {
            }
            Tell(last, rest.IsEmpty);
        }
        catch (Http2ConnectionException e)
        {
            if (Exchange is { } exchange)
                Fail(exchange, new UpstreamError(UpstreamErrorKind.InvalidHttp2, Words: e.Message));
            else
                CloseIdle();
        }
        Current?.SentMore();
        if (_input.HasHead || Exchange is { IsSent: true })
            WaitForResponse();
        return input.Length - rest.Length;
    }

    /// <inheritdoc/>
    public override void InputEnded(SessionTransport transport)
    {
        if (Exchange is not { } exchange)
            CloseIdle();
        else if (_input.IsDone && !_input.IsCutOff)
            Finish(exchange, isReusable: false);
        else
            Fail(exchange, new UpstreamError(UpstreamErrorKind.ClosedPrematurely));
    }

    /// <inheritdoc/>
    public override void Drained()
    {
        Current?.Pump();
        Current?.SentMore();
    }

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
        Output.Clear();
        _input.Clear();
        base.Closed(error);
    }

    protected override void Begun(PeerExchange exchange)
    {
        _stream += 2;
        (_isReset, _flood) = (false, default);
        Output.Begin(_stream, _settings.InitialWindow);
        _input.Begin();
    }

    // The last bytes of a body are not told before all that came with them was looked at: what is wrong with the response may show there.
    private void Tell(ReadOnlySpan<byte> last, bool isClean)
    {
        if (Exchange is not { } exchange)
            return;
        if (_input.IsCutOff)
            throw Fault("upstream prematurely closed stream");
        if (!last.IsEmpty)
            exchange.Handler.Body(exchange, last);
        if (_input.IsDone && Exchange == exchange && !exchange.IsPaused)
            Finish(exchange, isReusable: isClean && !_isGoingAway && _stream < int.MaxValue - 2);
    }

    private bool TryTake(ref ReadOnlySpan<byte> rest, ref ReadOnlySpan<byte> last)
    {
        if (_input.IsInData)
            return TryTakeData(ref rest, ref last);
        if (rest.Length < Http2Frame.HeadBytes)
            return false;
        var frame = Http2Frame.Read(rest);
        if (frame.Length > Http2Frame.LengthMaxDefault)
            throw Fault($"upstream sent too large http2 frame: {frame.Length}");
        // Data is taken as it comes; other frames are whole.
        var length = frame.Type != Http2FrameType.Data ? frame.Length : frame.Has(Http2Flags.Padded) ? Math.Min(1, frame.Length) : 0;
        if (rest.Length - Http2Frame.HeadBytes < length)
            return false;
        var content = rest.Slice(Http2Frame.HeadBytes, length);
        rest = rest[(Http2Frame.HeadBytes + length)..];
        Exchange?.AddReceived(Http2Frame.HeadBytes + length);
        _flood.Frame(Http2Frame.HeadBytes + frame.Length);
        Check(frame);
        Take(frame, content);
        _flood.Check();
        return true;
    }

    private bool TryTakeData(ref ReadOnlySpan<byte> rest, ref ReadOnlySpan<byte> last)
    {
        if (rest.IsEmpty || Exchange is not { } exchange)
            return false;
        var isData = _input.DataLeft > 0;
        var piece = rest[..Math.Min(Math.Min(rest.Length, _input.PieceLeft), exchange.PieceBytesMax)];
        rest = rest[piece.Length..];
        exchange.AddReceived(piece.Length);
        _input.TakeData(piece.Length);
        if (!isData)
            return true;
        _flood.Payload(piece.Length);
        if (_input.IsLastOfData)
            last = piece;
        else
            exchange.Handler.Body(exchange, piece);
        return true;
    }

    // What may not come now, or not on that stream.
    private void Check(Http2Frame frame)
    {
        var type = frame.Type;
        if ((type == Http2FrameType.Continuation) != _input.IsInBlock || (type == Http2FrameType.Data && !_input.HasHead))
            throw Fault($"upstream sent unexpected http2 frame: {(int)type}");
        if (type == Http2FrameType.Data && frame.Stream != _stream)
            throw Fault($"upstream sent data frame for unknown stream {frame.Stream}");
        var isForStream = frame.Stream != 0 || type is Http2FrameType.Headers or Http2FrameType.RstStream;
        if (isForStream && frame.Stream != _stream && !IsLate(frame))
            throw Fault($"upstream sent frame for unknown stream {frame.Stream}");
        if (isForStream && _input.IsDone && type is not (Http2FrameType.RstStream or Http2FrameType.WindowUpdate))
            throw Fault($"upstream sent frame for closed stream {frame.Stream}");
    }

    // RFC 9113 5.1: these may still come for a stream that is over.
    private bool IsLate(Http2Frame frame) => frame.Type is Http2FrameType.RstStream or Http2FrameType.WindowUpdate
        && frame.Stream % 2 == 1 && (frame.Stream < _stream || (frame.Stream == _stream && Exchange is null));

    private void Take(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        var bytesMax = Exchange?.Options.HeadLimits.LargeBytes ?? 0;
        switch (frame.Type)
        {
            case Http2FrameType.Data:
                if (_input.BeginData(frame, content))
                    OpenWindows(isStreamOver: frame.Has(Http2Flags.EndStream));
                break;
            case Http2FrameType.Headers:
                if (_input.BeginBlock(frame, content, bytesMax))
                    TakeBlock();
                break;
            case Http2FrameType.Continuation:
                if (_input.AddToBlock(frame, content, bytesMax))
                    TakeBlock();
                break;
            case Http2FrameType.RstStream:
                TakeReset(frame, content);
                break;
            case Http2FrameType.Settings:
                TakeSettings(frame, content);
                break;
            case Http2FrameType.PushPromise:
                throw Fault("upstream sent unexpected push promise frame");
            case Http2FrameType.Ping:
                TakePing(frame, content);
                break;
            case Http2FrameType.GoAway:
                TakeGoAway(frame, content);
                break;
            case Http2FrameType.WindowUpdate:
                TakeWindowUpdate(frame, content);
                break;
            // RFC 9113 5.5: what nobody knows is ignored, and so are priorities.
        }
    }

    private void TakeBlock()
    {
        var exchange = Current!;
        var headersMax = exchange.Options.HeadLimits.HeadersMax;
        if (_input.HasHead)
        {
            _input.TakeTrailers(exchange.ResponseTrailers, headersMax);
            return;
        }
        var headers = exchange.ResponseHeaders;
        var (status, endsStream) = _input.TakeHead(headers, headersMax);
        if (status < 200)
        {
            exchange.Handler.Informed(exchange, status, headers);
            headers.Clear();
            return;
        }
        var framing = ResponseFraming.Of(exchange.Method, status, headers);
        if (framing.Fault != ResponseFault.None)
        {
            Fail(exchange, new UpstreamError(UpstreamErrorKind.InvalidHead, Fault: framing.Fault));
            return;
        }
        var length = framing.IsChunked ? -1 : framing.Length;
        _input.Expect(length);
        exchange.TakeHead(status, endsStream && length < 0 ? 0 : length);
    }

    private void TakeReset(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        if (content.Length != 4)
            throw Fault($"upstream sent rst stream frame with invalid length: {content.Length}");
        if (IsLate(frame))
            return;
        var error = BinaryPrimitives.ReadUInt32BigEndian(content);
        if (error != 0 || !_input.IsDone)
            throw Fault($"upstream rejected request with error {error}");
        if (_isReset)
            throw Fault($"upstream sent frame for closed stream {frame.Stream}");
        _isReset = true;
    }

    private void TakeSettings(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        if (frame.Stream != 0)
            throw Fault($"upstream sent settings frame with non-zero stream id: {frame.Stream}");
        if (frame.Has(Http2Flags.Ack))
        {
            if (!content.IsEmpty)
                throw Fault($"upstream sent settings frame with ack flag and non-zero length: {content.Length}");
            return;
        }
        if (content.Length % 6 != 0)
            throw Fault($"upstream sent settings frame with invalid length: {content.Length}");
        CountAnswer("settings");
        var isGood = _settings.TryTake(content, out var grown, out var wrong);
        if (!isGood && wrong.Setting != Http2Setting.InitialWindowSize)
            throw Fault($"upstream sent settings frame with invalid value: {wrong.Value}");
        if (!isGood || !Output.TryOpen(isStream: true, grown))
            throw Fault($"upstream sent settings frame with too large initial window size: {wrong.Value}");
        Http2FrameWriter.SettingsAck(Transport.Output);
        SendOn();
    }

    private void TakePing(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        if (frame.Stream != 0)
            throw Fault($"upstream sent ping frame with non-zero stream id: {frame.Stream}");
        if (content.Length != 8)
            throw Fault($"upstream sent ping frame with invalid length: {content.Length}");
        if (frame.Has(Http2Flags.Ack))
            throw Fault("upstream sent ping frame with ack flag");
        CountAnswer("ping");
        Http2FrameWriter.PingAck(Transport.Output, content);
        Release();
    }

    private void TakeGoAway(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        if (frame.Stream != 0)
            throw Fault($"upstream sent goaway frame with non-zero stream id: {frame.Stream}");
        if (content.Length < 8)
            throw Fault($"upstream sent goaway frame with invalid length: {content.Length}");
        var lastStream = BinaryPrimitives.ReadUInt32BigEndian(content) & 0x7fffffff;
        // A request that the server has taken up may go on; nobody waits for one that it has not.
        if (Exchange is null || lastStream < _stream)
            throw Fault($"upstream sent goaway with error {BinaryPrimitives.ReadUInt32BigEndian(content[4..])}");
        _isGoingAway = true;
    }

    private void TakeWindowUpdate(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        if (content.Length != 4)
            throw Fault($"upstream sent window update frame with invalid length: {content.Length}");
        if (IsLate(frame))
            return;
        if (!Output.TryOpen(isStream: frame.Stream != 0, BinaryPrimitives.ReadUInt32BigEndian(content) & 0x7fffffff))
            throw Fault("upstream sent too large window update");
        SendOn();
    }

    private void SendOn()
    {
        if (Current is { } exchange)
            exchange.Pump();
        else
            Release();
    }

    private void OpenWindows(bool isStreamOver)
    {
        var (connection, stream) = _input.OpenWindows();
        Http2FrameWriter.WindowUpdate(Transport.Output, 0, connection);
        if (!isStreamOver)
            Http2FrameWriter.WindowUpdate(Transport.Output, _stream, stream);
        Release();
    }

    // A server that asks for answers and does not read them is not waited for.
    private void CountAnswer(string kind)
    {
        _unsentAnswers = Transport.PendingBytes == 0 ? 1 : _unsentAnswers + 1;
        if (_unsentAnswers > UnsentAnswersMax)
            throw Fault($"upstream sent too many {kind} frames");
    }

    private static Http2ConnectionException Fault(string words) => new(Http2ErrorCode.ProtocolError, words);
}
