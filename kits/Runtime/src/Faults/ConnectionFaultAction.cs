namespace Microcosm.Runtime;

/// <summary>How a connection fails: when it is opened (<see cref="FaultDepth.Connect"/>), or by its bytes (<see
/// cref="FaultDepth.Bytes"/>).</summary>
public enum ConnectionFaultAction
{
    /// <summary>Nothing happens.</summary>
    None,

    /// <summary>Connect: refused. A socket is accepted by the kernel and reset at once.</summary>
    Refuse,

    /// <summary>Connect: never answered, until the rule is removed.</summary>
    BlackHole,

    /// <summary>Bytes: all arrive later by <see cref="ConnectionFault.Amount"/> milliseconds.</summary>
    Latency,

    /// <summary>Bytes: no more than <see cref="ConnectionFault.Amount"/> bytes a second.</summary>
    Throttle,

    /// <summary>Bytes: the connection ends in order once so many bytes have passed.</summary>
    CutAfter,

    /// <summary>Bytes: the connection is reset once so many bytes have passed.</summary>
    ResetAfter,
}
