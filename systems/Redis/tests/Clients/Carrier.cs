namespace Microcosm.Redis.Tests;

/// <summary>What carries a client's bytes to a world.</summary>
public enum Carrier
{
    /// <summary>Real sockets on our own loop.</summary>
    Loop,

    /// <summary>Real sockets of Kestrel.</summary>
    Kestrel,

    /// <summary>The in-memory fabric.</summary>
    Memory,
}
