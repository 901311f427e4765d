using Microcosm.Runtime;

namespace Microcosm.Http.Bench;

/// <summary>Connections of one worker.</summary>
internal sealed class Sessions(HttpWorker worker, IHttpApplication application, HttpServerOptions options) : ISessionFactory
{
    public Session Accept(SessionTransport transport) => new Http1Connection(worker, transport, application, options);
}
