namespace Microcosm.Kafka;

/// <summary>Whether a broker's configuration can be changed while it runs (KIP-226).</summary>
internal enum ConfigUpdate
{
    ReadOnly,

    /// <summary>Only by naming the broker.</summary>
    PerBroker,

    /// <summary>For one broker or for all.</summary>
    ClusterWide,
}
