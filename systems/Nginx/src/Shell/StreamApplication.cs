using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>The sessions of one address of the stream part on one worker.</summary>
internal sealed class StreamApplication(NginxWorker worker, NginxServer server, Address address) : ISessionFactory
{
    public Session? Accept(SessionTransport transport) =>
        server.TryFindStream(address) is { } listen ? new StreamSession(worker, server, listen, transport).Begin() : null;
}
