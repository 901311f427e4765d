using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>The sessions of one address of the stream part on one worker.</summary>
internal sealed class StreamApplication(NginxWorker worker, NginxServer server, Address address) : ISessionFactory
{
    public Session? Accept(SessionTransport transport) =>
        server.TryFindStream(new ListenPoint(address)) is { } listen && worker.Connections.TryAdmit(address)
            ? new StreamConnection(worker, server, listen, transport).Begin() : null;
}
