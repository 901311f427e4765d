namespace Microcosm.Kafka;

/// <summary>
/// A broker's configurations of its logs. Most are what topics have that do not say otherwise (<see cref="TopicSynonyms"/>).
/// </summary>
internal static class ServerLogConfigs
{
    private const string Longest = "9223372036854775807";

    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        ConfigKey.Text("log.dir", null, "Where logs lie, if log.dirs does not say.").AsFact(),
        ConfigKey.Text("log.dirs", null, "Where logs lie.").AsFact(),
        ConfigKey.Int("num.partitions", "1", 1, "Partitions of a topic that is created without saying how many."),
        ConfigKey.Flag("auto.create.topics.enable", "true", "Whether asking for a topic creates it."),
        ConfigKey.Flag("delete.topic.enable", "true", "Whether topics can be deleted."),
        ConfigKey.Int("message.max.bytes", "1048588", 0, Default("max.message.bytes")).ForAllBrokers(),
        ConfigKey.Int("min.insync.replicas", "1", 1, Default("min.insync.replicas")).ForAllBrokers(),
        OfTopic("cleanup.policy", "log.cleanup.policy"),
        OfTopic("compression.type", "compression.type"),
        OfTopic("compression.gzip.level", "compression.gzip.level"),
        OfTopic("compression.lz4.level", "compression.lz4.level"),
        OfTopic("compression.zstd.level", "compression.zstd.level"),
        OfTopic("segment.bytes", "log.segment.bytes"),
        OfTopic("segment.index.bytes", "log.index.size.max.bytes"),
        OfTopic("index.interval.bytes", "log.index.interval.bytes"),
        OfTopic("retention.bytes", "log.retention.bytes"),
        OfTopic("file.delete.delay.ms", "log.segment.delete.delay.ms"),
        OfTopic("flush.messages", "log.flush.interval.messages"),
        OfTopic("preallocate", "log.preallocate"),
        OfTopic("message.downconversion.enable", "log.message.downconversion.enable"),
        OfTopic("message.timestamp.type", "log.message.timestamp.type"),
        OfTopic("message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms"),
        OfTopic("message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms"),
        OfTopic(TopicConfigs.UncleanElection, TopicConfigs.UncleanElection),
        OfTopic("min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio"),
        OfTopic("delete.retention.ms", "log.cleaner.delete.retention.ms"),
        OfTopic("min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms"),
        OfTopic("max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms"),
        ConfigKey.Long("log.retention.ms", null, -1, Default("retention.ms")).ForAllBrokers(),
        ConfigKey.Int("log.retention.minutes", null, int.MinValue, "log.retention.ms in minutes, where that is not set."),
        ConfigKey.Int("log.retention.hours", "168", int.MinValue, "log.retention.ms in hours, where neither is set."),
        ConfigKey.Long("log.roll.ms", null, 1, Default("segment.ms")).ForAllBrokers(),
        ConfigKey.Int("log.roll.hours", "168", 1, "log.roll.ms in hours, where that is not set."),
        ConfigKey.Long("log.roll.jitter.ms", null, 0, Default("segment.jitter.ms")).ForAllBrokers(),
        ConfigKey.Int("log.roll.jitter.hours", "0", 0, "log.roll.jitter.ms in hours, where that is not set."),
        ConfigKey.Long("log.flush.interval.ms", null, 0, Default("flush.ms")).ForAllBrokers(),
        ConfigKey.Long("log.flush.scheduler.interval.ms", Longest, 0, "log.flush.interval.ms, where that is not set."),
        ConfigKey.Int("log.flush.offset.checkpoint.interval.ms", "60000", 0, "Time between checkpoints of what is synced."),
        ConfigKey.Int("log.flush.start.offset.checkpoint.interval.ms", "60000", 0, "Time between checkpoints of where logs start."),
        ConfigKey.Long("log.retention.check.interval.ms", "300000", 1, "Time between looks for segments to delete."),
        ConfigKey.Int("num.recovery.threads.per.data.dir", "2", 1, "Threads of a recovery; here for clients that ask.").ForAllBrokers(),
        ConfigKey.Flag("log.cleaner.enable", "true", "Whether logs are compacted."),
        ConfigKey.Int("log.cleaner.threads", "1", 0, "Cleaners at work; here for clients that ask.").ForAllBrokers(),
        ConfigKey.Long("log.cleaner.backoff.ms", "15000", 0, "Rest of a cleaner that found nothing to do.").ForAllBrokers(),
        ConfigKey.Long("log.cleaner.dedupe.buffer.size", "134217728", 0, "Memory for the keys of a cleaning.").ForAllBrokers(),
        ConfigKey.Int("log.cleaner.io.buffer.size", "524288", 0, "Memory for reading and writing of a cleaning.").ForAllBrokers(),
        ConfigKey.Double("log.cleaner.io.buffer.load.factor", "0.9", 0, 1, "How full the keys' memory may get.").ForAllBrokers(),
        ConfigKey.Double("log.cleaner.io.max.bytes.per.second", "1.7976931348623157E308", 0, double.PositiveInfinity,
            "Bytes a second that cleaning may read and write.").ForAllBrokers(),
        ConfigKey.Int("producer.id.expiration.ms", "86400000", 1,
            "Silence after which an idempotent producer is forgotten.").ForAllBrokers(),
        ConfigKey.Flag("transaction.partition.verification.enable", "true",
            "Whether a partition asks the coordinator before it takes a transaction's first records.").ForAllBrokers(),
    ];

    private static ConfigKey OfTopic(string topicName, string name) =>
        TopicConfigs.All[topicName] with { Name = name, Documentation = Default(topicName), Update = ConfigUpdate.ClusterWide };

    private static string Default(string topicName) => $"{topicName} of topics that do not say otherwise.";
}
