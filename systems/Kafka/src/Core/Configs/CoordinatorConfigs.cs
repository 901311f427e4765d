namespace Microcosm.Kafka;

/// <summary>A broker's configurations of groups and transactions.</summary>
internal static class CoordinatorConfigs
{
    public const string InitialRebalanceDelay = "group.initial.rebalance.delay.ms";
    public const string OffsetsTopicReplication = "offsets.topic.replication.factor";
    public const string TransactionLogReplication = "transaction.state.log.replication.factor";
    public const string TransactionLogMinIsr = "transaction.state.log.min.isr";

    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        // Kafka's is 3000: a group of a test would wait that long for members that do not come.
        ConfigKey.Int(InitialRebalanceDelay, "0", 0, "How long a new group waits for more members."),
        ConfigKey.Int("group.min.session.timeout.ms", "6000", 0, "Shortest session of a member of a classic group."),
        ConfigKey.Int("group.max.session.timeout.ms", "1800000", 0, "Longest session of a member of a classic group."),
        ConfigKey.Int("group.max.size", "2147483647", 1, "Members of a classic group."),
        ConfigKey.List("group.coordinator.rebalance.protocols", "classic,consumer", "Kinds of group.", "classic", "consumer", "share"),
        ConfigKey.Int("group.consumer.session.timeout.ms", "45000", 1, "Session of a member of a consumer group (KIP-848)."),
        ConfigKey.Int("group.consumer.min.session.timeout.ms", "45000", 1, "Shortest one."),
        ConfigKey.Int("group.consumer.max.session.timeout.ms", "60000", 1, "Longest one."),
        ConfigKey.Int("group.consumer.heartbeat.interval.ms", "5000", 1, "Time between their heartbeats."),
        ConfigKey.Int("group.consumer.min.heartbeat.interval.ms", "5000", 1, "Shortest one."),
        ConfigKey.Int("group.consumer.max.heartbeat.interval.ms", "15000", 1, "Longest one."),
        ConfigKey.Int("group.consumer.max.size", "2147483647", 1, "Members of a consumer group."),
        ConfigKey.List("group.consumer.assignors", "uniform,range", "Ways of assigning that the coordinator can do.", "uniform", "range"),
        ConfigKey.Text("group.consumer.migration.policy", "bidirectional", "Whether groups with members change their kind.",
            "DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL") with { IgnoresCase = true },
        ConfigKey.Int("offset.metadata.max.bytes", "4096", 0, "Longest metadata of a committed offset."),
        ConfigKey.Int("offsets.commit.timeout.ms", "5000", 1, "How long a commit waits for replicas."),
        ConfigKey.Int("offsets.load.buffer.size", "5242880", 1, "Bytes read at once when offsets are loaded."),
        ConfigKey.Int("offsets.retention.minutes", "10080", 1, "How long offsets outlive the last member of their group."),
        ConfigKey.Long("offsets.retention.check.interval.ms", "600000", 1, "Time between looks for such offsets."),
        ConfigKey.Int("offsets.topic.num.partitions", "50", 1, "Partitions of __consumer_offsets."),
        Replication(OffsetsTopicReplication, "Replicas of __consumer_offsets."),
        ConfigKey.Int("offsets.topic.segment.bytes", "104857600", 1, "segment.bytes of __consumer_offsets."),
        ConfigKey.Int("offsets.topic.compression.codec", "0", 0, "Codec of __consumer_offsets; 0 for none.", 0),
        ConfigKey.Int("transaction.max.timeout.ms", "900000", 1, "Longest time-out that a producer may ask for."),
        ConfigKey.Int("transactional.id.expiration.ms", "604800000", 1, "Silence after which a transactional id is forgotten."),
        ConfigKey.Int("transaction.state.log.num.partitions", "50", 1, "Partitions of __transaction_state."),
        Replication(TransactionLogReplication, "Replicas of __transaction_state."),
        ConfigKey.Int(TransactionLogMinIsr, "2", 1, "min.insync.replicas of __transaction_state."),
        ConfigKey.Int("transaction.state.log.segment.bytes", "104857600", 1, "segment.bytes of __transaction_state."),
        ConfigKey.Int("transaction.state.log.load.buffer.size", "5242880", 1, "Bytes read at once when transactions are loaded."),
        ConfigKey.Int("transaction.abort.timed.out.transaction.cleanup.interval.ms", "10000", 1,
            "Time between looks for timed-out transactions."),
        ConfigKey.Int("transaction.remove.expired.transaction.cleanup.interval.ms", "3600000", 1, "Time between looks for expired ids."),
    ];

    private static ConfigKey Replication(string name, string doc) =>
        new(name, ConfigType.Short, "3", doc) { Low = 1, High = short.MaxValue };
}
