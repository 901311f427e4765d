namespace Microcosm.Redis;

/// <summary>BZPOPMIN, BZPOPMAX, BZMPOP. They propagate as the pop that they come down to.</summary>
internal static class SortedSetBlockingPop
{
    private const RedisCommandFlags Flags =
        RedisCommandFlags.Write | RedisCommandFlags.Fast | RedisCommandFlags.Blocking | RedisCommandFlags.NoScript;

    [RedisCommand("BZPOPMIN", -3, Flags = Flags, FirstKey = 1, LastKey = -2, KeyStep = 1, Since = "5.0.0", Group = "sorted-set",
        Summary = "Remove and return the member with the lowest score from one or more sorted sets, or block until one is available",
        Complexity = "O(log(N))",
        Syntax = "key... timeout:double",
        Keys = "RW access delete @1 -2/1/0")]
    public static void BZPopMin(ref RedisCall call) => Pop(ref call, max: false);

    [RedisCommand("BZPOPMAX", -3, Flags = Flags, FirstKey = 1, LastKey = -2, KeyStep = 1, Since = "5.0.0", Group = "sorted-set",
        Summary = "Remove and return the member with the highest score from one or more sorted sets, or block until one is available",
        Complexity = "O(log(N))",
        Syntax = "key... timeout:double",
        Keys = "RW access delete @1 -2/1/0")]
    public static void BZPopMax(ref RedisCall call) => Pop(ref call, max: true);

    [RedisCommand("BZMPOP", -5, Flags = RedisCommandFlags.Write | RedisCommandFlags.Blocking | RedisCommandFlags.MovableKeys,
        KeyCountAt = 2,
        Since = "7.0.0", Group = "sorted-set",
            Summary = "Remove and return members with scores in a sorted set or block until one is available",
        Complexity = "O(K) + O(N*log(M))",
        Syntax = "timeout:double numkeys:integer key... where(MIN|MAX) [COUNT count:integer]",
        Keys = "RW access delete @2 #0/1/1")]
    public static void BZMPop(ref RedisCall call)
    {
        if (!MultiPop.TryParse(ref call, 2, "MIN"u8, "MAX"u8, out var pop) || !BlockTimeout.TryParse(ref call, 1, out var timeoutMs))
            return;
        for (var i = 0; i < pop.Keys; i++)
        {
            if (!TrySet(ref call, call[3 + i], out var set))
                return;
            if (set is null)
                continue;
            SortedSetPop.PopWithKey(ref call, call[3 + i], set, max: !pop.First, pop.Count);
            return;
        }
        call.Block(BlockTimeout.Keys(ref call, 3, pop.Keys), timeoutMs, static reply => reply.NullArray());
    }

    private static void Pop(ref RedisCall call, bool max)
    {
        if (!BlockTimeout.TryParse(ref call, call.Count - 1, out var timeoutMs))
            return;
        for (var i = 1; i < call.Count - 1; i++)
        {
            if (!TrySet(ref call, call[i], out var set))
                return;
            if (set is null)
                continue;
            call.PropagateInstead(SortedSetPop.Name(max), call.Copy(i));
            call.Reply.Array(3);
            call.Reply.Bulk(call[i]);
            SortedSetPop.Pop(ref call, call[i], set, max, 1, nested: false);
            return;
        }
        call.Block(BlockTimeout.Keys(ref call, 1, call.Count - 2), timeoutMs, static reply => reply.NullArray());
    }

    // A client that was blocked passes over keys of another type; it goes on waiting.
    private static bool TrySet(ref RedisCall call, ReadOnlySpan<byte> key, out SortedSetObject? set)
    {
        if (!call.IsReexecution)
            return call.TryWrite(key, out set);
        set = call.IsReady(key) ? call.Db.Write(key).Object as SortedSetObject : null;
        return true;
    }
}
