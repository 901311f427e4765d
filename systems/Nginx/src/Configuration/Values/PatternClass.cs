namespace Microcosm.Nginx;

/// <summary>Reads a character class of a PCRE pattern into the set of bytes that it means.</summary>
internal static class PatternClass
{
    /// <summary>Reads from behind the opening bracket to behind the closing one.</summary>
    public static ByteSet Read(string pattern, ref int at, bool ignoreCase)
    {
        var set = new ByteSet();
        var negated = at < pattern.Length && pattern[at] == '^';
        if (negated)
            at++;
        var first = true;
        while (true)
        {
            if (at >= pattern.Length)
                throw new PatternException("missing terminating ] for character class", pattern.Length);
            if (pattern[at] == ']' && !first)
                break;
            first = false;
            var low = Member(pattern, ref at, set);
            if (at + 1 >= pattern.Length || pattern[at] != '-' || pattern[at + 1] == ']')
            {
                if (low is { } single)
                    set.Add(single);
                continue;
            }
            if (low is null)
                throw new PatternException("invalid range in character class", at);
            at++;
            if (Member(pattern, ref at, set) is not { } high)
                throw new PatternException("invalid range in character class", at);
            if (high < low)
                throw new PatternException("range out of order in character class", at - 1);
            for (var b = low.Value; b <= high; b++)
                set.Add(b);
        }
        at++;
        if (ignoreCase)
            set.FoldCase();
        if (negated)
            set.Negate();
        return set;
    }

    // A byte, or null when a whole set was added.
    private static int? Member(string pattern, ref int at, ByteSet set)
    {
        if (pattern[at] == '[' && at + 1 < pattern.Length && pattern[at + 1] is ':' or '.' or '=')
        {
            var close = pattern.IndexOf(pattern[at + 1] + "]", at + 2, StringComparison.Ordinal);
            if (close > 0 && pattern.AsSpan(at + 2, close - at - 2).IndexOfAny("[]\\") < 0)
                return Posix(pattern, ref at, close, set);
        }
        if (pattern[at] != '\\')
            return pattern[at++];
        at++;
        if (at >= pattern.Length)
            throw new PatternException("\\ at end of pattern", pattern.Length);
        if (pattern[at] == 'b')
        {
            at++;
            return '\b';
        }
        if (pattern[at] is >= '1' and <= '7')
            return PatternEscapes.Octal(pattern, ref at, 3);
        if (PatternEscapes.TryByte(pattern, ref at) is { } value)
            return value;
        if (pattern[at] is 'p' or 'P')
        {
            set.Add(PatternEscapes.Property(pattern, ref at));
            return null;
        }
        if (pattern[at] is 'N' || ByteSet.OfEscape(pattern[at]) is not { } escaped)
            throw new PatternException(
                pattern[at] is 'B' or 'R' or 'X' or 'N'
                    ? "escape sequence is invalid in character class"
                    : "unrecognized character follows \\", at);
        at++;
        set.Add(escaped);
        return null;
    }

    private static int? Posix(string pattern, ref int at, int close, ByteSet set)
    {
        var name = pattern[(at + 2)..close];
        if (pattern[at + 1] != ':')
            throw new PatternException("POSIX collating elements are not supported", at);
        var negated = name.StartsWith('^');
        var named = ByteSet.OfPosix(negated ? name[1..] : name) ?? throw new PatternException("unknown POSIX class name", at + 2);
        if (negated)
            named.Negate();
        set.Add(named);
        at = close + 2;
        return null;
    }
}
