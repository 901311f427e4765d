using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>A node of a world that serves HTTP on port 80.</summary>
internal sealed class HttpNode(NodeContext context, Func<HttpWorker, IHttpApplication> application) : Node(context), ISessionFactory
{
    private NodeHttpNetwork? _network;
    private IHttpApplication? _application;

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _network = new NodeHttpNetwork(Context);
        _application = application(_network.Workers[0]);
        await _network.ListenAsync(new NodeEndPoint(Context.Name, 80), new ListenOptions(), _ => this);
    }

    public override ValueTask StopAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public Session Accept(SessionTransport transport) =>
        new Http1Connection(_network!.Workers[0], transport, _application!, HttpServerOptions.Default);
}
