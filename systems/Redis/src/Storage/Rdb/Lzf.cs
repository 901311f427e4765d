using System.Buffers.Binary;

namespace Microcosm.Redis;

/// <summary>
/// The LZF format of long strings in RDB files: a control byte below 32 begins a run of that many literals plus one; any other holds a
/// length (3 bits, 7 continues in the next byte) and an offset backwards (13 bits).
/// </summary>
internal static class Lzf
{
    private const int HashBits = 13;
    private const int OffsetMax = 1 << 13;
    private const int MatchMax = 264;
    private const int LiteralsMax = 32;

    /// <summary>Compresses to fewer bytes than <paramref name="to"/> has room for; 0 when it does not get that small.</summary>
    public static int Compress(ReadOnlySpan<byte> from, Span<byte> to)
    {
        Span<int> seen = stackalloc int[1 << HashBits];
        seen.Fill(-1);
        int at = 0, literals = 0, written = 0;
        while (at < from.Length)
        {
            var match = 0;
            if (at + 4 <= from.Length)
            {
                ref var slot =
                    ref seen[(int)(BinaryPrimitives.ReadUInt32LittleEndian(from[at..]) << 8 >> 8) * 40503 >>> 5 & ((1 << HashBits) - 1)];
                if (slot >= 0 && at - slot <= OffsetMax)
                    match = from[at..Math.Min(from.Length, at + MatchMax)].CommonPrefixLength(from[slot..]);
                var offset = at - slot - 1;
                slot = at;
                if (match >= 3)
                {
                    if (!Flush(from[(at - literals)..at], to, ref written) || written + 3 > to.Length)
                        return 0;
                    literals = 0;
                    var length = match - 2;
                    to[written++] = (byte)((Math.Min(length, 7) << 5) | (offset >> 8));
                    if (length >= 7)
                        to[written++] = (byte)(length - 7);
                    to[written++] = (byte)offset;
                    at += match;
                    continue;
                }
            }
            at++;
            if (++literals == LiteralsMax)
            {
                if (!Flush(from[(at - literals)..at], to, ref written))
                    return 0;
                literals = 0;
            }
        }
        return Flush(from[(at - literals)..at], to, ref written) ? written : 0;
    }

    /// <summary>Fills <paramref name="to"/> exactly; false when the input is damaged.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int at = 0, written = 0;
        while (at < from.Length)
        {
            int control = from[at++];
            if (control < LiteralsMax)
            {
                var count = control + 1;
                if (at + count > from.Length || written + count > to.Length)
                    return false;
                from.Slice(at, count).CopyTo(to[written..]);
                at += count;
                written += count;
                continue;
            }
            var length = control >> 5;
            if (length == 7 && at < from.Length)
                length += from[at++];
            if (at >= from.Length)
                return false;
            var source = written - (((control & 0x1f) << 8) | from[at++]) - 1;
            length += 2;
            if (source < 0 || written + length > to.Length)
                return false;
            // Byte by byte: a match may overlap what it makes.
            for (var i = 0; i < length; i++)
                to[written++] = to[source++];
        }
        return written == to.Length;
    }

    private static bool Flush(ReadOnlySpan<byte> literals, Span<byte> to, ref int written)
    {
        if (literals.IsEmpty)
            return true;
        if (written + literals.Length + 1 > to.Length)
            return false;
        to[written++] = (byte)(literals.Length - 1);
        literals.CopyTo(to[written..]);
        written += literals.Length;
        return true;
    }
}
