namespace Microcosm.Redis;

/// <summary>ZREM, ZREMRANGEBYRANK, ZREMRANGEBYSCORE, ZREMRANGEBYLEX.</summary>
internal static class SortedSetRemove
{
    [RedisCommand("ZREM", -3, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "1.2.0", Group = "sorted-set", Summary = "Remove one or more members from a sorted set", Complexity = "O(M*log(N))",
        Syntax = "key member...",
        Keys = "RW delete @1")]
    public static void ZRem(ref RedisCall call)
    {
        if (!call.TryWrite<SortedSetObject>(call[1], out var set))
            return;
        var removed = 0;
        for (var i = 2; set?.Count > 0 && i < call.Count; i++)
        {
            if (set.Remove(call[i]))
                removed++;
        }
        Finish(ref call, set, removed, "zrem");
    }

    [RedisCommand("ZREMRANGEBYRANK", 4, Flags = RedisCommandFlags.Write, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0",
        Group = "sorted-set", Summary = "Remove all members in a sorted set within the given indexes", Complexity = "O(log(N)+M)",
        Syntax = "key start:integer stop:integer",
        Keys = "RW delete @1")]
    public static void ZRemRangeByRank(ref RedisCall call)
    {
        if (!call.TryInteger(2, out var start) || !call.TryInteger(3, out var end) || !call.TryWrite<SortedSetObject>(call[1], out var set))
            return;
        if (set is null || !ListEdit.TryRange(ref start, ref end, set.Count))
            call.Reply.Integer(0);
        else
            Remove(ref call, set, (int)start, (int)end + 1, "zremrangebyrank");
    }

    [RedisCommand("ZREMRANGEBYSCORE", 4, Flags = RedisCommandFlags.Write, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "1.2.0",
        Group = "sorted-set", Summary = "Remove all members in a sorted set within the given scores", Complexity = "O(log(N)+M)",
        Syntax = "key min:double max:double",
        Keys = "RW delete @1")]
    public static void ZRemRangeByScore(ref RedisCall call)
    {
        if (!SortedSetBounds.TryScores(ref call, 2, 3, out var start, out var end) || !call.TryWrite<SortedSetObject>(call[1], out var set))
            return;
        Remove(ref call, set, set?.LowerBound(start) ?? 0, set?.LowerBound(end) ?? 0, "zremrangebyscore");
    }

    [RedisCommand("ZREMRANGEBYLEX", 4, Flags = RedisCommandFlags.Write, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.8.9",
        Group = "sorted-set", Summary = "Remove all members in a sorted set between the given lexicographical range",
            Complexity = "O(log(N)+M)",
        Syntax = "key min max",
        Keys = "RW delete @1")]
    public static void ZRemRangeByLex(ref RedisCall call)
    {
        if (!SortedSetBounds.TryMembers(ref call, 2, 3, out var start, out var end)
            || !call.TryWrite<SortedSetObject>(call[1], out var set))
            return;
        Remove(ref call, set, set?.LowerBound(start) ?? 0, set?.LowerBound(end) ?? 0, "zremrangebylex");
    }

    private static void Remove(ref RedisCall call, SortedSetObject? set, int start, int end, string name)
    {
        var count = Math.Max(0, end - start);
        set?.RemoveRange(start, count);
        Finish(ref call, set, count, name);
    }

    private static void Finish(ref RedisCall call, SortedSetObject? set, int removed, string name)
    {
        if (removed > 0)
        {
            call.Server.Propagation.Dirty += removed - 1;
            call.Modified(call[1], NotifyClass.SortedSet, name);
            if (set!.Count == 0)
                call.RemoveEmptied(call[1]);
        }
        call.Reply.Integer(removed);
    }
}
