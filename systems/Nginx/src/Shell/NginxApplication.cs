using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>The connections of one address on one worker.</summary>
internal sealed class NginxApplication(NginxWorker worker, NginxServer server, Address address) : ISessionFactory
{
    public Session? Accept(SessionTransport transport) => server.TryFind(address) is { } listen && worker.Connections.TryAdmit(address)
        ? new ClientConnection(worker, server, listen, transport).Begin() : null;
}
