namespace Microcosm.Kafka;

/// <summary>Kafka's codes of how an ACL names its resources (KIP-290).</summary>
internal enum PatternType : byte
{
    Unknown = 0,

    /// <summary>Of filters only: any pattern of exactly this name.</summary>
    Any = 1,

    /// <summary>Of filters only: every pattern that covers the resource of this name.</summary>
    Match = 2,
    Literal = 3,
    Prefixed = 4,
}
