namespace Microcosm.Redis;

/// <summary>The arguments of LMPOP, BLMPOP, ZMPOP, BZMPOP: number of keys, keys, which end, COUNT.</summary>
internal readonly struct MultiPop
{
    /// <summary>Number of keys; they follow the argument that counts them.</summary>
    public int Keys { get; private init; }

    /// <summary>The first of the two words: LEFT, MIN.</summary>
    public bool First { get; private init; }

    public long Count { get; private init; }

    /// <summary>Reads from argument <paramref name="at"/> on, or answers the error.</summary>
    public static bool TryParse(ref RedisCall call, int at, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out MultiPop pop)
    {
        pop = default;
        if (!call.TryInteger(at, out var keys, "ERR numkeys should be greater than 0"))
            return false;
        if (keys < 1)
        {
            call.Reply.Error("ERR numkeys should be greater than 0");
            return false;
        }
        var where = keys < call.Count ? at + (int)keys + 1 : call.Count;
        if (where >= call.Count || !(call.Is(where, first) || call.Is(where, second)))
        {
            call.SyntaxError();
            return false;
        }
        var count = -1L;
        for (var i = where + 1; i < call.Count; i += 2)
        {
            if (count != -1 || !call.Is(i, "COUNT"u8) || i + 1 == call.Count)
            {
                call.SyntaxError();
                return false;
            }
            if (!call.TryInteger(i + 1, out count, "ERR count should be greater than 0"))
                return false;
            if (count >= 1)
                continue;
            call.Reply.Error("ERR count should be greater than 0");
            return false;
        }
        pop = new MultiPop { Keys = (int)keys, First = call.Is(where, first), Count = Math.Max(count, 1) };
        return true;
    }
}
