namespace Microcosm.Kafka;

/// <summary>Which configurations a topic has, with their types, limits and defaults (Kafka's LogConfig).</summary>
internal static class TopicConfigs
{
    public const string UncleanElection = "unclean.leader.election.enable";

    private const string Longest = "9223372036854775807";

    private static readonly string[] Compressions = ["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"];

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, ConfigKey> All { get; } = new[]
    {
        ConfigKey.List("cleanup.policy", "delete", "What becomes of old segments: deleted, compacted, or both.", "compact", "delete"),
        ConfigKey.Int("compression.gzip.level", "-1", -1, "Level of gzip; -1 is the codec's own.", 9),
        ConfigKey.Int("compression.lz4.level", "9", 1, "Level of lz4.", 17),
        ConfigKey.Text("compression.type", "producer", "Codec of stored batches; 'producer' keeps the producer's.", Compressions),
        ConfigKey.Int("compression.zstd.level", "3", -131072, "Level of zstd.", 22),
        ConfigKey.Long("delete.retention.ms", "86400000", 0, "How long compaction keeps tombstones."),
        ConfigKey.Long("file.delete.delay.ms", "60000", 0, "How long a deleted segment's files stay."),
        ConfigKey.Long("flush.messages", Longest, 1, "Records after which the log is synced."),
        ConfigKey.Long("flush.ms", Longest, 0, "Time after which the log is synced."),
        ConfigKey.List("follower.replication.throttled.replicas", "", "Replicas whose fetching is throttled: partition:broker, or *."),
        ConfigKey.Int("index.interval.bytes", "4096", 0, "Bytes of log for each entry of its index."),
        ConfigKey.List("leader.replication.throttled.replicas", "", "Replicas that are served under a throttle: partition:broker, or *."),
        ConfigKey.Long("max.compaction.lag.ms", Longest, 1, "Age at which a record is compacted however little is dirty."),
        ConfigKey.Int("max.message.bytes", "1048588", 0, "Largest batch that is taken."),
        ConfigKey.Flag("message.downconversion.enable", "true", "Whether batches are converted for old consumers."),
        ConfigKey.Long("message.timestamp.after.max.ms", Longest, 0, "How far ahead of the broker's clock a record's time may be."),
        ConfigKey.Long("message.timestamp.before.max.ms", Longest, 0, "How far behind the broker's clock a record's time may be."),
        ConfigKey.Text("message.timestamp.type", "CreateTime", "Whose time records bear.", "CreateTime", "LogAppendTime"),
        ConfigKey.Double("min.cleanable.dirty.ratio", "0.5", 0, 1, "Share of the log that must be dirty for a compaction."),
        ConfigKey.Long("min.compaction.lag.ms", "0", 0, "Age that a record reaches uncompacted."),
        ConfigKey.Int("min.insync.replicas", "1", 1, "Replicas that must be in sync for acks=all to be taken."),
        ConfigKey.Flag("preallocate", "false", "Whether a segment's file is made at its full size."),
        ConfigKey.Long("retention.bytes", "-1", long.MinValue, "Size of a partition above which old segments go; -1 for any."),
        ConfigKey.Long("retention.ms", "604800000", -1, "Age at which segments go; -1 for never."),
        ConfigKey.Int("segment.bytes", "1073741824", 14, "Size of a segment."),
        ConfigKey.Int("segment.index.bytes", "10485760", 4, "Size of a segment's offset index."),
        ConfigKey.Long("segment.jitter.ms", "0", 0, "Most that is taken from segment.ms at random."),
        ConfigKey.Long("segment.ms", "604800000", 1, "Age at which a segment is closed though not full."),
        ConfigKey.Flag(UncleanElection, "false", "Whether a replica that is not in sync may lead, losing records."),
    }.ToDictionary(c => c.Name, StringComparer.Ordinal);

    /// <summary>Null if the topic may have this configuration; else Kafka's words.</summary>
    public static string? WhyInvalid(string name, string value) =>
        All.TryGetValue(name, out var config) ? config.WhyInvalid(value) : $"Unknown topic config name: {name}";
}
