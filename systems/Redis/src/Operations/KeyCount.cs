namespace Microcosm.Redis;

/// <summary>The number of keys that SINTERCARD and ZINTERCARD are given.</summary>
internal static class KeyCount
{
    public static bool TryParse(ref RedisCall call, int index, out int keys)
    {
        keys = 0;
        if (!call.TryInteger(index, out var count, "ERR numkeys should be greater than 0"))
            return false;
        if (count < 1)
        {
            call.Reply.Error("ERR numkeys should be greater than 0");
            return false;
        }
        if (count > call.Count - index - 1)
        {
            call.Reply.Error("ERR Number of keys can't be greater than number of args");
            return false;
        }
        keys = (int)count;
        return true;
    }
}
