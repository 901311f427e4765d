namespace Microcosm.Chubby;

/// <summary>What ends a node by itself.</summary>
internal enum LifetimeKind
{
    Persistent,

    /// <summary>The end of its session.</summary>
    Ephemeral,

    /// <summary>It had children and has none any more.</summary>
    Container,

    /// <summary>It has no children and was not changed for so long.</summary>
    Ttl,
}
