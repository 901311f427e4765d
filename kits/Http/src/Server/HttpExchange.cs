using System.Buffers;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// One request and its response, of whatever version of HTTP. The request's head is here from the beginning; its body is pushed to the <see
/// cref="Handler"/> once it is asked for. The response is a head, then pieces of a body, then an end. Spans are valid until the exchange is
/// closed. On the worker's executor only.
/// </summary>
public abstract class HttpExchange
{
    private byte[]? _path;
    private HeaderList? _trailers;

    private protected HttpExchange(HttpConnection connection, HeaderList requestHeaders) =>
        (Connection, Options, RequestHeaders) = (connection, connection.Options, requestHeaders);

    /// <summary>The connection that it came on.</summary>
    public HttpConnection Connection { get; }

    /// <summary>What holds for this exchange.</summary>
    public HttpServerOptions Options { get; set; }

    /// <summary>Told what becomes of it.</summary>
    public IExchangeHandler? Handler { get; set; }

    /// <summary>Why it cannot be served. What was read of the request until then is here, and the rest empty.</summary>
    public Refusal Refusal { get; private protected set; }

    /// <summary>Place of the field that <see cref="Refusal"/> is about, or -1.</summary>
    public int RefusedHeader { get; private protected set; } = -1;

    /// <summary>Method, where it is one that servers know.</summary>
    public abstract HttpMethod Method { get; }

    /// <summary>The method as it was sent.</summary>
    public abstract ReadOnlySpan<byte> MethodName { get; }

    /// <summary>Version of the request.</summary>
    public abstract HttpVersion Version { get; }

    /// <summary>Form of the target.</summary>
    public abstract TargetForm Form { get; }

    /// <summary>The first line, without its end.</summary>
    public abstract ReadOnlySpan<byte> RequestLine { get; }

    /// <summary>Path and query as they were sent; of an absolute form, what stands behind the host ("/" where nothing does).</summary>
    public abstract ReadOnlySpan<byte> RawTarget { get; }

    /// <summary>Scheme in the target; empty where it has none.</summary>
    public abstract ReadOnlySpan<byte> Scheme { get; }

    /// <summary>Host and port in the target, empty where it has none; of CONNECT, whom to connect to.</summary>
    public abstract ReadOnlySpan<byte> Authority { get; }

    /// <summary>Fields of the request.</summary>
    public HeaderList RequestHeaders { get; }

    /// <summary>Fields behind the body; filled when the body has ended.</summary>
    public HeaderList RequestTrailers => _trailers ??= new HeaderList();

    /// <summary>Length of the body; -1 where it was not told beforehand, 0 where there is none.</summary>
    public long RequestLength { get; private protected set; }

    /// <summary>The request has a body, or may have one.</summary>
    public bool HasBody => RequestLength != 0;

    /// <summary>Its first bytes had come when the exchange before it was over.</summary>
    public bool IsPipelined { get; init; }

    /// <summary>Bytes of the head as it came.</summary>
    public abstract long HeadBytes { get; }

    /// <summary>Bytes of the body that came so far, without its coding.</summary>
    public long BodyBytes { get; private protected set; }

    /// <summary>Fields that the response will have.</summary>
    public HeaderList ResponseHeaders { get; } = new();

    /// <summary>Before which field of the response the connection's own stand (Transfer-Encoding, Connection); behind all by
    /// default.</summary>
    public int FramingIndex { get; set; } = int.MaxValue;

    /// <summary>Fields may come behind the response's body, even where its length is told: its last byte does not end it. To be set before
    /// the response begins.</summary>
    public bool ExpectsTrailers { get; set; }

    /// <summary>Status of the response; 0 until it began.</summary>
    public int Status { get; private protected set; }

    /// <summary>Bytes of the response so far, head and coding included.</summary>
    public long ResponseBytes { get; private protected set; }

    /// <summary>Bytes of the response's body so far, without its coding.</summary>
    public long ResponseBodyBytes { get; private protected set; }

    /// <summary>The connection may take another request after this one. May be set to false until the response has begun.</summary>
    public bool KeepsAlive { get; set; }

    /// <summary>Bytes of this connection that are not handed to the network yet.</summary>
    public abstract long PendingBytes { get; }

    /// <summary>More is unsent than the high-water mark: who writes had better wait for <see cref="IExchangeHandler.Drained"/>.</summary>
    public abstract bool IsBacklogged { get; }

    /// <summary>True once the response is whole, or nothing can be sent any more.</summary>
    public abstract bool IsOver { get; }

    /// <summary>
    /// Gives path, query and extension, decoded and normalised. False: a path that climbs above the root, or has a NUL or a broken escape.
    /// Empty for targets that are no paths.
    /// </summary>
    public bool TryNormalise(bool mergesSlashes, out NormalisedPath path)
    {
        path = default;
        if (Form is TargetForm.Asterisk)
            return true;
        var target = RawTarget;
        if (!target.IsEmpty && target[0] == (byte)'/' && PathNormaliser.IsPlain(target))
        {
            path = NormalisedPath.OfPlain(target);
            return true;
        }
        _path ??= ArrayPool<byte>.Shared.Rent(target.Length + 1);
        return PathNormaliser.TryNormalise(target, mergesSlashes, _path, out path);
    }

    /// <summary>Begins to push the body to the handler; a client that waits for <c>100 Continue</c> gets it. Once.</summary>
    public abstract void ReadBody();

    /// <summary>The body is not wanted: it is read away, so that another request may follow; <c>100 Continue</c> as with <see
    /// cref="ReadBody"/>.</summary>
    public abstract void DiscardBody();

    /// <summary>Pushes no more of the body, or of a tunnel's bytes, until <see cref="ResumeBody"/>.</summary>
    public abstract void PauseBody();

    /// <summary>Pushes on, in the next turn at the earliest.</summary>
    public abstract void ResumeBody();

    /// <summary>Sends an interim response (103 Early Hints, 102); to clients before HTTP/1.1 nothing.</summary>
    /// <param name="status">100 to 199, but not 101.</param>
    public abstract void Inform(int status, HeaderList headers);

    /// <summary>
    /// Begins the response with <see cref="ResponseHeaders"/>. A Content-Length among them is sent as it is; otherwise <paramref
    /// name="length"/> is, and where that is -1 the body is chunked, or ends with the connection.
    /// </summary>
    /// <param name="reason">Words behind the status; empty for the usual ones.</param>
    public abstract void Respond(int status, long length, ReadOnlySpan<byte> reason = default);

    /// <summary>Sends a piece of the body. Dropped where the response has none (HEAD, 204, 304).</summary>
    public abstract void Write(ReadOnlySpan<byte> body);

    /// <summary>Sends a part of a file; the file is released also where nothing of it is sent.</summary>
    public abstract void WriteFile(IOutputFile file, long offset, long count);

    /// <summary>
    /// Ends the response. A body that is shorter than was announced ends the connection, since nothing else tells the client.
    /// </summary>
    /// <param name="trailers">Sent where the body is chunked; null for none.</param>
    public abstract void End(HeaderList? trailers = null);

    /// <summary>Breaks off: what was sent is all that comes, and the client sees that it is not whole. Nothing is sent if the response has
    /// not begun.</summary>
    public abstract void Abort();

    /// <summary>Something belongs to the exchange that is not done: the connection takes no other request and does not close when the
    /// response has ended, until <see cref="LetGo"/>. Streams of HTTP/2 are independent, and not held.</summary>
    public virtual void Hold()
    {
    }

    /// <summary>What <see cref="Hold"/> was called for is done. May be called after the exchange is closed.</summary>
    public virtual void LetGo()
    {
    }

    /// <summary>
    /// After a 101, or a 2xx to CONNECT: from here on bytes go both ways as they are, by <see cref="Write"/> and <see
    /// cref="IExchangeHandler.Body"/>, until <see cref="End"/>.
    /// </summary>
    public abstract void Tunnel();

    /// <summary>Gives memory back; nothing of the exchange may be used any more.</summary>
    private protected void Release()
    {
        RequestHeaders.Clear();
        _trailers?.Clear();
        ResponseHeaders.Clear();
        if (_path is not null)
            ArrayPool<byte>.Shared.Return(_path);
        _path = null;
    }
}
