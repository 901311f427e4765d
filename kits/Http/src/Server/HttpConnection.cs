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

    /// <summary>The front end's own.</summary>
    public object? State { get; set; }

    private protected IHttpApplication Application { get; }

    /// <summary>Takes no further request: an idle connection closes now, another after its response.</summary>
    public abstract void Drain();
}
