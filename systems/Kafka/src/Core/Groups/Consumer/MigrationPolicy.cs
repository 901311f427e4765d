namespace Microcosm.Kafka;

/// <summary>group.consumer.migration.policy: which groups in use may change their kind.</summary>
[Flags]
internal enum MigrationPolicy
{
    Disabled = 0,

    /// <summary>A classic group becomes a consumer group when a member of KIP-848 joins it.</summary>
    Upgrade = 1,

    /// <summary>A consumer group becomes a classic group when its last member of KIP-848 is gone.</summary>
    Downgrade = 2,

    Bidirectional = Upgrade | Downgrade,
}
