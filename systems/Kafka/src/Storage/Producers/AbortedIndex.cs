using System.Buffers.Binary;

namespace Microcosm.Kafka;

/// <summary>
/// The aborted transactions whose markers lie in one segment (Kafka's TransactionIndex and its format): version (2), producer id (8), first
/// offset (8), last offset (8), last stable offset (8). Invariant: last offsets grow from entry to entry.
/// </summary>
internal sealed class AbortedIndex(LogFile file)
{
    private const int EntryBytes = 34;

    public IndexFile Entries { get; } = new(file, EntryBytes);

    public bool Add(AbortedTransaction aborted)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt16BigEndian(entry, 0);
        BinaryPrimitives.WriteInt64BigEndian(entry[2..], aborted.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(entry[10..], aborted.FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[18..], aborted.LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], aborted.LastStableOffset);
        return Entries.Add(entry);
    }

    /// <summary>Adds those that overlap with a range to <paramref name="found"/>. True if none of a later segment can.</summary>
    /// <param name="to">Exclusive.</param>
    public bool Collect(long from, long to, List<AbortedTransaction> found)
    {
        for (var i = 0; i < Entries.Count; i++)
        {
            var aborted = At(i);
            if (aborted.LastOffset >= from && aborted.FirstOffset < to)
                found.Add(aborted);
            if (aborted.LastStableOffset >= to)
                return true;
        }
        return false;
    }

    /// <summary>Forgets markers from this offset on.</summary>
    public void TruncateTo(long offset)
    {
        var count = Entries.Count;
        while (count > 0 && At(count - 1).LastOffset >= offset)
            count--;
        Entries.Truncate(count);
    }

    private AbortedTransaction At(int index)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        Entries.Read(index, entry);
        return new AbortedTransaction(BinaryPrimitives.ReadInt64BigEndian(entry[2..]), BinaryPrimitives.ReadInt64BigEndian(entry[10..]),
            BinaryPrimitives.ReadInt64BigEndian(entry[18..]), BinaryPrimitives.ReadInt64BigEndian(entry[26..]));
    }
}
