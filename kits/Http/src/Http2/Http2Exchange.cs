using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// An exchange on a stream of an HTTP/2 connection. Invariants: no more of the body is held for the handler than the window that the client
/// was given; what was written and not sent yet waits here, in order.
/// </summary>
internal sealed class Http2Exchange : HttpExchange
{
    private readonly Http2Connection _connection;
    private readonly byte[] _line;
    private readonly int _methodLength;
    private readonly int _targetLength;
    private readonly byte[] _scheme;
    private readonly byte[] _authority;
    private readonly int _headBytes;
    private ByteQueue _input;
    private BodyWish _wish;
    private bool _isBodyTold;
    private bool _isPaused;
    private bool _isPushing;
    private bool _hasNoBody;
    private bool _isOver;
    private bool _isAboveHighWater;
    private long _left = -1;
    private Refusal _bodyFailure;
    private int _credit;
    private BodyTimeout? _timeout;

    public Http2Exchange(Http2Connection connection, int id, Http2RequestHead head, int headBytes, int sendWindow)
        : base(connection, head.Headers)
    {
        (_connection, Id, _headBytes, SendWindow) = (connection, id, headBytes, sendWindow);
        ReceiveWindow = connection.Http2.InitialWindow;
        _line = [.. head.Method, (byte)' ', .. head.Path, .. " HTTP/2.0"u8];
        (_methodLength, _targetLength) = (head.Method.Length, head.Path.Length);
        (_scheme, _authority) = (head.Scheme.ToArray(), head.Authority.ToArray());
        Method = HttpMethods.Of(head.Method);
        Form = Method == HttpMethod.Connect ? TargetForm.Authority
            : head.Path.SequenceEqual("*"u8) ? TargetForm.Asterisk : TargetForm.Origin;
        KeepsAlive = true;
        Refusal = head.Refusal;
    }

    /// <summary>The stream's number.</summary>
    public int Id { get; }

    /// <summary>Bytes of a body that the client takes.</summary>
    public long SendWindow { get; set; }

    /// <summary>Bytes of a body that the client may send.</summary>
    public int ReceiveWindow { get; private set; }

    /// <summary>The client sends no more.</summary>
    public bool IsInputOver { get; private set; }

    /// <summary>The response's last frame is written, or the stream was reset.</summary>
    public bool IsOutputOver { get; set; }

    /// <summary>What the client is told when the handler gives up.</summary>
    public Http2ErrorCode ResetCode { get; set; } = Http2ErrorCode.InternalError;

    /// <summary>What the windows do not let go yet.</summary>
    public Http2PendingBody Pending { get; } = new();

    /// <summary>The last frame is to follow what is pending.</summary>
    public bool EndsAfterPending { get; private set; }

    /// <summary>Fields behind the body.</summary>
    public HeaderList? Trailers { get; private set; }

    /// <summary>Before whom it comes.</summary>
    public required Http2Priorities.Node Priority { get; init; }

    /// <summary>It waits in the connection's round.</summary>
    public bool IsQueued { get; set; }

    public override HttpMethod Method { get; }

    public override ReadOnlySpan<byte> MethodName => _line.AsSpan(0, _methodLength);

    public override HttpVersion Version => HttpVersion.Http2;

    public override TargetForm Form { get; }

    public override ReadOnlySpan<byte> RequestLine => _line;

    public override ReadOnlySpan<byte> RawTarget => _line.AsSpan(_methodLength + 1, _targetLength);

    public override ReadOnlySpan<byte> Scheme => _scheme;

    public override ReadOnlySpan<byte> Authority => _authority;

    public override long HeadBytes => _headBytes;

    // What is in the transport's output leaves as soon as the client reads.
    public override long PendingBytes => Pending.Length;

    public override bool IsBacklogged => PendingBytes > HighWater;

    public override bool IsOver => _isOver;

    // A connection has many streams, and what each holds back adds up: no more than the window that clients begin with.
    private long HighWater => Math.Min(Options.OutputHighWaterBytes, Http2Frame.WindowDefault);

    /// <summary>What the head says of the body.</summary>
    public void Frame(bool isInputOver)
    {
        IsInputOver = isInputOver;
        var framing = RequestFraming.Of(Version, RequestHeaders, out var duplicate);
        if (Refusal == Refusal.None && framing.Refusal != Refusal.None)
            (Refusal, RefusedHeader) = (framing.Refusal, duplicate);
        RequestLength = isInputOver ? 0 : framing.ContentLength;
        if (isInputOver && framing.ContentLength > 0 && Refusal == Refusal.None)
            Refusal = Refusal.InvalidContentLength;
    }

    /// <summary>A piece of the body came, and took <paramref name="windowBytes"/> of the window.</summary>
    /// <returns>False: more than the window.</returns>
    public bool TryReceive(ReadOnlySpan<byte> data, int windowBytes)
    {
        if (windowBytes > ReceiveWindow)
            return false;
        ReceiveWindow -= windowBytes;
        BodyBytes += data.Length;
        if (RequestLength >= 0 && BodyBytes > RequestLength)
            FailBody(Refusal.InvalidContentLength);
        if (_bodyFailure != Refusal.None || _isOver || _wish == BodyWish.Discard)
        {
            Credit(windowBytes);
            return true;
        }
        WatchBody();
        if (_wish == BodyWish.Read && !_isPaused && !_isPushing && _input.Length == 0)
            Push(data);
        else
            _input.Add(data);
        // Padding is nobody's to read.
        Credit(windowBytes - data.Length);
        return true;
    }

    /// <summary>The client has ended its side.</summary>
    public void InputEnded()
    {
        IsInputOver = true;
        WatchBody();
        if (RequestLength >= 0 && BodyBytes < RequestLength)
            FailBody(Refusal.ClosedPrematurely);
        PushOn();
    }

    public override void ReadBody()
    {
        if (_wish == BodyWish.Read || _isOver)
            return;
        Invariant.Check(_wish == BodyWish.None);
        _wish = BodyWish.Read;
        WatchBody();
        Continue();
        Credit(Math.Max(0, _connection.Http2.BodyWindow - _connection.Http2.InitialWindow));
        PushLater();
    }

    public override void DiscardBody()
    {
        if (_wish != BodyWish.None || _isOver)
            return;
        _wish = BodyWish.Discard;
        Continue();
        var held = _input.Length;
        _input.Clear();
        Credit(held);
    }

    public override void PauseBody()
    {
        _isPaused = true;
        WatchBody();
    }

    public override void ResumeBody()
    {
        if (!_isPaused)
            return;
        _isPaused = false;
        WatchBody();
        PushLater();
    }

    public override void Inform(int status, HeaderList headers)
    {
        Invariant.Check(status is >= 100 and < 200 and not 101 && Status == 0);
        if (!_isOver)
            ResponseBytes += _connection.Sender.WriteHead(this, status, headers, -1, endsStream: false);
    }

    public override void Respond(int status, long length, ReadOnlySpan<byte> reason = default)
    {
        Invariant.Check(Status == 0);
        Status = status;
        if (_isOver)
            return;
        _hasNoBody = Method == HttpMethod.Head || status is 204 or 304;
        var announced = ResponseHeaders.IndexOf(KnownHeader.ContentLength);
        if (announced >= 0 && RequestFraming.TryLength(ResponseHeaders[announced].Value, out var given))
            length = given;
        _left = length;
        var added = length >= 0 && announced < 0 && status is not (204 or 304) ? length : -1;
        ResponseBytes += _connection.Sender.WriteHead(this, status, ResponseHeaders, added,
            endsStream: _hasNoBody || (length == 0 && !ExpectsTrailers));
    }

    public override void Write(ReadOnlySpan<byte> body)
    {
        Invariant.Check(Status != 0);
        if (_isOver || _hasNoBody || IsOutputOver)
            return;
        body = body[..(int)Take(body.Length)];
        if (body.IsEmpty)
            return;
        Pending.Add(body);
        SendPending();
    }

    public override void WriteFile(IOutputFile file, long offset, long count)
    {
        Invariant.Check(Status != 0);
        count = _isOver || _hasNoBody || IsOutputOver ? 0 : Take(count);
        if (count <= 0)
        {
            file.Release();
            return;
        }
        Pending.Add(file, offset, count);
        SendPending();
    }

    public override void End(HeaderList? trailers = null)
    {
        if (_isOver)
            return;
        Invariant.Check(Status != 0);
        if (_left > 0 && !_hasNoBody)
        {
            Abort();
            return;
        }
        _isOver = true;
        (EndsAfterPending, Trailers) = (true, trailers is { Count: > 0 } ? trailers : null);
        _connection.Sender.Send(this);
        _connection.ResponseEnded(this);
    }

    public override void Abort()
    {
        if (_isOver)
            return;
        _isOver = true;
        _connection.Reset(this, ResetCode);
    }

    public override void Tunnel() => throw new NotSupportedException("A stream of HTTP/2 is no tunnel here (RFC 8441 is not implemented).");

    /// <summary>More of the response was sent: tells the handler where little is left.</summary>
    public void SentMore()
    {
        if (!_isAboveHighWater || PendingBytes > HighWater / 4)
            return;
        _isAboveHighWater = false;
        // Never inside a call of the handler's own.
        _connection.Worker.Executor.Post(static e =>
        {
            if (e is Http2Exchange { IsOver: false } exchange)
                exchange.Handler?.Drained(exchange);
        }, this);
    }

    /// <summary>The client reset the stream, or the connection is gone.</summary>
    public void ClientLeft()
    {
        if (_isOver)
            return;
        if (!IsInputOver && _wish == BodyWish.Read && !_isBodyTold)
            FailBody(Refusal.ClosedPrematurely);
        if (!_isOver)
            Handler?.ClientLeft(this);
    }

    /// <summary>The exchange is over: tells the handler and gives memory back.</summary>
    public void Close(bool isComplete)
    {
        _isOver = true;
        if (_timeout is not null)
            _connection.Worker.Deadlines.Remove(_timeout);
        Handler?.Closed(this, isComplete);
        Handler = null;
        _input.Clear();
        Pending.Clear();
        Release();
    }

    /// <summary>So many bytes of frames were written.</summary>
    public void AddSent(long bytes) => ResponseBytes += bytes;

    /// <summary>Pushes what came of the body, as far as the handler takes it.</summary>
    public void PushOn()
    {
        if (_wish != BodyWish.Read || _isPaused || _isPushing || _isOver)
            return;
        if (_input.Length > 0)
        {
            var held = _input;
            _input = default;
            Push(held.Bytes);
            held.Clear();
        }
        if (_isOver || _isPaused || _isBodyTold || _input.Length > 0)
            return;
        if (_bodyFailure != Refusal.None)
        {
            _isBodyTold = true;
            Handler?.BodyFailed(this, _bodyFailure);
        }
        else if (IsInputOver)
        {
            _isBodyTold = true;
            Handler?.BodyEnded(this);
        }
    }

    private void Push(ReadOnlySpan<byte> data)
    {
        _isPushing = true;
        Handler?.Body(this, data);
        _isPushing = false;
        Credit(data.Length);
    }

    private void PushLater() => _connection.Worker.Executor.Post(static e => ((Http2Exchange)e!).PushOn(), this);

    private void FailBody(Refusal refusal)
    {
        if (_bodyFailure != Refusal.None)
            return;
        _bodyFailure = refusal;
        WatchBody();
        PushLater();
    }

    // More of a body that is wanted is to come in time.
    private void WatchBody()
    {
        if (_wish == BodyWish.Read && !_isPaused && !IsInputOver && !_isOver && _bodyFailure == Refusal.None)
            _connection.Worker.Deadlines.Set(_timeout ??= new BodyTimeout(this), Options.ClientBodyTimeoutMs);
        else if (_timeout is not null)
            _connection.Worker.Deadlines.Clear(_timeout);
    }

    // The client may send as much again, once half of the window is used.
    private void Credit(int bytes)
    {
        _credit += bytes;
        var window = _wish == BodyWish.Read ? Math.Max(_connection.Http2.InitialWindow, _connection.Http2.BodyWindow)
            : _connection.Http2.InitialWindow;
        if (IsInputOver || _credit == 0 || _credit < window / 2)
            return;
        ReceiveWindow += _credit;
        _connection.Sender.OpenWindow(Id, _credit);
        _credit = 0;
    }

    private void Continue()
    {
        if (Status == 0 && Ascii.EqualsIgnoreCase(RequestHeaders[KnownHeader.Expect], "100-continue"u8))
            ResponseBytes += _connection.Sender.WriteHead(this, 100, new HeaderList(), -1, endsStream: false);
    }

    // Of so many bytes those that belong to the announced length.
    private long Take(long count)
    {
        if (_left >= 0)
        {
            count = Math.Min(count, _left);
            _left -= count;
        }
        ResponseBodyBytes += count;
        // The last piece ends the stream by itself.
        EndsAfterPending = _left == 0 && !ExpectsTrailers;
        return count;
    }

    private void SendPending()
    {
        _connection.Sender.Send(this);
        _isAboveHighWater |= IsBacklogged;
    }

    private sealed class BodyTimeout(Http2Exchange exchange) : Deadline
    {
        protected override void Expired()
        {
            exchange.ResetCode = Http2ErrorCode.ProtocolError;
            exchange.FailBody(Refusal.TimedOut);
        }
    }
}
