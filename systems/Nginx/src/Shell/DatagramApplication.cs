using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>The sessions of one address over datagrams, on one worker.</summary>
internal sealed class DatagramApplication(NginxWorker worker, NginxServer server, ListenPoint point) : IDatagramFactory
{
    public IDatagramHandler? Accept(IDatagramPeer peer) =>
        server.TryFindStream(point) is { } listen && worker.Connections.TryAdmit(point.Address)
            ? new DatagramSession(worker, server, listen, peer) : null;
}
