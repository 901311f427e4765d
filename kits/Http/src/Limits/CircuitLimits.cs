namespace Microcosm.Http;

/// <summary>How much a cluster may have under way at a time; the defaults are Envoy's (circuit_breakers.thresholds).</summary>
public sealed record CircuitLimits
{
    /// <summary>Connections to all its servers (max_connections).</summary>
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>Requests that wait for a connection (max_pending_requests).</summary>
    public int PendingMax { get; init; } = 1024;

    /// <summary>Requests under way, those that wait not among them (max_requests).</summary>
    public int RequestsMax { get; init; } = 1024;

    /// <summary>Retries under way (max_retries); not looked at where there is a budget.</summary>
    public int RetriesMax { get; init; } = 3;
}
