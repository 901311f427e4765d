namespace Microcosm.Redis;

/// <summary>Counts that may not be negative: LPOP, SPOP, ZPOPMIN.</summary>
internal static class PositiveCount
{
    public static bool TryParse(ref RedisCall call, int index, out long count, string error = RedisErrors.NotPositive)
    {
        if (!call.TryInteger(index, out count, error))
            return false;
        if (count >= 0)
            return true;
        call.Reply.Error(error);
        return false;
    }
}
