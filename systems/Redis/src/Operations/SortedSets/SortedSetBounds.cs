namespace Microcosm.Redis;

/// <summary>
/// Ranges of scores and of members as commands write them: <c>(1.5</c>, <c>-inf</c>, <c>[a</c>, <c>(a</c>, <c>-</c>, <c>+</c>.
/// </summary>
internal static class SortedSetBounds
{
    /// <summary>Reads a range of scores; what lies from the first bound up to the second is in it.</summary>
    public static bool TryScores(ref RedisCall call, int minAt, int maxAt, out ScoreBound start, out ScoreBound end)
    {
        start = end = default;
        if (TryScore(call[minAt], out var min, out var minOpen) && TryScore(call[maxAt], out var max, out var maxOpen))
        {
            start = new ScoreBound(min, behind: minOpen);
            end = new ScoreBound(max, behind: !maxOpen);
            return true;
        }
        call.Reply.Error("ERR min or max is not a float");
        return false;
    }

    /// <summary>Reads a range of members.</summary>
    public static bool TryMembers(ref RedisCall call, int minAt, int maxAt, out LexBound start, out LexBound end)
    {
        end = default;
        if (TryMember(call[minAt], isMax: false, out start) && TryMember(call[maxAt], isMax: true, out end))
            return true;
        call.Reply.Error("ERR min or max not valid string range item");
        return false;
    }

    private static bool TryScore(ReadOnlySpan<byte> text, out double score, out bool isOpen)
    {
        isOpen = text.Length > 0 && text[0] == (byte)'(';
        if (isOpen)
            text = text[1..];
        score = 0;
        // strtod reads nothing as 0.
        return text.IsEmpty || RedisNumber.TryParse(text, out score);
    }

    private static bool TryMember(ReadOnlySpan<byte> text, bool isMax, out LexBound bound)
    {
        bound = default;
        if (text.IsEmpty)
            return false;
        switch (text[0])
        {
            case (byte)'-' when text.Length == 1:
                bound = new LexBound(null, behind: false);
                return true;
            case (byte)'+' when text.Length == 1:
                bound = new LexBound(null, behind: true);
                return true;
            case (byte)'[':
                bound = new LexBound(text[1..].ToArray(), behind: isMax);
                return true;
            case (byte)'(':
                bound = new LexBound(text[1..].ToArray(), behind: !isMax);
                return true;
            default:
                return false;
        }
    }
}
