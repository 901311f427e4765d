namespace Microcosm.Runtime;

/// <summary>What is to happen to one connection.</summary>
/// <param name="Action">Kind of failure.</param>
/// <param name="Amount">Milliseconds, bytes a second, or bytes, as the action says; 0 for those at the depth connect.</param>
/// <param name="Direction">The direction that a fault of bytes acts on.</param>
public readonly record struct ConnectionFault(ConnectionFaultAction Action, long Amount = 0, FlowDirection Direction = FlowDirection.Both)
{
    /// <summary>Connect or bytes.</summary>
    public FaultDepth Depth =>
        Action is ConnectionFaultAction.Refuse or ConnectionFaultAction.BlackHole ? FaultDepth.Connect : FaultDepth.Bytes;

    /// <summary>True for what ends a connection after so many bytes.</summary>
    internal bool Ends => Action is ConnectionFaultAction.CutAfter or ConnectionFaultAction.ResetAfter;

    internal bool ActsOn(FlowDirection direction) => Direction == FlowDirection.Both || Direction == direction;
}
