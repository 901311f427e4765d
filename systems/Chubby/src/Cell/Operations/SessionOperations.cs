using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Sessions and their leases (OSDI'06 2.8).</summary>
internal static class SessionOperations
{
    /// <summary>A new session: answers its number and its lease.</summary>
    [ChubbyOperation("OpenSession", CallNumber.OpenSession, IsOutsideEpoch = true)]
    public static ValueTask<ChubbyError> OpenSession(ChubbyCall call) => call.Master.OpenSessionAsync(call);

    /// <summary>The end of a session: its handles are closed, its locks free at once.</summary>
    [ChubbyOperation("CloseSession", CallNumber.CloseSession, IsOutsideEpoch = true)]
    public static ValueTask<ChubbyError> CloseSession(ChubbyCall call) => call.Master.CloseSessionAsync(call);

    /// <summary>Held back until the lease is nearly over or there is news. The field says what the client has taken in.</summary>
    [ChubbyOperation("KeepAlive", CallNumber.KeepAlive, IsOutsideEpoch = true)]
    public static ValueTask<ChubbyError> KeepAlive(ChubbyCall call) => call.Master.KeepAliveAsync(call, new JuteReader(call.Body).Long());
}
