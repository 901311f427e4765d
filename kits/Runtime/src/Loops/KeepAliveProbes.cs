namespace Microcosm.Runtime;

/// <summary>TCP keepalive; a value of 0 leaves the system's.</summary>
/// <param name="IsOn">SO_KEEPALIVE.</param>
/// <param name="IdleSeconds">Silence before the first probe.</param>
/// <param name="IntervalSeconds">Between probes.</param>
/// <param name="Count">Probes without an answer that end the connection.</param>
public readonly record struct KeepAliveProbes(bool IsOn, int IdleSeconds = 0, int IntervalSeconds = 0, int Count = 0);
