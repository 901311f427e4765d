using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// An entry as a record of the log, whose sequence number is the entry's index: version (u8), kind (u8), term (i64), the commit index that
/// the member knew when it wrote this (i64), payload; little-endian. Length and checksum are the log's.
/// </summary>
internal static class EntryRecord
{
    public const int HeadBytes = 18;

    private const byte Version = 1;

    public static void PutHead(Span<byte> head, RaftEntry entry, long commit)
    {
        head[0] = Version;
        head[1] = (byte)entry.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[2..], entry.Term);
        BinaryPrimitives.WriteInt64LittleEndian(head[10..], commit);
    }

    /// <summary>Reads a record; its payload is copied.</summary>
    public static (RaftEntry Entry, long Commit) Read(long index, ReadOnlySpan<byte> record)
    {
        Invariant.Check(record.Length >= HeadBytes && record[0] == Version && record[1] <= (byte)EntryKind.Membership,
            "the log has entries of this version");
        var entry = new RaftEntry(index, BinaryPrimitives.ReadInt64LittleEndian(record[2..]), (EntryKind)record[1],
            record[HeadBytes..].ToArray());
        return (entry, BinaryPrimitives.ReadInt64LittleEndian(record[10..]));
    }
}
