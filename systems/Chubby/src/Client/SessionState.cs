namespace Microcosm.Chubby.Client;

/// <summary>What a client knows of its session (OSDI'06 2.8).</summary>
public enum SessionState
{
    /// <summary>The lease holds: the cache may be used.</summary>
    Safe,

    /// <summary>The lease is over by the own clock, and no master has renewed it: the cache is empty, calls wait.</summary>
    Jeopardy,

    /// <summary>The grace period is over as well, or a master said so: handles and locks are gone.</summary>
    Expired,
}
