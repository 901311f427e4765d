using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// One request to an upstream server and its response, of whatever version of HTTP. Once connected, the request is a head, pieces of a
/// body, and an end; the response is told to the handler as it comes. On the worker's executor only.
/// </summary>
public abstract class UpstreamExchange
{
    private HeaderList? _trailers;

    private protected UpstreamExchange(HttpWorker worker, EndPoint peer, UpstreamOptions options, IUpstreamHandler handler) =>
        (Worker, Peer, Options, Handler) = (worker, peer, options, handler);

    /// <summary>Where it runs.</summary>
    public HttpWorker Worker { get; }

    /// <summary>The server.</summary>
    public EndPoint Peer { get; }

    /// <summary>Its limits.</summary>
    public UpstreamOptions Options { get; }

    /// <summary>Told what becomes of it.</summary>
    public IUpstreamHandler Handler { get; }

    /// <summary>The request may be sent.</summary>
    public abstract bool IsConnected { get; }

    /// <summary>The connection has served a request before: that it breaks now says little about the server.</summary>
    public abstract bool IsReused { get; }

    /// <summary>The own address; null until connected.</summary>
    public abstract EndPoint? Local { get; }

    /// <summary>The response's status; 0 until its head has come.</summary>
    public int Status { get; private protected set; }

    /// <summary>Code and words, as they came; empty where the version of HTTP has none.</summary>
    public abstract ReadOnlySpan<byte> StatusLine { get; }

    /// <summary>Version of the response.</summary>
    public HttpVersion Version { get; private protected set; }

    /// <summary>Fields of the response; valid until the exchange has ended.</summary>
    public HeaderList ResponseHeaders { get; } = new();

    /// <summary>Fields behind the body.</summary>
    public HeaderList ResponseTrailers => _trailers ??= new HeaderList();

    /// <summary>Length of the response's body; -1 where it was not told beforehand.</summary>
    public long ResponseLength { get; private protected set; } = -1;

    /// <summary>Bytes of the response that came so far, head and coding included.</summary>
    public long BytesReceived { get; private protected set; }

    /// <summary>Bytes of the request that were written so far, head and coding included.</summary>
    public long BytesWritten { get; private protected set; }

    /// <summary>Bytes of the request that are not handed to the network yet.</summary>
    public abstract long PendingBytes { get; }

    /// <summary>More is unsent than the high-water mark: who writes had better wait for <see cref="IUpstreamHandler.Drained"/>.</summary>
    public abstract bool IsBacklogged { get; }

    /// <summary>Sends the request's head.</summary>
    public abstract void Send(in UpstreamRequest request);

    /// <summary>Sends a piece of the body, or of a tunnel.</summary>
    public abstract void Write(ReadOnlySpan<byte> body);

    /// <summary>Sends a part of a file.</summary>
    public abstract void WriteFile(IOutputFile file, long offset, long count);

    /// <summary>The request is whole. Of a tunnel: nothing more is sent.</summary>
    public abstract void End(HeaderList? trailers = null);

    /// <summary>Bytes of the body that are pushed at once, at most: who takes it at a pace pauses between pieces.</summary>
    public int PieceBytesMax { get; set; } = int.MaxValue;

    /// <summary>Pushes no more of the response until <see cref="ResumeBody"/>.</summary>
    public abstract void PauseBody();

    /// <summary>Pushes on, in the next turn at the earliest.</summary>
    public abstract void ResumeBody();

    /// <summary>Gives up, also while connecting; the handler is not told of anything any more.</summary>
    public abstract void Abort();

    /// <summary>Gives memory back; nothing of the exchange may be used any more.</summary>
    private protected void ReleaseHeaders()
    {
        ResponseHeaders.Clear();
        _trailers?.Clear();
    }
}
