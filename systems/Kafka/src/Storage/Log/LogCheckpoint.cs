namespace Microcosm.Kafka;

/// <summary>A segment: its size in bytes, and the entries of its indexes. What its files hold beyond these means nothing.</summary>
internal readonly record struct SegmentState(long BaseOffset, int Size, int OffsetEntries, int TimeEntries, int AbortedEntries);

/// <summary>
/// What is known for certain of a log, so that opening it need not read it. Everything below the recovery point is on the disk, indexes and
/// producers' snapshot included; only what lies behind it may be torn. Big-endian: version (1), topic id (16), eight numbers (8 each: log
/// start, high watermark, first dirty offset, recovery offset, largest timestamp and its offset, offset of the snapshot, of the change),
/// the active segment (24), count (4) and entries (12) of epochs, count and entries (24) of sealed segments, the change under way (1),
/// count and base offsets (8) of the segments that it concerns.
/// </summary>
internal sealed record LogCheckpoint
{
    private const sbyte Version = 1;

    /// <summary>Which topic the log is of; empty if nobody said.</summary>
    public Guid TopicId { get; init; }

    public long LogStartOffset { get; init; }

    /// <summary>The high watermark when this was saved: the one since then is not lower.</summary>
    public long HighWatermark { get; init; }

    /// <summary>First offset that no cleaning has seen.</summary>
    public long FirstDirtyOffset { get; init; }

    /// <summary>The log's end when this was saved.</summary>
    public long RecoveryOffset { get; init; }

    /// <summary>The segment in which that is, up to there.</summary>
    public SegmentState Active { get; init; }

    /// <summary>Largest timestamp of that segment, and where.</summary>
    public (long Timestamp, long Offset) Max { get; init; } = (RecordBatch.NoTimestamp, -1);

    /// <summary>The recovery point if there is a snapshot of producers there; -1 if there were none.</summary>
    public long SnapshotOffset { get; init; } = -1;

    public IReadOnlyList<EpochEntry> Epochs { get; init; } = [];

    /// <summary>The segments before that one.</summary>
    public IReadOnlyList<SegmentState> Sealed { get; init; } = [];

    /// <summary>What recovery has to carry through first.</summary>
    public LogChange Change { get; init; }

    /// <summary>Where a reset log begins; the base offset of a segment that is swapped in.</summary>
    public long ChangeOffset { get; init; }

    /// <summary>The segments that one takes the place of.</summary>
    public IReadOnlyList<long> Replaced { get; init; } = [];

    public byte[] Encode()
    {
        var writer = new MessageWriter(isFlexible: false);
        writer.WriteInt8(Version);
        writer.WriteUuid(TopicId);
        ReadOnlySpan<long> values = [LogStartOffset, HighWatermark, FirstDirtyOffset, RecoveryOffset, Max.Timestamp, Max.Offset,
            SnapshotOffset, ChangeOffset];
        foreach (var value in values)
            writer.WriteInt64(value);
        Write(writer, Active);
        writer.WriteCount(Epochs.Count);
        foreach (var (epoch, start) in Epochs)
        {
            writer.WriteInt32(epoch);
            writer.WriteInt64(start);
        }
        writer.WriteCount(Sealed.Count);
        foreach (var segment in Sealed)
            Write(writer, segment);
        writer.WriteInt8((sbyte)Change);
        writer.WriteCount(Replaced.Count);
        foreach (var offset in Replaced)
            writer.WriteInt64(offset);
        return writer.ToArray();
    }

    /// <summary>Null if the bytes are of a version that is not known.</summary>
    public static LogCheckpoint? Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes, 0, isFlexible: false);
        if (reader.Left == 0 || reader.ReadInt8() != Version)
            return null;
        var topicId = reader.ReadUuid();
        var (start, highWatermark, firstDirty) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        var recovery = reader.ReadInt64();
        var max = (reader.ReadInt64(), reader.ReadInt64());
        var (snapshot, change) = (reader.ReadInt64(), reader.ReadInt64());
        var active = ReadSegment(ref reader);
        var epochs = new EpochEntry[reader.ReadCount(elementBytesMin: 12)];
        for (var i = 0; i < epochs.Length; i++)
            epochs[i] = new EpochEntry(reader.ReadInt32(), reader.ReadInt64());
        var segments = new SegmentState[reader.ReadCount(elementBytesMin: 24)];
        for (var i = 0; i < segments.Length; i++)
            segments[i] = ReadSegment(ref reader);
        var kind = (LogChange)reader.ReadInt8();
        var replaced = new long[reader.ReadCount(elementBytesMin: 8)];
        for (var i = 0; i < replaced.Length; i++)
            replaced[i] = reader.ReadInt64();
        return new LogCheckpoint
        {
            TopicId = topicId,
            LogStartOffset = start,
            HighWatermark = highWatermark,
            FirstDirtyOffset = firstDirty,
            RecoveryOffset = recovery,
            Active = active,
            Max = max,
            SnapshotOffset = snapshot,
            Epochs = epochs,
            Sealed = segments,
            Change = kind,
            ChangeOffset = change,
            Replaced = replaced,
        };
    }

    private static void Write(MessageWriter writer, SegmentState segment)
    {
        writer.WriteInt64(segment.BaseOffset);
        writer.WriteInt32(segment.Size);
        writer.WriteInt32(segment.OffsetEntries);
        writer.WriteInt32(segment.TimeEntries);
        writer.WriteInt32(segment.AbortedEntries);
    }

    private static SegmentState ReadSegment(ref MessageReader reader) =>
        new(reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
}
