using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>A node that answers every request of HTTP with its name: what nginx stands before in simulations.</summary>
internal sealed class TinyHttpNode(NodeContext context, int port) : Node(context), ISessionFactory, IHttpApplication
{
    private NodeHttpNetwork? _network;

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _network = new NodeHttpNetwork(Context);
        await _network.ListenAsync(new NodeEndPoint(Context.Name, port), new Runtime.ListenOptions(), _ => this);
    }

    public override ValueTask StopAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public Session Accept(SessionTransport transport) =>
        new Http1Connection(_network!.Workers[0], transport, this, HttpServerOptions.Default);

    public void Begin(HttpExchange exchange)
    {
        var name = Latin1.Bytes(Context.Name);
        exchange.Respond(200, name.Length);
        exchange.Write(name);
        exchange.End();
    }
}
