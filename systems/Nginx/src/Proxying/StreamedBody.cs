using System.Buffers;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// A request's body that is passed on as it comes (<c>proxy_request_buffering off</c>). What is there already waits for the connection to
/// the server; if that is all of it, it is a body that was read as a whole, as in nginx.
/// </summary>
internal sealed class StreamedBody(HttpRequest request) : IRequestBodyReader
{
    private readonly ArrayBufferWriter<byte> _held = new();
    private readonly long _maxBytes = request.Level.Get(HttpCoreModule.ClientMaxBodySize);
    private UpstreamExchange? _upstream;
    private long _length;
    private bool _isPosted;
    private bool _isAbandoned;

    /// <summary>All of it came.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Some of it went to a server, who alone has it now.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Begins to read, and goes on when what is there is read; null is given where that is the whole body.</summary>
    public static void ReadThen(HttpRequest request, Action<StreamedBody?> next)
    {
        var body = new StreamedBody(request);
        request.BodyReader = body;
        request.Exchange.ReadBody();
        request.Worker.Http.Executor.Post(() =>
        {
            if (request.IsAnswered || request.Exchange.IsOver)
                return;
            if (body.IsWhole)
            {
                request.Body = RequestBody.OfWhole(request, body._held.WrittenSpan.ToArray());
                next(null);
                return;
            }
            request.Exchange.PauseBody();
            next(body);
        });
    }

    public void Body(ReadOnlySpan<byte> bytes)
    {
        // Over HTTP/2 a request goes on beside its response (preserve_output).
        if (_isAbandoned || (request.IsAnswered && _upstream is not { Options.IsHttp2: true }))
            return;
        if (_maxBytes > 0 && _length + bytes.Length > _maxBytes)
        {
            request.LogError(LogLevel.Error, $"client intended to send too large chunked body: {_length}+{bytes.Length} bytes");
            request.UpstreamClient?.GiveUp();
            request.Exchange.KeepsAlive = false;
            if (request.IsAnswered)
                request.Exchange.Abort();
            else
                Answers.Finish(request, 413);
            return;
        }
        _length += bytes.Length;
        _held.Write(bytes);
        if (_upstream is null || _isPosted)
            return;
        // What comes in one turn leaves as one chunk.
        _isPosted = true;
        request.Worker.Http.Executor.Post(Flush);
    }

    public void Ended()
    {
        IsWhole = true;
        if (_upstream is null)
            return;
        Flush();
        _upstream?.End();
    }

    /// <summary>The head of the request is sent: the body follows.</summary>
    public void SendTo(UpstreamExchange upstream)
    {
        (_upstream, IsSent) = (upstream, true);
        Flush();
        if (IsWhole)
            upstream.End();
        else
            request.Exchange.ResumeBody();
    }

    private void Flush()
    {
        _isPosted = false;
        if (_upstream is not { } upstream || _held.WrittenCount == 0)
            return;
        upstream.Write(_held.WrittenSpan);
        _held.ResetWrittenCount();
        if (upstream.IsBacklogged)
            request.Exchange.PauseBody();
    }

    /// <summary>The server takes more.</summary>
    public void Drained() => request.Exchange.ResumeBody();

    /// <summary>Nobody takes what is still to come: it is read away.</summary>
    public void Abandon()
    {
        (_upstream, _isAbandoned) = (null, true);
        if (!IsWhole)
            request.Exchange.ResumeBody();
    }
}
