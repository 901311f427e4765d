namespace Microcosm.Http;

/// <summary>What can be said of a header block of which only the first bytes are there: that a number in it is too large. Who sends one is
/// not waited for.</summary>
internal static class HpackOutline
{
    /// <summary>Throws <see cref="HpackException"/> for a number that is too large.</summary>
    public static void Check(ReadOnlySpan<byte> block)
    {
        try
        {
            var at = 0;
            while (at < block.Length)
            {
                var first = block[at];
                var index = HpackInteger.Read(block, ref at, PrefixBits(first));
                // Only literals have strings; those without an index begin with a name.
                if (first >= 0x80 || (first & 0xe0) == 0x20)
                    continue;
                if (index == 0 && !TryPassString(block, ref at))
                    return;
                if (!TryPassString(block, ref at))
                    return;
            }
        }
        catch (HpackException e) when (e.IsCutOff)
        {
            // The rest is to come.
        }
    }

    private static int PrefixBits(byte first) => first >= 0x80 ? 7 : first >= 0x40 ? 6 : first >= 0x20 ? 5 : 4;

    private static bool TryPassString(ReadOnlySpan<byte> block, ref int at)
    {
        if (at == block.Length)
            return false;
        var length = HpackInteger.Read(block, ref at, 7);
        at += length;
        return at <= block.Length;
    }
}
