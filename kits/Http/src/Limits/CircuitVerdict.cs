namespace Microcosm.Http;

/// <summary>Whether a cluster may have one more of something under way.</summary>
public enum CircuitVerdict : byte
{
    /// <summary>It may, and it counts from now on.</summary>
    Admitted,

    /// <summary>There are as many connections as there may be: the request waits for one of them.</summary>
    ConnectionOverflow,

    /// <summary>As many requests wait as may: this one is refused (Envoy's 503 with x-envoy-overloaded).</summary>
    PendingOverflow,

    /// <summary>As many requests are under way as may be: this one is refused.</summary>
    RequestOverflow,

    /// <summary>As many retries are under way as may be: what the first try came to is the answer.</summary>
    RetryOverflow,
}
