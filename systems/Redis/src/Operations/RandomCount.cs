namespace Microcosm.Redis;

/// <summary>The count of HRANDFIELD and ZRANDMEMBER, with the word that asks for values or scores.</summary>
internal static class RandomCount
{
    // A reply's length is a 32-bit number here; Redis would write until memory or client gives up.
    private const long CountMax = int.MaxValue / 2;

    public static bool TryParse(ref RedisCall call, ReadOnlySpan<byte> word, out long count, out bool withWord)
    {
        withWord = call.Count == 4;
        if (!TryCount(ref call, out count))
            return false;
        if (call.Count > 4 || (withWord && !call.Is(3, word)))
        {
            call.SyntaxError();
            return false;
        }
        if (count >= -CountMax)
            return true;
        call.Reply.Error("ERR value is out of range");
        return false;
    }

    /// <summary>Reads argument 2, which may not be the least of all integers, since its opposite must exist.</summary>
    public static bool TryCount(ref RedisCall call, out long count)
    {
        if (!call.TryInteger(2, out count))
            return false;
        if (count != long.MinValue)
            return true;
        call.Reply.Error($"ERR value is out of range, value must between {-long.MaxValue} and {long.MaxValue}");
        return false;
    }
}
