using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>A connection's number on its node, given when rules decide before there is a session; a feature of the connection.</summary>
internal sealed record ConnectionOrdinal(long Value)
{
    /// <summary>The number that the connection was given, or the node's next one.</summary>
    public static long Of(ConnectionContext connection, NodeExecutor executor) =>
        connection.Features.Get<ConnectionOrdinal>()?.Value ?? executor.NextConnectionId();
}
