using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// An exchange that no client sent: a server asks itself on behalf of another exchange, and the response goes to a sink. It holds copies,
/// so it may outlast the other one. Invariants: the sink hears of an end once, and of nothing after it; a cancelled exchange tells its
/// sink nothing more.
/// </summary>
public sealed class InnerExchange : HttpExchange
{
    private readonly byte[] _methodName;
    private readonly byte[] _line;
    private readonly byte[] _target;
    private readonly byte[] _scheme;
    private readonly byte[] _authority;
    private readonly IInnerSink _sink;
    private long _left = -1;
    private BodyWish _wish;
    private bool _hasNoBody;
    private bool _isPaused;
    private bool _isBodyOver;
    private bool _isOver;
    private bool _isCancelled;
    private bool _isClosed;
    private bool _isAboveHighWater;

    /// <summary>Asks as <paramref name="outer"/> does: line, target, host and fields are copies of its own and may be changed before it
    /// begins.</summary>
    /// <param name="method">Its own method.</param>
    /// <param name="length">Of the body that the sink gives: 0 for none, -1 where it is not told beforehand.</param>
    public InnerExchange(HttpExchange outer, IInnerSink sink, ReadOnlySpan<byte> method, long length = 0)
        : base(outer.Connection, Copy(outer.RequestHeaders))
    {
        _sink = sink;
        (_methodName, Method) = (method.ToArray(), HttpMethods.Of(method));
        (_line, _target) = (outer.RequestLine.ToArray(), outer.RawTarget.ToArray());
        (_scheme, _authority) = (outer.Scheme.ToArray(), outer.Authority.ToArray());
        (Version, Form, HeadBytes, Options) = (outer.Version, outer.Form, outer.HeadBytes, outer.Options);
        RequestLength = length;
        (KeepsAlive, IsPipelined) = (outer.KeepsAlive, outer.IsPipelined);
    }

    /// <inheritdoc/>
    public override HttpMethod Method { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> MethodName => _methodName;

    /// <inheritdoc/>
    public override HttpVersion Version { get; }

    /// <inheritdoc/>
    public override TargetForm Form { get; }

    /// <summary>The first line of the outer exchange.</summary>
    public override ReadOnlySpan<byte> RequestLine => _line;

    /// <summary>The target of the outer exchange.</summary>
    public override ReadOnlySpan<byte> RawTarget => _target;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Scheme => _scheme;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Authority => _authority;

    /// <inheritdoc/>
    public override long HeadBytes { get; }

    /// <summary>None: the sink has taken all.</summary>
    public override long PendingBytes => 0;

    /// <inheritdoc/>
    public override bool IsBacklogged
    {
        get
        {
            var isFull = !_isOver && _sink.IsFull;
            _isAboveHighWater |= isFull;
            return isFull;
        }
    }

    /// <inheritdoc/>
    public override bool IsOver => _isOver;

    /// <summary>The sink wants the response's head and nothing of its body.</summary>
    public bool WantsHeadOnly { get; set; }

    /// <summary>Whoever responds takes none of the body for now.</summary>
    public bool IsBodyPaused => _isPaused;

    private NodeExecutor Executor => Connection.Worker.Executor;

    /// <inheritdoc/>
    public override void ReadBody()
    {
        if (_wish == BodyWish.Read || _isOver)
            return;
        Invariant.Check(_wish == BodyWish.None);
        _wish = BodyWish.Read;
        AskForBody();
    }

    /// <inheritdoc/>
    public override void DiscardBody()
    {
        if (_wish == BodyWish.None)
            _wish = BodyWish.Discard;
    }

    /// <inheritdoc/>
    public override void PauseBody() => _isPaused = true;

    /// <inheritdoc/>
    public override void ResumeBody()
    {
        if (!_isPaused)
            return;
        _isPaused = false;
        if (_wish == BodyWish.Read && !_isBodyOver)
            AskForBody();
    }

    /// <summary>A piece of the request's body, for the sink to call.</summary>
    public void Push(ReadOnlySpan<byte> bytes)
    {
        if (_isOver || _isBodyOver || _wish != BodyWish.Read)
            return;
        BodyBytes += bytes.Length;
        Handler?.Body(this, bytes);
    }

    /// <summary>The request's body is whole, for the sink to call.</summary>
    public void EndBody()
    {
        if (_isOver || _isBodyOver || _wish != BodyWish.Read)
            return;
        _isBodyOver = true;
        Handler?.BodyEnded(this);
    }

    /// <summary>Nothing: interim responses are for clients.</summary>
    public override void Inform(int status, HeaderList headers)
    {
    }

    /// <inheritdoc/>
    public override void Respond(int status, long length, ReadOnlySpan<byte> reason = default)
    {
        Invariant.Check(Status == 0);
        Status = status;
        if (_isOver)
            return;
        _hasNoBody = WantsHeadOnly || Method == HttpMethod.Head || status is 204 or 304 or < 200;
        var announced = ResponseHeaders.IndexOf(KnownHeader.ContentLength);
        if (announced >= 0 && RequestFraming.TryLength(ResponseHeaders[announced].Value, out var given))
            length = given;
        _left = length;
        _sink.Head(this, length);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> body)
    {
        Invariant.Check(Status != 0 || _isOver);
        if (_isOver || _hasNoBody)
            return;
        body = body[..(int)Take(body.Length)];
        if (!body.IsEmpty)
            _sink.Body(this, body);
    }

    /// <inheritdoc/>
    public override void WriteFile(IOutputFile file, long offset, long count)
    {
        Invariant.Check(Status != 0 || _isOver);
        count = _isOver || _hasNoBody ? 0 : Take(count);
        if (count > 0)
            _sink.File(this, file, offset, count);
        else
            file.Release();
    }

    /// <inheritdoc/>
    public override void End(HeaderList? trailers = null)
    {
        if (_isOver)
            return;
        Invariant.Check(Status != 0);
        Finish(isComplete: _left <= 0 || _hasNoBody);
    }

    /// <inheritdoc/>
    public override void Abort()
    {
        if (!_isOver)
            Finish(isComplete: false);
    }

    /// <summary>Not supported.</summary>
    public override void Tunnel() => throw new NotSupportedException("What a server asks itself is no tunnel.");

    /// <summary>The sink takes more again; whoever responds hears of it in the next turn.</summary>
    public void Drained()
    {
        if (!_isAboveHighWater)
            return;
        _isAboveHighWater = false;
        Executor.Post(static e =>
        {
            if (e is InnerExchange { _isOver: false } exchange)
                exchange.Handler?.Drained(exchange);
        }, this);
    }

    /// <summary>The client of the outer exchange has left: tells whoever responds.</summary>
    public void ClientLeft()
    {
        if (!_isOver)
            Handler?.ClientLeft(this);
    }

    /// <summary>The response is not wanted any more: whoever responds hears that it is over, in the next turn; the sink hears
    /// nothing.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        if (!_isOver)
            Finish(isComplete: false);
    }

    private static HeaderList Copy(HeaderList headers)
    {
        var copy = new HeaderList();
        for (var i = 0; i < headers.Count; i++)
            copy.Add(headers[i]);
        return copy;
    }

    private void AskForBody() => Executor.Post(static e =>
    {
        if (e is InnerExchange { _isOver: false, _isPaused: false, _isBodyOver: false } exchange)
            exchange._sink.BodyWanted(exchange);
    }, this);

    private long Take(long count)
    {
        if (_left >= 0)
        {
            count = Math.Min(count, _left);
            _left -= count;
        }
        ResponseBytes += count;
        ResponseBodyBytes += count;
        return count;
    }

    private void Finish(bool isComplete)
    {
        _isOver = true;
        Executor.Post(() => Close(isComplete));
    }

    private void Close(bool isComplete)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        if (!_isCancelled)
            _sink.Ended(this, isComplete);
        Handler?.Closed(this, isComplete);
        Handler = null;
        Release();
    }
}
