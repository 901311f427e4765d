using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The Huffman code of header strings (RFC 7541 section 5.2, appendix B). It is canonical: codes of one length follow one another in the
/// order of their symbols, the shorter ones first, so that the lengths say all.
/// </summary>
internal static class HuffmanCode
{
    private const int EndOfString = 256;
    private const int TableSize = 256;
    private const int SymbolBits = 9;

    private static readonly uint[] Codes = MakeCodes();
    private static readonly ushort[][] Tables = MakeTables();

    // Bits of the code of each byte, and of the end of a string.
    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22,
        23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22,
        21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26,
        27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26,
        26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
    ];

    /// <summary>How many bytes the code of <paramref name="text"/> takes.</summary>
    public static int EncodedLength(ReadOnlySpan<byte> text)
    {
        var bits = 0L;
        foreach (var b in text)
            bits += Lengths[b];
        return (int)((bits + 7) / 8);
    }

    /// <summary>Writes the code, which has <see cref="EncodedLength"/> bytes.</summary>
    public static void Encode(ReadOnlySpan<byte> text, Span<byte> to)
    {
        var (bits, count, at) = (0UL, 0, 0);
        foreach (var b in text)
        {
            bits = (bits << Lengths[b]) | Codes[b];
            for (count += Lengths[b]; count >= 8; count -= 8)
                to[at++] = (byte)(bits >> (count - 8));
        }
        // The rest of the last byte is the beginning of the end of a string: ones.
        if (count > 0)
            to[at++] = (byte)((bits << (8 - count)) | (0xffu >> count));
        Invariant.Check(at == to.Length);
    }

    /// <summary>The longest text that so many bytes of code stand for.</summary>
    public static int DecodedLengthMax(int encodedLength) => (int)Math.Min(encodedLength * 8L / 5, Array.MaxLength);

    /// <summary>Decodes, and returns the text's length, or -1 where it is no code: an end within, or padding that is not of
    /// ones.</summary>
    /// <param name="to">Has <see cref="DecodedLengthMax"/> bytes.</param>
    public static int Decode(ReadOnlySpan<byte> code, Span<byte> to)
    {
        var (table, at, pending, count) = (Tables[0], 0, 0u, 0);
        // Bits since the last symbol: what is left of them at the end is the padding.
        var sinceSymbol = 0;
        foreach (var b in code)
        {
            pending = (pending << 8) | b;
            count += 8;
            while (count >= 8)
            {
                var entry = table[(byte)(pending >> (count - 8))];
                if (!Step(entry, to, ref at, ref table, ref count, ref sinceSymbol))
                    return -1;
            }
        }
        while (count > 0)
        {
            // Behind the last bit there are only ones.
            var entry = table[(byte)((pending << (8 - count)) | (0xffu >> count))];
            if (entry >> SymbolBits is var bits && (bits == 0 || bits > count))
                break;
            if (!Step(entry, to, ref at, ref table, ref count, ref sinceSymbol))
                return -1;
        }
        return IsPadding(pending, sinceSymbol + count) ? at : -1;
    }

    private static bool Step(ushort entry, Span<byte> to, ref int at, ref ushort[] table, ref int count, ref int sinceSymbol)
    {
        var (bits, symbol) = (entry >> SymbolBits, entry & ((1 << SymbolBits) - 1));
        if (bits == 0)
        {
            if (symbol == 0)
                return false;
            (table, count, sinceSymbol) = (Tables[symbol], count - 8, sinceSymbol + 8);
            return true;
        }
        if (symbol == EndOfString)
            return false;
        to[at++] = (byte)symbol;
        (table, count, sinceSymbol) = (Tables[0], count - bits, 0);
        return true;
    }

    // RFC 7541 allows 7 bits; nginx takes whatever is the beginning of the end.
    private static bool IsPadding(uint pending, int bits) => bits < 30 && (pending & ((1u << bits) - 1)) == (1u << bits) - 1;

    private static uint[] MakeCodes()
    {
        var codes = new uint[Lengths.Length];
        var (code, length) = (0u, 0);
        foreach (var symbol in Enumerable.Range(0, codes.Length).OrderBy(s => Lengths[s]))
        {
            if (length > 0)
                code = (code + 1) << (Lengths[symbol] - length);
            (codes[symbol], length) = (code, Lengths[symbol]);
        }
        return codes;
    }

    // Tables by the next 8 bits. An entry is bits used and symbol; with no bits it is the number of the table for the bits behind, or 0.
    private static ushort[][] MakeTables()
    {
        var tables = new List<ushort[]> { new ushort[TableSize] };
        for (var symbol = 0; symbol < Lengths.Length; symbol++)
        {
            var (table, left) = (tables[0], (int)Lengths[symbol]);
            for (; left > 8; left -= 8)
            {
                ref var next = ref table[(byte)(Codes[symbol] >> (left - 8))];
                if (next == 0)
                {
                    next = (ushort)tables.Count;
                    tables.Add(new ushort[TableSize]);
                }
                table = tables[next];
            }
            var first = (byte)(Codes[symbol] << (8 - left));
            table.AsSpan(first, 1 << (8 - left)).Fill((ushort)((left << SymbolBits) | symbol));
        }
        return [.. tables];
    }
}
