using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>A client's connection, of whatever version.</summary>
public abstract class HttpConnection : Session
{
    private protected HttpConnection(HttpWorker worker, SessionTransport transport, IHttpApplication application, HttpServerOptions options)
    {
        (Worker, Transport, Application, Options) = (worker, transport, application, options);
        OpenedMs = worker.Deadlines.NowMs;
    }

    /// <summary>Where the connection runs.</summary>
    public HttpWorker Worker { get; }

    /// <summary>Its transport: addresses, ordinal, unsent bytes.</summary>
    public SessionTransport Transport { get; }

    /// <summary>What new requests are read by.</summary>
    public HttpServerOptions Options { get; set; }

    /// <summary>Requests so far, the present one included.</summary>
    public long Requests { get; private protected set; }

    /// <summary>When it was opened, by <see cref="Deadlines.NowMs"/>.</summary>
    public long OpenedMs { get; }

    /// <summary>Nothing was asked that is not answered, and nothing has begun to come.</summary>
    public abstract bool IsIdle { get; }

    /// <summary>It is idle, and has been so for as long as it may expect (keepalive_min_timeout).</summary>
    public bool IsReusable => IsIdle && Worker.Deadlines.NowMs >= KeptUntilMs;

    private protected long KeptUntilMs { get; private set; }

    /// <summary>The front end's own.</summary>
    public object? State { get; set; }

    internal IHttpApplication Application { get; }

    // The client may be sending its next request now.
    private protected void Keep(HttpServerOptions options)
    {
        if (options.KeepAliveMinTimeoutMs > 0)
            KeptUntilMs = Worker.Deadlines.NowMs + Math.Min(options.KeepAliveMinTimeoutMs, options.KeepAliveTimeoutMs);
    }

    /// <summary>Takes no further request: an idle connection closes now, another after its response.</summary>
    public abstract void Drain();
}
