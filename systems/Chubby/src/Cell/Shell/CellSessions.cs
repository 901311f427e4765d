using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell;

/// <summary>Accepts connections of Chubby's own protocol.</summary>
internal sealed class CellSessions(CellMaster master) : ISessionFactory
{
    public Session Accept(SessionTransport transport) => new CellConnection(master, transport, new Identity("ip", transport.Remote switch
    {
        IPEndPoint socket => socket.Address.ToString(),
        NodeEndPoint node => node.Node,
        _ => "",
    }));
}
