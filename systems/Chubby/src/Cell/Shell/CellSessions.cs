using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell;

/// <summary>Accepts connections of Chubby's own protocol.</summary>
internal sealed class CellSessions(CellMaster master) : ISessionFactory
{
    public Session Accept(SessionTransport transport) => new CellConnection(master, transport, Identity.Of(transport.Remote));
}
