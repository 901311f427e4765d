using System.Globalization;

namespace Microcosm.Kafka;

/// <summary>A topic's log settings from its configurations and those of the broker that holds the log.</summary>
internal static class TopicLogSettings
{
    // What the cleaner's memory of one key takes, about.
    private const int KeyBytes = 128;

    public static LogSettings Of(DynamicBrokerConfig broker, string topic)
    {
        var policy = ConfigKey.Items(Text("cleanup.policy"));
        var compression = Text("compression.type");
        return new()
        {
            SegmentBytes = Int("segment.bytes"),
            SegmentMs = Long("segment.ms"),
            IndexIntervalBytes = Int("index.interval.bytes"),
            RetentionMs = Long("retention.ms"),
            RetentionBytes = Long("retention.bytes"),
            IsDeleted = policy.Contains("delete"),
            IsCompacted = policy.Contains("compact"),
            DeleteRetentionMs = Long("delete.retention.ms"),
            MinCompactionLagMs = Long("min.compaction.lag.ms"),
            MaxCompactionLagMs = Long("max.compaction.lag.ms"),
            MinCleanableDirtyRatio = double.Parse(Text("min.cleanable.dirty.ratio"), CultureInfo.InvariantCulture),
            MaxMessageBytes = Int("max.message.bytes"),
            MessageTimestampType = Enum.Parse<TimestampType>(Text("message.timestamp.type")),
            MessageTimestampBeforeMaxMs = Long("message.timestamp.before.max.ms"),
            MessageTimestampAfterMaxMs = Long("message.timestamp.after.max.ms"),
            CompressionType = Codec(compression),
            CompressionLevel = compression is "gzip" or "lz4" or "zstd" && Int($"compression.{compression}.level") is var level and not -1
                ? level : null,
            ProducerIdExpirationMs = Number(broker.Value("producer.id.expiration.ms")!),
            CleanerKeysMax = (int)Math.Clamp(Number(broker.Value("log.cleaner.dedupe.buffer.size")!) / KeyBytes, 1, int.MaxValue),
            RoomBytes = broker.Options.RoomBytes,
        };

        string Text(string name) => broker.TopicValue(topic, name);
        long Long(string name) => Number(Text(name));
        int Int(string name) => (int)Long(name);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static CompressionType? Codec(string name) => name switch
    {
        "uncompressed" => CompressionType.None,
        "gzip" => CompressionType.Gzip,
        "snappy" => CompressionType.Snappy,
        "lz4" => CompressionType.Lz4,
        "zstd" => CompressionType.Zstd,
        _ => null,
    };
}
