namespace Microcosm.Chubby.Etcd;

/// <summary>
/// etcdctl 3.4 writes the whole endpoint into HTTP/2's :authority, scheme and all, which Kestrel refuses as a bad host and a real etcd does
/// not look at. This finds the field in a header block and writes a host in its place. The client's later blocks name the field by its
/// place in HPACK's table (RFC 7541 2.3.2), where a shorter entry changes nothing but its size.
/// </summary>
internal static class AuthorityRepair
{
    private const int AuthorityIndex = 1;

    private static ReadOnlySpan<byte> Host => "etcd"u8;

    /// <summary>The block with a host for the first literal :authority that is none; null where there is nothing to do.</summary>
    public static byte[]? Repair(ReadOnlySpan<byte> block)
    {
        for (var at = 0; at < block.Length;)
        {
            var first = block[at];
            // RFC 7541 6.1 to 6.3: indexed; literal with a new entry; a new size of the table; literal without one.
            var (bits, isLiteral) = first >= 0x80 ? (7, false) : first >= 0x40 ? (6, true) : first >= 0x20 ? (5, false) : (4, true);
            if (!TryNumber(block, ref at, bits, out var index))
                return null;
            if (!isLiteral)
                continue;
            if (index == 0 && !TryText(block, ref at, out _))
                return null;
            var value = at;
            if (!TryText(block, ref at, out var isScheme))
                return null;
            if (index == AuthorityIndex)
                return isScheme ? [.. block[..value], (byte)Host.Length, .. Host, .. block[at..]] : null;
        }
        return null;
    }

    // RFC 7541 5.1.
    private static bool TryNumber(ReadOnlySpan<byte> block, ref int at, int bits, out int number)
    {
        number = 0;
        if (at >= block.Length)
            return false;
        var max = (1 << bits) - 1;
        number = block[at++] & max;
        if (number < max)
            return true;
        for (var shift = 0; at < block.Length && shift <= 21; shift += 7)
        {
            var next = block[at++];
            number += (next & 0x7f) << shift;
            if (next < 0x80)
                return true;
        }
        return false;
    }

    // RFC 7541 5.2. Coded by Huffman, "http" begins with 9d 29 (appendix B: h 100111, t 01001, t 01001, p 101011).
    private static bool TryText(ReadOnlySpan<byte> block, ref int at, out bool isScheme)
    {
        isScheme = false;
        if (at >= block.Length)
            return false;
        var isCoded = block[at] >= 0x80;
        if (!TryNumber(block, ref at, 7, out var length) || length > block.Length - at)
            return false;
        var text = block.Slice(at, length);
        at += length;
        isScheme = isCoded ? text.StartsWith((ReadOnlySpan<byte>)[0x9d, 0x29, 0xae]) : text.StartsWith("http"u8);
        return true;
    }
}
