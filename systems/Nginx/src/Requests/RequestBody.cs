using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// The body of a request, read as a whole: in memory up to <c>client_body_buffer_size</c>, then in a temporary file
/// (ngx_http_read_client_request_body). On the worker's executor.
/// </summary>
internal sealed class RequestBody : IRequestBodyReader
{
    private readonly HttpRequest _request;
    private readonly Action _done;
    private readonly long _bufferBytes;
    private readonly long _maxBytes;
    private byte[] _memory = [];
    private int _used;
    private int _users = 1;

    private RequestBody(HttpRequest request, Action done)
    {
        (_request, _done) = (request, done);
        _bufferBytes = request.Level.Get(HttpCoreModule.ClientBodyBufferSize);
        _maxBytes = request.Level.Get(HttpCoreModule.ClientMaxBodySize);
    }

    /// <summary>A body that somebody has read.</summary>
    public static RequestBody OfWhole(HttpRequest request, byte[] bytes) =>
        new(request, static () => { }) { _memory = bytes, _used = bytes.Length };

    /// <summary>All bytes of the body.</summary>
    public long Length => File?.Length ?? _used;

    /// <summary>Where it lies; null for memory.</summary>
    public TempFile? File { get; private set; }

    /// <summary>What lies in memory.</summary>
    public ReadOnlySpan<byte> Memory => _memory.AsSpan(0, _used);

    /// <summary>
    /// Reads the body and goes on, at once where there is none or it was read before. A body that cannot be read answers the request.
    /// </summary>
    public static void ReadThen(HttpRequest request, Action done)
    {
        if (request.Body is not null || !request.Exchange.HasBody)
        {
            // Who waits for 100 Continue gets it, whether there is a body or not.
            if (request.Exchange.RequestHeaders.Contains(KnownHeader.Expect))
                request.Exchange.DiscardBody();
            done();
            return;
        }
        if (request.BodyReader is StreamedBody streamed)
        {
            // A server had it as it came, and failed: nobody has it any more, and the rest is read away.
            streamed.Abandon();
            request.Body = OfWhole(request, []);
            done();
            return;
        }
        var body = new RequestBody(request, done);
        request.Body = body;
        request.BodyReader = body;
        if (request.Exchange.RequestLength > 0 && request.Exchange.RequestLength <= body._bufferBytes)
            body._memory = new byte[request.Exchange.RequestLength];
        if (request.Level.Get(HttpCoreModule.ClientBodyInFileOnly) != BodyInFile.Off && !body.TrySpill())
            return;
        request.Exchange.ReadBody();
    }

    /// <summary>Sends it as the body of a request to an upstream server.</summary>
    public void WriteTo(UpstreamExchange upstream)
    {
        if (File is null)
            upstream.Write(Memory);
        else
            upstream.WriteFile(File.File.Use(), 0, File.Length);
    }

    public void Body(ReadOnlySpan<byte> bytes)
    {
        if (_request.IsAnswered)
            return;
        if (_maxBytes > 0 && Length + bytes.Length > _maxBytes)
        {
            _request.LogError(LogLevel.Error, $"client intended to send too large chunked body: {Length}+{bytes.Length} bytes");
            _request.Exchange.KeepsAlive = false;
            Answers.Finish(_request, 413);
            return;
        }
        if (File is null && _used + bytes.Length > _bufferBytes && !TrySpill())
            return;
        if (File is not null)
        {
            Append(bytes);
            return;
        }
        if (_memory.Length - _used < bytes.Length)
            Array.Resize(ref _memory, (int)Math.Min(_bufferBytes, Math.Max(_used + bytes.Length, _memory.Length * 2)));
        bytes.CopyTo(_memory.AsSpan(_used));
        _used += bytes.Length;
    }

    public void Ended()
    {
        if (!_request.IsAnswered)
            _done();
    }

    /// <summary>A subrequest has it too, and closes it as well.</summary>
    public RequestBody Share()
    {
        _users++;
        return this;
    }

    /// <summary>One user less; the last one takes it away.</summary>
    public void Close()
    {
        if (--_users > 0)
            return;
        File?.Close(keepsName: _request.Level.Get(HttpCoreModule.ClientBodyInFileOnly) == BodyInFile.On);
        (_memory, _used) = ([], 0);
    }

    private bool TrySpill()
    {
        try
        {
            File = _request.Worker.TempFiles.Create(_request.Level.Get(HttpCoreModule.ClientBodyTempPath)!);
            if (_request.Level.Get(HttpCoreModule.ClientBodyInFileOnly) == BodyInFile.Off)
                _request.LogError(LogLevel.Warn, $"a client request body is buffered to a temporary file {File.Path}");
            Append(Memory);
            (_memory, _used) = ([], 0);
            return !_request.IsAnswered;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
            return false;
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            File!.Append(bytes);
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    private void Fail(Exception error)
    {
        _request.LogError(LogLevel.Crit, $"the request's body cannot be kept in a temporary file: {error.Message}");
        Answers.Finish(_request, 500);
    }
}
