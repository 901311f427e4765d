namespace Microcosm.Kafka;

/// <summary>The topics that brokers keep for themselves.</summary>
internal static class InternalTopics
{
    public const string ConsumerOffsets = "__consumer_offsets";
    public const string TransactionState = "__transaction_state";

    public static bool Contains(string topic) => topic is ConsumerOffsets or TransactionState;

    /// <summary>Partitions, replicas and configurations with which the topic is created.</summary>
    public static (int Partitions, int Replicas, IReadOnlyList<(string Name, string? Value)> Configs) Of(
        string topic, KafkaOptions options) =>
        topic == ConsumerOffsets
            ? (options.OffsetsTopicNumPartitions, options.OffsetsTopicReplicationFactor,
                [("cleanup.policy", "compact"), ("compression.type", "producer"),
                    ("segment.bytes", options["offsets.topic.segment.bytes"])])
            : (options.TransactionStateLogNumPartitions, options.TransactionStateLogReplicationFactor,
                [("cleanup.policy", "compact"), ("compression.type", "uncompressed"),
                    ("min.insync.replicas", options[CoordinatorConfigs.TransactionLogMinIsr]),
                    ("segment.bytes", options["transaction.state.log.segment.bytes"]), (TopicConfigs.UncleanElection, "false")]);
}
