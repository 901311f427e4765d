using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>Escapes of PCRE that stand for one byte, the same inside and outside a class.</summary>
internal static class PatternEscapes
{
    /// <summary>
    /// The byte that the escape at <paramref name="at"/> (just behind the backslash) stands for; moves behind it. Null when it is none.
    /// </summary>
    public static int? TryByte(string pattern, ref int at)
    {
        var ch = pattern[at];
        switch (ch)
        {
            case 'a': at++; return 7;
            case 'e': at++; return 27;
            case 'f': at++; return 12;
            case 'n': at++; return 10;
            case 'r': at++; return 13;
            case 't': at++; return 9;
            case 'c':
                if (at + 1 >= pattern.Length)
                    throw new PatternException("\\c at end of pattern", pattern.Length);
                at += 2;
                return char.ToUpperInvariant(pattern[at - 1]) ^ 0x40;
            case 'x':
                at++;
                return Hex(pattern, ref at);
            case 'o' when at + 1 < pattern.Length && pattern[at + 1] == '{':
                var close = pattern.IndexOf('}', at);
                var digits = close < 0 ? "" : pattern[(at + 2)..close];
                if (digits.Length is 0 or > 3 || digits.Any(d => d is < '0' or > '7'))
                    throw new PatternException("non-octal character in \\o{} (closing brace missing?)", at + 2);
                at = close + 1;
                return Convert.ToInt32(digits, 8);
            case '0':
                return Octal(pattern, ref at, 3);
        }
        if (char.IsAsciiLetterOrDigit(ch))
            return null;
        at++;
        return ch;
    }

    /// <summary>The set of <c>\p{L}</c>, <c>\pL</c>, <c>\P{…}</c> at <paramref name="at"/> (at the letter p); moves behind it.</summary>
    public static ByteSet Property(string pattern, ref int at)
    {
        var negated = pattern[at] == 'P';
        at++;
        if (at >= pattern.Length)
            throw new PatternException("malformed \\P or \\p sequence", pattern.Length);
        var close = pattern[at] == '{' ? pattern.IndexOf('}', at) : at;
        if (close < 0)
            throw new PatternException("malformed \\P or \\p sequence", pattern.Length);
        var name = close == at ? pattern[at].ToString() : pattern[(at + 1)..close];
        at = close + 1;
        if (name.StartsWith('^'))
            (negated, name) = (!negated, name[1..]);
        var set = ByteSet.OfProperty(name) ?? throw new PatternException("unknown property after \\P or \\p", at);
        if (negated)
            set.Negate();
        return set;
    }

    /// <summary>Up to <paramref name="max"/> octal digits.</summary>
    public static int Octal(string pattern, ref int at, int max)
    {
        var value = 0;
        for (var n = 0; n < max && at < pattern.Length && pattern[at] is >= '0' and <= '7'; n++)
            value = value * 8 + (pattern[at++] - '0');
        return value & 0xFF;
    }

    private static int Hex(string pattern, ref int at)
    {
        if (at < pattern.Length && pattern[at] == '{')
        {
            var close = pattern.IndexOf('}', at);
            if (close > 0 && int.TryParse(pattern.AsSpan(at + 1, close - at - 1), NumberStyles.AllowHexSpecifier, null, out var braced))
            {
                if (braced > 0xFF)
                    throw new PatternException("character code point value in \\x{} or \\o{} is too large", close);
                at = close + 1;
                return braced;
            }
        }
        var value = 0;
        for (var n = 0; n < 2 && at < pattern.Length && char.IsAsciiHexDigit(pattern[at]); n++)
            value = value * 16 + Convert.ToInt32(pattern[at++].ToString(), 16);
        return value;
    }
}
