using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>The connections of one address on one worker, and their requests.</summary>
internal sealed class NginxApplication(NginxWorker worker, NginxServer server, Address address) : ISessionFactory, IHttpApplication
{
    public Session? Accept(SessionTransport transport)
    {
        var listen = server.Find(address);
        var level = listen.DefaultServer.Level;
        var options = ConnectionOptions.Of(level);
        if (listen.Options.IsHttp2 || level.Get(Http2Module.Http2))
            return new PrefaceSession(worker, transport, this, options, Http2Options.Default);
        return new Http1Connection(worker.Http, transport, this, options);
    }

    public void Opened(HttpConnection connection)
    {
        worker.Counters.Opened();
        server.Opened(connection);
    }

    public void Closed(HttpConnection connection, Exception? error)
    {
        worker.Counters.Closed();
        server.Closed(connection);
    }

    public void Begin(HttpExchange exchange)
    {
        worker.Counters.Began();
        var request = new HttpRequest(worker, server.Find(address), exchange);
        exchange.Handler = request;
        Phases.Begin(request);
    }
}
