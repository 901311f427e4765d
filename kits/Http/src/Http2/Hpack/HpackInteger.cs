namespace Microcosm.Http;

/// <summary>Numbers behind the first bits of a byte (RFC 7541 section 5.1).</summary>
internal static class HpackInteger
{
    /// <summary>The most bytes that one takes here.</summary>
    public const int BytesMax = 6;

    /// <summary>Reads one of <paramref name="prefixBits"/> bits and what follows. Throws <see cref="HpackException"/> where it is cut off
    /// or takes more than four bytes, which nothing here can.</summary>
    public static int Read(ReadOnlySpan<byte> from, scoped ref int at, int prefixBits)
    {
        var max = (1 << prefixBits) - 1;
        var value = from[at++] & max;
        if (value < max)
            return value;
        for (var shift = 0; ; shift += 7)
        {
            if (at == from.Length)
                throw new HpackException(HpackFault.CutOff, "a number is cut off");
            var b = from[at++];
            value += (b & 0x7f) << shift;
            if (b < 0x80)
                return value;
            if (shift == 14)
                throw new HpackException(HpackFault.Number, "a number is too large");
        }
    }

    /// <summary>Writes one and returns its length.</summary>
    /// <param name="first">What the first byte holds beside it.</param>
    public static int Write(Span<byte> to, byte first, int prefixBits, int value)
    {
        var max = (1 << prefixBits) - 1;
        if (value < max)
        {
            to[0] = (byte)(first | value);
            return 1;
        }
        to[0] = (byte)(first | max);
        var at = 1;
        for (value -= max; value >= 0x80; value >>= 7)
            to[at++] = (byte)(value | 0x80);
        to[at++] = (byte)value;
        return at;
    }
}
