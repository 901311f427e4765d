using System.Buffers.Binary;

namespace Microcosm.Kafka;

/// <summary>
/// Where batches lie in a segment, one in every <c>index.interval.bytes</c>; Kafka's own format: last offset of the batch relative to the
/// segment's (4), position of the batch (4). Invariant: both grow from entry to entry.
/// </summary>
internal sealed class OffsetIndex(LogFile file, long baseOffset)
{
    public const int EntryBytes = 8;

    public IndexFile Entries { get; } = new(file, EntryBytes);

    public bool Add(long offset, int position)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt32BigEndian(entry, checked((int)(offset - baseOffset)));
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], position);
        return Entries.Add(entry);
    }

    /// <summary>A position at or before that of the batch with this offset.</summary>
    public int Lookup(long offset)
    {
        var at = Entries.CountWhile(i => baseOffset + At(i).Offset <= offset) - 1;
        return at < 0 ? 0 : At(at).Position;
    }

    /// <summary>Forgets batches from this position on.</summary>
    public void TruncateTo(int position) => Entries.Truncate(Entries.CountWhile(i => At(i).Position < position));

    private (int Offset, int Position) At(int index)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        Entries.Read(index, entry);
        return (BinaryPrimitives.ReadInt32BigEndian(entry), BinaryPrimitives.ReadInt32BigEndian(entry[4..]));
    }
}
