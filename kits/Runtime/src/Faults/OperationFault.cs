namespace Microcosm.Runtime;

/// <summary>What is to happen to one operation.</summary>
/// <param name="Action">Kind of failure.</param>
/// <param name="Error">The protocol's error for <see cref="OperationFaultAction.Refuse"/>, in the peer's own spelling (<c>LOADING …</c>,
/// <c>NOT_LEADER_OR_FOLLOWER</c>); for <see cref="OperationFaultAction.DiskError"/> the error's name (<c>EIO</c>).</param>
/// <param name="Bytes">For <see cref="OperationFaultAction.ShortWrite"/>.</param>
/// <param name="DelayMs">For <see cref="OperationFaultAction.Delay"/>.</param>
public readonly record struct OperationFault(OperationFaultAction Action, string? Error = null, int DelayMs = 0, int Bytes = 0)
{
    /// <summary>The rule that fired, in its grammar; null as long as none has.</summary>
    public string? Rule { get; init; }
}
