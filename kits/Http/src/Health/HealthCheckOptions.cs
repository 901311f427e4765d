namespace Microcosm.Http;

/// <summary>When a server is checked, and how many results count; the defaults are NGINX Plus'. Times are in milliseconds.</summary>
public sealed record HealthCheckOptions
{
    /// <summary>From the begin of a check to that of the next.</summary>
    public long IntervalMs { get; init; } = 5000;

    /// <summary>Each check but the first is later by up to so much, by lot.</summary>
    public long JitterMs { get; init; }

    /// <summary>A check that takes longer has failed.</summary>
    public long TimeoutMs { get; init; } = 60_000;

    /// <summary>Checks in a row that fail before the server is unhealthy.</summary>
    public int Fails { get; init; } = 1;

    /// <summary>Checks in a row that pass before it is healthy again.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>The server is not asked before its first check has passed.</summary>
    public bool IsMandatory { get; init; }
}
