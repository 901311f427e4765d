using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>An exchange on an HTTP/1 connection: the response goes to the connection's output as it is written.</summary>
internal sealed class Http1Exchange : HttpExchange
{
    private readonly Http1Connection _connection;
    private readonly RequestLine _line;
    private readonly int _headBytes;
    private long _left = -1;
    private bool _isChunked;
    private bool _hasNoBody;
    private bool _isCut;
    private bool _isOver;
    private int _holds;
    private bool _isHeld;

    public Http1Exchange(Http1Connection connection, HeaderList headers, in RequestLine line, int headBytes)
        : base(connection, headers)
    {
        (_connection, _line, _headBytes) = (connection, line, headBytes);
    }

    public override HttpMethod Method => _line.Method;

    public override ReadOnlySpan<byte> MethodName => Part(0, _line.MethodEnd);

    // What is refused before its version was read is answered as HTTP/1.0.
    public override HttpVersion Version => _line.Version.Value == 0 ? HttpVersion.Http10 : _line.Version;

    public override TargetForm Form => _line.Form;

    public override ReadOnlySpan<byte> RequestLine => Part(0, _line.End > 0 ? _line.End : _headBytes);

    public override ReadOnlySpan<byte> RawTarget => Part(_line.Target, _line.TargetEnd);

    public override ReadOnlySpan<byte> Scheme => Part(_line.Scheme, _line.SchemeEnd);

    public override ReadOnlySpan<byte> Authority => Part(_line.Host, _line.HostEnd);

    public override long HeadBytes => _headBytes;

    public override long PendingBytes => _connection.Transport.PendingBytes;

    public override bool IsBacklogged => _connection.Transport.PendingBytes > _connection.Transport.HighWater;

    public override bool IsOver => _isOver;

    /// <summary>Bytes of the request's body, or of a tunnel, go to the handler.</summary>
    public BodyWish Wish { get; set; }

    /// <summary>The handler takes none for now.</summary>
    public bool IsBodyPaused { get; private set; }

    /// <summary>After an upgrade: bytes go both ways as they are.</summary>
    public bool IsTunnel { get; private set; }

    /// <summary>The body was pushed whole, and the handler was told.</summary>
    public bool IsBodyTold { get; set; }

    /// <summary>The client sends its body when it is told to, and was not.</summary>
    public bool AwaitsContinue => Wish == BodyWish.None && Version >= HttpVersion.Http11
        && Ascii.EqualsIgnoreCase(RequestHeaders[KnownHeader.Expect], "100-continue"u8);

    /// <summary>The handler knows that the client has ended its side.</summary>
    public bool IsClientLeftTold { get; set; }

    /// <summary>The response is less than was announced, or broken off.</summary>
    public bool IsCut => _isCut;

    private OutputBuffer Output => _connection.Transport.Output;

    /// <summary>What the head says of the body, and what is wrong with it.</summary>
    public void Frame(RequestFraming framing, int refusedHeader)
    {
        RequestLength = framing.IsChunked ? -1 : Math.Max(0, framing.ContentLength);
        if (framing.Refusal != Refusal.None)
            Refuse(framing.Refusal, refusedHeader);
        else
            KeepsAlive = AsksForKeepAlive();
    }

    /// <summary>The request cannot be served.</summary>
    public void Refuse(Refusal refusal, int header = -1) => (Refusal, RefusedHeader, KeepsAlive) = (refusal, header, false);

    /// <summary>So much of the body was pushed.</summary>
    public void AddBodyBytes(int count) => BodyBytes += count;

    public override void ReadBody()
    {
        if (Wish == BodyWish.Read || _isOver)
            return;
        Invariant.Check(Wish == BodyWish.None);
        Continue();
        Wish = BodyWish.Read;
        _connection.BodyIsWanted();
    }

    public override void DiscardBody()
    {
        if (Wish != BodyWish.None || _isOver)
            return;
        Continue();
        Wish = BodyWish.Discard;
        _connection.BodyIsWanted();
    }

    public override void PauseBody()
    {
        if (IsBodyPaused || _isOver)
            return;
        IsBodyPaused = true;
        _connection.PauseInput();
    }

    public override void ResumeBody()
    {
        if (!IsBodyPaused || _isOver)
            return;
        IsBodyPaused = false;
        _connection.ResumeInput();
    }

    public override void Inform(int status, HeaderList headers)
    {
        Invariant.Check(status is >= 100 and < 200 and not 101 && Status == 0);
        if (Version < HttpVersion.Http11 || _isOver)
            return;
        var start = Output.Position;
        HeadWriter.StatusLine(Output, status, default);
        HeadWriter.Fields(Output, headers, 0, headers.Count);
        Output.Write("\r\n"u8);
        Sent(start);
    }

    public override void Respond(int status, long length, ReadOnlySpan<byte> reason = default)
    {
        Invariant.Check(Status == 0);
        Status = status;
        if (_isOver)
            return;
        _hasNoBody = Method == HttpMethod.Head || status is 204 or 304 or < 200;
        var announced = ResponseHeaders.IndexOf(KnownHeader.ContentLength);
        if (announced >= 0 && RequestFraming.TryLength(ResponseHeaders[announced].Value, out var given))
            length = given;
        _left = length;
        DecideFraming(status, length);
        if (Version < HttpVersion.Http10)
            return;
        var start = Output.Position;
        HeadWriter.StatusLine(Output, status, reason);
        var split = Math.Min(FramingIndex, ResponseHeaders.Count);
        HeadWriter.Fields(Output, ResponseHeaders, 0, split);
        if (length >= 0 && announced < 0 && status is not (204 or 304 or < 200))
            HeadWriter.Field(Output, "Content-Length"u8, length);
        WriteFraming(status);
        HeadWriter.Fields(Output, ResponseHeaders, split, ResponseHeaders.Count);
        Output.Write("\r\n"u8);
        Sent(start);
    }

    public override void Write(ReadOnlySpan<byte> body)
    {
        Invariant.Check(Status != 0 || _isOver);
        if (_isOver || _hasNoBody || body.IsEmpty)
            return;
        body = body[..Take(body.Length)];
        if (body.IsEmpty)
            return;
        var start = Output.Position;
        if (_isChunked)
            HeadWriter.ChunkSize(Output, body.Length);
        Output.Write(body);
        if (_isChunked)
            Output.Write("\r\n"u8);
        Sent(start);
    }

    public override void WriteFile(IOutputFile file, long offset, long count)
    {
        Invariant.Check(Status != 0 || _isOver);
        if (!_isOver && !_hasNoBody && _left >= 0)
            count = Math.Min(count, _left);
        if (_isOver || _hasNoBody || count <= 0)
        {
            file.Release();
            return;
        }
        if (_left >= 0)
            _left -= count;
        ResponseBodyBytes += count;
        var start = Output.Position;
        if (_isChunked)
            HeadWriter.ChunkSize(Output, count);
        Output.AttachFile(file, offset, count);
        if (_isChunked)
            Output.Write("\r\n"u8);
        Sent(start);
    }

    public override void End(HeaderList? trailers = null)
    {
        if (_isOver)
            return;
        Invariant.Check(Status != 0);
        if (_isChunked && !_hasNoBody)
        {
            var start = Output.Position;
            Output.Write("0\r\n"u8);
            if (trailers is not null)
                HeadWriter.Fields(Output, trailers, 0, trailers.Count);
            Output.Write("\r\n"u8);
            Sent(start);
        }
        _isCut = _left > 0 && !_hasNoBody && !IsTunnel;
        if (_isCut)
            KeepsAlive = false;
        _isOver = true;
        _isHeld = _holds > 0;
        if (!_isHeld)
            _connection.ResponseEnded();
    }

    public override void Hold() => _holds++;

    public override void LetGo()
    {
        if (--_holds > 0 || !_isHeld)
            return;
        _isHeld = false;
        _connection.ResponseEnded();
    }

    public override void Abort()
    {
        if (_isOver)
            return;
        (_isCut, _isOver, KeepsAlive) = (true, true, false);
        _connection.ResponseEnded();
    }

    public override void Tunnel()
    {
        Invariant.Check(Status is 101 or >= 200 and < 300 && !_isOver);
        (IsTunnel, _hasNoBody, _isChunked, _left, KeepsAlive, Wish) = (true, false, false, -1, false, BodyWish.Read);
        _connection.BodyIsWanted();
    }

    /// <summary>The exchange is over: tells the handler and gives memory back.</summary>
    public void Close(bool isComplete)
    {
        (_isOver, _isHeld) = (true, false);
        Handler?.Closed(this, isComplete);
        Handler = null;
        Release();
    }

    // What a client wants that does not say: HTTP/1.1 keeps connections, HTTP/1.0 does not.
    private bool AsksForKeepAlive()
    {
        var wish = Version >= HttpVersion.Http11;
        for (var i = RequestHeaders.IndexOf(KnownHeader.Connection); i >= 0; i = RequestHeaders.IndexOf(KnownHeader.Connection, i + 1))
        {
            var value = RequestHeaders[i].Value;
            if (Tokens.Contains(value, "close"u8))
                wish = false;
            else if (Tokens.Contains(value, "keep-alive"u8))
                wish = true;
        }
        return wish;
    }

    private void DecideFraming(int status, long length)
    {
        _isChunked = length < 0 && !_hasNoBody && Version >= HttpVersion.Http11 && Options.ChunkedTransferEncoding
            && !(Method == HttpMethod.Connect && status < 300);
        // Nothing but the connection's end tells where the body ends.
        if (length < 0 && !_hasNoBody && !_isChunked)
            KeepsAlive = false;
        KeepsAlive &= _connection.TakesMore(Options);
    }

    private void WriteFraming(int status)
    {
        if (_isChunked)
            Output.Write("Transfer-Encoding: chunked\r\n"u8);
        if (status == 101)
        {
            Output.Write("Connection: upgrade\r\n"u8);
            return;
        }
        if (!KeepsAlive)
        {
            Output.Write("Connection: close\r\n"u8);
            return;
        }
        if (Options.AnnouncesKeepAlive || Version < HttpVersion.Http11)
            Output.Write("Connection: keep-alive\r\n"u8);
        if (Options.KeepAliveHeaderSeconds > 0)
        {
            Output.Write("Keep-Alive: timeout="u8);
            Span<byte> digits = stackalloc byte[12];
            Options.KeepAliveHeaderSeconds.TryFormat(digits, out var count);
            Output.Write(digits[..count]);
            Output.Write("\r\n"u8);
        }
    }

    private void Continue()
    {
        if (Status != 0 || !AwaitsContinue)
            return;
        var start = Output.Position;
        Output.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);
        Sent(start);
    }

    // Of so many bytes those that belong to the announced length.
    private int Take(int count)
    {
        if (_left >= 0)
        {
            count = (int)Math.Min(count, _left);
            _left -= count;
        }
        ResponseBodyBytes += count;
        return count;
    }

    private void Sent(long start)
    {
        ResponseBytes += Output.Position - start;
        _connection.Release();
    }

    // Of a head that never was whole there is no copy.
    private ReadOnlySpan<byte> Part(int start, int end) =>
        end > start && end <= RequestHeaders.RawLength ? RequestHeaders.Raw(start, end - start) : default;
}
