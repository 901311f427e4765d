namespace Microcosm.Redis;

/// <summary>Which arguments of a command are keys, by its declaration: COMMAND GETKEYS, and whoever follows keys.</summary>
internal static class CommandKeys
{
    /// <summary>
    /// Positions of the keys in a command that begins at argument <paramref name="start"/> of <paramref name="call"/>; relative to that.
    /// </summary>
    public static List<int> Positions(ref RedisCall call, int start, RedisCommandAttribute declared)
    {
        var count = call.Count - start;
        var positions = new List<int>();
        if (declared.FirstKey > 0)
        {
            var last = declared.LastKey >= 0 ? declared.LastKey : count + declared.LastKey;
            for (var i = declared.FirstKey; i <= last && i < count; i += declared.KeyStep)
                positions.Add(i);
        }
        if (declared.KeyCountAt > 0 && declared.KeyCountAt < count
            && RedisNumber.TryParse(call[start + declared.KeyCountAt], out long number))
        {
            for (var i = 1; i <= number && declared.KeyCountAt + i < count; i++)
                positions.Add(declared.KeyCountAt + i);
        }
        if (declared.StoreFrom > 0 && StorePosition(ref call, start, declared.StoreFrom) is > 0 and var store)
            positions.Add(store);
        return positions;
    }

    // The last STORE counts. Options with arguments of their own are stepped over, whatever those are.
    private static int StorePosition(ref RedisCall call, int start, int from)
    {
        var found = -1;
        for (var i = start + from; i < call.Count; i++)
        {
            if (call.Is(i, "LIMIT"u8))
                i += 2;
            else if (call.Is(i, "GET"u8) || call.Is(i, "BY"u8))
                i++;
            else if ((call.Is(i, "STORE"u8) || call.Is(i, "STOREDIST"u8)) && i + 1 < call.Count)
                found = ++i - start;
        }
        return found;
    }
}
