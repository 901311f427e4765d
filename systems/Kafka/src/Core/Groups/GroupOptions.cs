namespace Microcosm.Kafka;

/// <summary>The broker's settings that groups obey, as Kafka names them. Times in ms.</summary>
internal sealed record GroupOptions
{
    /// <summary>group.initial.rebalance.delay.ms. Kafka's default is 3000; ours is 0, because a world is for tests.</summary>
    public int InitialRebalanceDelayMs { get; init; }

    public int MinSessionTimeoutMs { get; init; } = 6_000;

    public int MaxSessionTimeoutMs { get; init; } = 1_800_000;

    /// <summary>group.max.size.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>offset.metadata.max.bytes, of the UTF-8 text.</summary>
    public int OffsetMetadataMaxBytes { get; init; } = 4_096;

    /// <summary>offsets.retention.minutes, in ms: how long offsets outlive the last member of their group.</summary>
    public long OffsetsRetentionMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>offsets.retention.check.interval.ms.</summary>
    public int OffsetsRetentionCheckMs { get; init; } = 600_000;

    /// <summary>group.consumer.session.timeout.ms.</summary>
    public int ConsumerSessionTimeoutMs { get; init; } = 45_000;

    /// <summary>group.consumer.heartbeat.interval.ms.</summary>
    public int ConsumerHeartbeatIntervalMs { get; init; } = 5_000;

    /// <summary>group.consumer.max.size.</summary>
    public int ConsumerMaxSize { get; init; } = int.MaxValue;

    /// <summary>group.consumer.assignors; the first is for groups whose members have no wish.</summary>
    public IReadOnlyList<IConsumerAssignor> ConsumerAssignors { get; init; } = [new UniformAssignor(), new RangeAssignor()];

    /// <summary>group.consumer.migration.policy.</summary>
    public MigrationPolicy MigrationPolicy { get; init; } = MigrationPolicy.Bidirectional;

    /// <summary>How long a new member may wait in its first rebalance: its client may be gone and cannot heartbeat yet.</summary>
    public int NewMemberJoinTimeoutMs { get; init; } = 300_000;
}
