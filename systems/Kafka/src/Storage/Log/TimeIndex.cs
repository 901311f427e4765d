using System.Buffers.Binary;

namespace Microcosm.Kafka;

/// <summary>
/// The largest timestamp so far at some places of a segment; Kafka's own format: timestamp (8), offset relative to the segment's of the
/// last record of the batch that has it (4). Up to that offset no record is later. Invariant: both grow from entry to entry.
/// </summary>
internal sealed class TimeIndex(LogFile file, long baseOffset)
{
    public const int EntryBytes = 12;

    public IndexFile Entries { get; } = new(file, EntryBytes);

    /// <summary>The last entry, or null.</summary>
    public (long Timestamp, long Offset)? Last => Entries.Count == 0 ? null : At(Entries.Count - 1);

    /// <summary>Adds an entry unless one with that time is there.</summary>
    public bool Add(long timestamp, long offset)
    {
        if (timestamp <= (Last?.Timestamp ?? RecordBatch.NoTimestamp))
            return false;
        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt64BigEndian(entry, timestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[8..], checked((int)(offset - baseOffset)));
        return Entries.Add(entry);
    }

    /// <summary>An offset at or before that of the first record that is not older than <paramref name="timestamp"/>.</summary>
    public long Lookup(long timestamp)
    {
        var at = Entries.CountWhile(i => At(i).Timestamp <= timestamp) - 1;
        return at < 0 ? baseOffset : At(at).Offset;
    }

    /// <summary>Forgets offsets from this one on.</summary>
    public void TruncateTo(long offset) => Entries.Truncate(Entries.CountWhile(i => At(i).Offset < offset));

    private (long Timestamp, long Offset) At(int index)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        Entries.Read(index, entry);
        return (BinaryPrimitives.ReadInt64BigEndian(entry), baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry[8..]));
    }
}
