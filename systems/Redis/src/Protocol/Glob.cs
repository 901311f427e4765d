namespace Microcosm.Redis;

/// <summary>
/// Glob patterns as KEYS and PSUBSCRIBE take them: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^x]</c>, backslash (util.c
/// <c>stringmatchlen</c>).
/// </summary>
internal static class Glob
{
    // stringmatchlen gives up behind so many stars, and so do we: a pattern matches there if and only if it matches here.
    private const int StarsMax = 1000;

    /// <summary>Matches the whole text. Backtracks only to the last star, so the cost is bounded by the product of the lengths.</summary>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool ignoreCase = false)
    {
        int p = 0, t = 0, starPattern = -1, starText = 0, stars = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == (byte)'*')
            {
                while (p < pattern.Length && pattern[p] == (byte)'*')
                    p++;
                if (p == pattern.Length)
                    return true;
                if (++stars > StarsMax)
                    return false;
                (starPattern, starText) = (p, t);
            }
            else if (p < pattern.Length && MatchesOne(pattern, ref p, text[t], ignoreCase))
            {
                t++;
            }
            else if (starPattern >= 0)
            {
                p = starPattern;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == (byte)'*')
            p++;
        return p >= pattern.Length;
    }

    // Matches one character and, when it does, moves behind the pattern's element.
    private static bool MatchesOne(ReadOnlySpan<byte> pattern, ref int p, byte c, bool ignoreCase)
    {
        var at = p;
        switch (pattern[at])
        {
            case (byte)'?':
                p = at + 1;
                return true;
            case (byte)'[':
                return MatchesClass(pattern, ref p, c, ignoreCase);
            case (byte)'\\' when at + 1 < pattern.Length:
                at++;
                break;
        }
        if (!Same(pattern[at], c, ignoreCase))
            return false;
        p = at + 1;
        return true;
    }

    private static bool MatchesClass(ReadOnlySpan<byte> pattern, ref int p, byte c, bool ignoreCase)
    {
        var at = p + 1;
        var negated = at < pattern.Length && pattern[at] == (byte)'^';
        if (negated)
            at++;
        var found = false;
        while (at < pattern.Length && pattern[at] != (byte)']')
        {
            if (pattern[at] == (byte)'\\' && at + 1 < pattern.Length)
            {
                found |= Same(pattern[++at], c, ignoreCase);
                at++;
            }
            else if (at + 2 < pattern.Length && pattern[at + 1] == (byte)'-')
            {
                found |= InRange(pattern[at], pattern[at + 2], c, ignoreCase);
                at += 3;
            }
            else
            {
                found |= Same(pattern[at++], c, ignoreCase);
            }
        }
        if (found == negated)
            return false;
        p = Math.Min(at + 1, pattern.Length);
        return true;
    }

    private static bool InRange(byte from, byte to, byte c, bool ignoreCase)
    {
        if (from > to)
            (from, to) = (to, from);
        if (!ignoreCase)
            return c >= from && c <= to;
        return Lower(c) >= Lower(from) && Lower(c) <= Lower(to);
    }

    private static bool Same(byte a, byte b, bool ignoreCase) => ignoreCase ? Lower(a) == Lower(b) : a == b;

    private static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
}
