namespace Microcosm.Runtime;

/// <summary>Where a fault takes hold.</summary>
public enum FaultDepth
{
    /// <summary>When a connection is opened: refuse it, or let it hang (black hole).</summary>
    Connect,

    /// <summary>On a connection's bytes: latency, throttling, cut after N bytes, reset.</summary>
    Bytes,

    /// <summary>On one protocol operation: refuse it, drop its reply after it was applied, delay it, close before or after it.</summary>
    Operation,

    /// <summary>On nodes, zones or regions: kill, pause, crash with torn writes, clock skew.</summary>
    Node,
}
