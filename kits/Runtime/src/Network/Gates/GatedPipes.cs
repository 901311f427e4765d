using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>
/// The pipes of a connection over a socket, with links and bytes rules between. While nothing is disturbed both are passed through.
/// </summary>
internal sealed class GatedPipes : IDuplexPipe
{
    public GatedPipes(ConnectionContext connection, NetworkConditions conditions, Passage up, Passage down)
    {
        Input = new GatedReader(connection, conditions, up);
        Output = new GatedWriter(connection, conditions, down);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Ends a connection after a rule has counted its bytes; true where that was a reset.</summary>
    internal static bool TryReset(ConnectionContext connection, FaultRule rule)
    {
        if (rule.Connection.Action != ConnectionFaultAction.ResetAfter)
            return false;
        connection.Abort(new ConnectionAbortedException("reset by a fault rule"));
        return true;
    }
}
