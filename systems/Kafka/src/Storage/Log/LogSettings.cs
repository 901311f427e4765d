using System.Runtime.CompilerServices;

namespace Microcosm.Kafka;

/// <summary>
/// Settings of one log, named as Kafka's topic configurations, with their defaults (LogConfig, ServerLogConfigs). Values out of range throw
/// <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
internal sealed record LogSettings
{
    /// <summary><c>segment.bytes</c>: a segment takes no batch beyond this size.</summary>
    public int SegmentBytes { get; init => field = AtLeast(value, 14); } = 1 << 30;

    /// <summary><c>segment.ms</c>: a segment whose first batch is older than this takes no more.</summary>
    public long SegmentMs { get; init => field = AtLeast(value, 1); } = 7 * DayMs;

    /// <summary><c>index.interval.bytes</c>: about one batch in so many bytes is in the index.</summary>
    public int IndexIntervalBytes { get; init => field = (int)AtLeast(value, 0); } = 4096;

    /// <summary><c>retention.ms</c>: segments all of whose records are older are deleted; -1 for never.</summary>
    public long RetentionMs { get; init => field = AtLeast(value, -1); } = 7 * DayMs;

    /// <summary><c>retention.bytes</c>: the oldest segments are deleted while as much remains; -1 for no limit.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>cleanup.policy</c> has <c>delete</c>.</summary>
    public bool IsDeleted { get; init; } = true;

    /// <summary><c>cleanup.policy</c> has <c>compact</c>.</summary>
    public bool IsCompacted { get; init; }

    /// <summary><c>delete.retention.ms</c>: how long tombstones and markers stay after their first cleaning.</summary>
    public long DeleteRetentionMs { get; init => field = AtLeast(value, 0); } = DayMs;

    /// <summary><c>min.compaction.lag.ms</c>: how old a segment's last record must be to be cleaned.</summary>
    public long MinCompactionLagMs { get; init => field = AtLeast(value, 0); }

    /// <summary><c>max.compaction.lag.ms</c>: after this it is cleaned, however little of the log is dirty.</summary>
    public long MaxCompactionLagMs { get; init => field = AtLeast(value, 1); } = long.MaxValue;

    /// <summary><c>min.cleanable.dirty.ratio</c>: share of the log that must be dirty for a cleaning, 0 to 1.</summary>
    public double MinCleanableDirtyRatio
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "between 0 and 1");
    } = 0.5;

    /// <summary><c>max.message.bytes</c>: the largest batch that a producer may send.</summary>
    public int MaxMessageBytes { get; init => field = (int)AtLeast(value, 0); } = (1 << 20) + RecordBatch.OverheadBytes;

    /// <summary><c>message.timestamp.type</c></summary>
    public TimestampType MessageTimestampType { get; init; }

    /// <summary><c>message.timestamp.before.max.ms</c>: how far a record's time may lie in the past.</summary>
    public long MessageTimestampBeforeMaxMs { get; init => field = AtLeast(value, 0); } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c>: how far in the future.</summary>
    public long MessageTimestampAfterMaxMs { get; init => field = AtLeast(value, 0); } = long.MaxValue;

    /// <summary><c>compression.type</c>; null for <c>producer</c>: batches stay as they came.</summary>
    public CompressionType? CompressionType { get; init; }

    /// <summary><c>compression.gzip.level</c> and its like, for <see cref="CompressionType"/>; null for the codec's own.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary><c>producer.id.expiration.ms</c>: a producer that wrote nothing for so long is forgotten.</summary>
    public long ProducerIdExpirationMs { get; init => field = AtLeast(value, 1); } = DayMs;

    /// <summary>Keys that one cleaning can hold, 100 bytes of memory or so each: <c>log.cleaner.dedupe.buffer.size</c> in other
    /// terms.</summary>
    public int CleanerKeysMax { get; init => field = (int)AtLeast(value, 1); } = 1_000_000;

    /// <summary>Bytes that may be synced since the last checkpoint, which bound what a recovery reads.</summary>
    public int CheckpointBytes { get; init => field = (int)AtLeast(value, 1); } = 64 << 20;

    /// <summary>A segment of so many bytes is written to so much that room is made behind it: for as much at least, five times as much at
    /// most, unless so much comes at a time.</summary>
    public int RoomBytes { get; init => field = (int)AtLeast(value, 1); } = 256 << 10;

    private const long DayMs = 24 * 60 * 60 * 1000L;

    private static long AtLeast(long value, long min, [CallerMemberName] string? name = null) =>
        value >= min ? value : throw new ArgumentOutOfRangeException(name, value, $"Value must be at least {min}");

    private static int AtLeast(int value, int min, [CallerMemberName] string? name = null) => (int)AtLeast((long)value, min, name);
}
