using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Microcosm.Redis;

/// <summary>Numbers as Redis reads and prints them (util.c).</summary>
internal static class RedisNumber
{
    /// <summary>
    /// Reads a canonical 64-bit decimal: no spaces, plus sign or leading zeros. What parses here prints the same again, which is what
    /// makes a string an <c>int</c> (<c>string2ll</c>).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.Length is 0 or > 20)
            return false;
        if (text.Length == 1)
        {
            value = text[0] - '0';
            return (ulong)value <= 9;
        }
        var first = text[0] == (byte)'-' ? text[1] : text[0];
        if (first is < (byte)'1' or > (byte)'9')
            return false;
        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }

    /// <summary>Reads a double as <c>strtod</c> does, whole text, <c>inf</c> and <c>infinity</c> included, nan refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 5 * 1024 || text[0] == (byte)' ')
            return false;
        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && !double.IsNaN(value)
            && char.IsAsciiDigit((char)text[^1]))
            return !double.IsInfinity(value);
        var name = Encoding.ASCII.GetString(text);
        var bare = name.TrimStart('+', '-');
        if (name.Length - bare.Length <= 1
            && (bare.Equals("inf", StringComparison.OrdinalIgnoreCase) || bare.Equals("infinity", StringComparison.OrdinalIgnoreCase)))
        {
            value = name[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (bare.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || bare.Length == 0
            || !(char.IsAsciiDigit(bare[0]) || bare[0] == '.'))
            return false;
        return double.TryParse(name, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    /// <summary>Prints as C's <c>%.17g</c>, with <c>inf</c>, <c>-inf</c>.</summary>
    public static string Format(double value)
    {
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        if (double.IsNaN(value))
            return "nan";
        return value.ToString("G17", CultureInfo.InvariantCulture).Replace('E', 'e');
    }

    /// <summary>Room that a double needs.</summary>
    public const int DoubleBytesMax = 32;

    /// <summary>Prints as <see cref="Format(double)"/>, into room of <see cref="DoubleBytesMax"/>; returns the length.</summary>
    public static int Format(double value, Span<byte> to)
    {
        // Most scores are integers; up to 2^52 they print as such (util.c d2string).
        var whole = (long)value;
        if (whole == value && whole is > -4503599627370495 and < 4503599627370496 && (whole != 0 || !double.IsNegative(value)))
        {
            Utf8Formatter.TryFormat(whole, to, out var length);
            return length;
        }
        return Encoding.ASCII.GetBytes(Format(value), to);
    }

    /// <summary>Prints an integer in decimal.</summary>
    public static byte[] ToBytes(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var n);
        return digits[..n].ToArray();
    }
}
