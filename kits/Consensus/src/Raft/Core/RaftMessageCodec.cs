using System.Buffers;
using System.Buffers.Binary;

namespace Microcosm.Consensus;

/// <summary>
/// Messages as bytes, without a frame: version, kind, flags, eleven numbers (i64), membership (u32 length), data (u32 length), entries
/// (u32 count; each term i64, kind u8, u32 length), little-endian. Every length is checked against what is there.
/// </summary>
internal static class RaftMessageCodec
{
    private const byte Version = 1;
    private const int Numbers = 11;
    private const int HeaderBytes = 3 + 8 * Numbers + 12;
    private const int EntryHeaderBytes = 13;

    /// <summary>Length of the encoding, in bytes.</summary>
    public static int EncodedBytes(RaftMessage message)
    {
        var bytes = HeaderBytes + (message.Membership?.EncodedBytes ?? 0) + message.Data.Length;
        for (var i = 0; i < message.Entries.Count; i++)
            bytes += EntryHeaderBytes + message.Entries[i].Data.Length;
        return bytes;
    }

    /// <summary>Writes a message.</summary>
    public static void Encode(RaftMessage message, IBufferWriter<byte> output)
    {
        var length = EncodedBytes(message);
        var span = output.GetSpan(length)[..length];
        span[0] = Version;
        span[1] = (byte)message.Kind;
        span[2] = (byte)((message.IsReject ? 1 : 0) | (message.IsForced ? 2 : 0) | (message.IsLast ? 4 : 0));
        ReadOnlySpan<long> numbers =
        [
            message.From, message.To, message.Term, message.Index, message.LogTerm, message.Commit, message.Round, message.Context,
            message.Offset, message.Hint, message.HintTerm,
        ];
        var at = 3;
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(span[at..], number);
            at += 8;
        }
        PutBytes(span, ref at, message.Membership is { } membership ? membership.Encode() : default(ReadOnlySpan<byte>));
        PutBytes(span, ref at, message.Data.Span);
        BinaryPrimitives.WriteInt32LittleEndian(span[at..], message.Entries.Count);
        at += 4;
        for (var i = 0; i < message.Entries.Count; i++)
        {
            var entry = message.Entries[i];
            BinaryPrimitives.WriteInt64LittleEndian(span[at..], entry.Term);
            span[at + 8] = (byte)entry.Kind;
            at += 9;
            PutBytes(span, ref at, entry.Data.Span);
        }
        output.Advance(length);
    }

    /// <summary>Reads a whole message; null if the bytes are none. Payloads are copied: the span may be used again.</summary>
    public static RaftMessage? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != Version || bytes[1] is < 1 or > (byte)MessageKind.ReadIndexResponse || bytes[2] > 7)
            return null;
        var flags = bytes[2];
        Span<long> n = stackalloc long[Numbers];
        for (var i = 0; i < Numbers; i++)
        {
            n[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(3 + 8 * i)..]);
            if (n[i] < 0 && i != 7)
                return null;
        }
        var at = 3 + 8 * Numbers;
        Membership? membership = null;
        if (!TakeBytes(bytes, ref at, out var encoded) || (encoded.Length > 0 && (membership = Membership.TryDecode(encoded)) is null)
            || !TakeBytes(bytes, ref at, out var data) || TakeEntries(bytes, ref at, n[3]) is not { } entries || at != bytes.Length)
        {
            return null;
        }
        var kind = (MessageKind)bytes[1];
        if (kind == MessageKind.Snapshot && membership is null)
            return null;
        return new RaftMessage
        {
            Kind = kind, From = n[0], To = n[1], Term = n[2], Index = n[3], LogTerm = n[4], Commit = n[5], Round = n[6], Context = n[7],
            Offset = n[8], Hint = n[9], HintTerm = n[10], IsReject = (flags & 1) != 0, IsForced = (flags & 2) != 0,
            IsLast = (flags & 4) != 0,
            Membership = membership, Data = data.ToArray(), Entries = entries,
        };
    }

    private static RaftEntry[]? TakeEntries(ReadOnlySpan<byte> bytes, ref int at, long after)
    {
        if (bytes.Length - at < 4)
            return null;
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        at += 4;
        // Each entry has at least its header: a count that the bytes cannot hold allocates nothing.
        if (count < 0 || count > (bytes.Length - at) / EntryHeaderBytes)
            return null;
        var entries = new RaftEntry[count];
        for (var i = 0; i < count; i++)
        {
            if (bytes.Length - at < EntryHeaderBytes)
                return null;
            var term = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
            var kind = (EntryKind)bytes[at + 8];
            at += 9;
            if (term <= 0 || kind > EntryKind.Membership || !TakeBytes(bytes, ref at, out var data)
                || (kind == EntryKind.Membership && Membership.TryDecode(data) is null))
            {
                return null;
            }
            entries[i] = new RaftEntry(after + 1 + i, term, kind, data.ToArray());
        }
        return entries;
    }

    private static void PutBytes(Span<byte> span, ref int at, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(span[at..], bytes.Length);
        bytes.CopyTo(span[(at + 4)..]);
        at += 4 + bytes.Length;
    }

    private static bool TakeBytes(ReadOnlySpan<byte> bytes, ref int at, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (bytes.Length - at < 4)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        if (length < 0 || length > bytes.Length - at - 4)
            return false;
        taken = bytes.Slice(at + 4, length);
        at += 4 + length;
        return true;
    }
}
