namespace Microcosm.Kafka;

/// <summary>Where a topic's configuration comes from if the topic does not say: the first of the broker's that has a value.</summary>
internal static class TopicSynonyms
{
    private const long Minute = 60_000, Hour = 60 * Minute;

    private static readonly Dictionary<string, ConfigSynonym[]> All = new(StringComparer.Ordinal)
    {
        ["cleanup.policy"] = [new("log.cleanup.policy")],
        ["compression.gzip.level"] = [new("compression.gzip.level")],
        ["compression.lz4.level"] = [new("compression.lz4.level")],
        ["compression.type"] = [new("compression.type")],
        ["compression.zstd.level"] = [new("compression.zstd.level")],
        ["delete.retention.ms"] = [new("log.cleaner.delete.retention.ms")],
        ["file.delete.delay.ms"] = [new("log.segment.delete.delay.ms")],
        ["flush.messages"] = [new("log.flush.interval.messages")],
        ["flush.ms"] = [new("log.flush.interval.ms"), new("log.flush.scheduler.interval.ms")],
        ["index.interval.bytes"] = [new("log.index.interval.bytes")],
        ["max.compaction.lag.ms"] = [new("log.cleaner.max.compaction.lag.ms")],
        ["max.message.bytes"] = [new("message.max.bytes")],
        ["message.downconversion.enable"] = [new("log.message.downconversion.enable")],
        ["message.timestamp.after.max.ms"] = [new("log.message.timestamp.after.max.ms")],
        ["message.timestamp.before.max.ms"] = [new("log.message.timestamp.before.max.ms")],
        ["message.timestamp.type"] = [new("log.message.timestamp.type")],
        ["min.cleanable.dirty.ratio"] = [new("log.cleaner.min.cleanable.ratio")],
        ["min.compaction.lag.ms"] = [new("log.cleaner.min.compaction.lag.ms")],
        ["min.insync.replicas"] = [new("min.insync.replicas")],
        ["preallocate"] = [new("log.preallocate")],
        ["retention.bytes"] = [new("log.retention.bytes")],
        ["retention.ms"] = [new("log.retention.ms"), new("log.retention.minutes", Minute), new("log.retention.hours", Hour)],
        ["segment.bytes"] = [new("log.segment.bytes")],
        ["segment.index.bytes"] = [new("log.index.size.max.bytes")],
        ["segment.jitter.ms"] = [new("log.roll.jitter.ms"), new("log.roll.jitter.hours", Hour)],
        ["segment.ms"] = [new("log.roll.ms"), new("log.roll.hours", Hour)],
        [TopicConfigs.UncleanElection] = [new(TopicConfigs.UncleanElection)],
    };

    /// <summary>In the order in which they count; empty for what only a topic has.</summary>
    public static IReadOnlyList<ConfigSynonym> Of(string topicName) => All.TryGetValue(topicName, out var synonyms) ? synonyms : [];
}
