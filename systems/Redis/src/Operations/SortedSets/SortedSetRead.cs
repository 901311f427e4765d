namespace Microcosm.Redis;

/// <summary>ZCARD, ZSCORE, ZMSCORE, ZRANK, ZREVRANK, ZCOUNT, ZLEXCOUNT.</summary>
internal static class SortedSetRead
{
    private const RedisCommandFlags Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast;

    [RedisCommand("ZCARD", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "1.2.0", Group = "sorted-set",
        Summary = "Get the number of members in a sorted set", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @1")]
    public static void ZCard(ref RedisCall call)
    {
        if (call.TryRead<SortedSetObject>(call[1], out var set))
            call.Reply.Integer(set?.Count ?? 0);
    }

    [RedisCommand("ZSCORE", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "1.2.0", Group = "sorted-set",
        Summary = "Get the score associated with the given member in a sorted set", Complexity = "O(1)",
        Syntax = "key member",
        Keys = "RO access @1")]
    public static void ZScore(ref RedisCall call)
    {
        if (call.TryRead<SortedSetObject>(call[1], out var set))
            ReplyScore(ref call, set, call[2]);
    }

    [RedisCommand("ZMSCORE", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "6.2.0", Group = "sorted-set",
        Summary = "Get the score associated with the given members in a sorted set", Complexity = "O(N)",
        Syntax = "key member...",
        Keys = "RO access @1")]
    public static void ZMScore(ref RedisCall call)
    {
        if (!call.TryRead<SortedSetObject>(call[1], out var set))
            return;
        call.Reply.Array(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
            ReplyScore(ref call, set, call[i]);
    }

    [RedisCommand("ZRANK", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "sorted-set",
        Summary = "Determine the index of a member in a sorted set", Complexity = "O(log(N))",
        Syntax = "key member",
        Keys = "RO access @1")]
    public static void ZRank(ref RedisCall call) => ReplyRank(ref call, reverse: false);

    [RedisCommand("ZREVRANK", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "sorted-set",
        Summary = "Determine the index of a member in a sorted set, with scores ordered from high to low", Complexity = "O(log(N))",
        Syntax = "key member",
        Keys = "RO access @1")]
    public static void ZRevRank(ref RedisCall call) => ReplyRank(ref call, reverse: true);

    [RedisCommand("ZCOUNT", 4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "sorted-set",
        Summary = "Count the members in a sorted set with scores within the given values", Complexity = "O(log(N))",
        Syntax = "key min:double max:double",
        Keys = "RO access @1")]
    public static void ZCount(ref RedisCall call)
    {
        if (SortedSetBounds.TryScores(ref call, 2, 3, out var start, out var end) && call.TryRead<SortedSetObject>(call[1], out var set))
            call.Reply.Integer(set is null ? 0 : Math.Max(0, set.LowerBound(end) - set.LowerBound(start)));
    }

    [RedisCommand("ZLEXCOUNT", 4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.8.9", Group = "sorted-set",
        Summary = "Count the number of members in a sorted set between a given lexicographical range", Complexity = "O(log(N))",
        Syntax = "key min max",
        Keys = "RO access @1")]
    public static void ZLexCount(ref RedisCall call)
    {
        if (SortedSetBounds.TryMembers(ref call, 2, 3, out var start, out var end) && call.TryRead<SortedSetObject>(call[1], out var set))
            call.Reply.Integer(set is null ? 0 : Math.Max(0, set.LowerBound(end) - set.LowerBound(start)));
    }

    private static void ReplyRank(ref RedisCall call, bool reverse)
    {
        if (!call.TryRead<SortedSetObject>(call[1], out var set))
            return;
        if (set is null || !set.TryGetScore(call[2], out var score))
        {
            call.Reply.Null();
            return;
        }
        var rank = set.LowerBound(new MemberBound(score, call[2]));
        call.Reply.Integer(reverse ? set.Count - 1 - rank : rank);
    }

    private static void ReplyScore(ref RedisCall call, SortedSetObject? set, ReadOnlySpan<byte> member)
    {
        if (set is not null && set.TryGetScore(member, out var score))
            call.Reply.Double(score);
        else
            call.Reply.Null();
    }
}
