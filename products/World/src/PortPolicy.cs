namespace Microcosm;

/// <summary>Which real ports nodes get.</summary>
public enum PortPolicy
{
    /// <summary>Free ones: for tests, which may run side by side.</summary>
    Ephemeral,

    /// <summary>The peers' usual ones (Redis 6379), and a free one where that is taken.</summary>
    Usual,

    /// <summary>None: clients join in memory.</summary>
    None,
}
