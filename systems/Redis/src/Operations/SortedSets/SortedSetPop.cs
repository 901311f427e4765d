namespace Microcosm.Redis;

/// <summary>ZPOPMIN, ZPOPMAX, ZMPOP.</summary>
internal static class SortedSetPop
{
    [RedisCommand("ZPOPMIN", -2, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "5.0.0", Group = "sorted-set", Summary = "Remove and return members with the lowest scores in a sorted set",
        Complexity = "O(log(N)*M)",
        Syntax = "key [count:integer]",
        Keys = "RW access delete @1")]
    public static void ZPopMin(ref RedisCall call) => PopKey(ref call, max: false);

    [RedisCommand("ZPOPMAX", -2, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "5.0.0", Group = "sorted-set", Summary = "Remove and return members with the highest scores in a sorted set",
        Complexity = "O(log(N)*M)",
        Syntax = "key [count:integer]",
        Keys = "RW access delete @1")]
    public static void ZPopMax(ref RedisCall call) => PopKey(ref call, max: true);

    [RedisCommand("ZMPOP", -4, Flags = RedisCommandFlags.Write | RedisCommandFlags.MovableKeys, KeyCountAt = 1, Since = "7.0.0",
        Group = "sorted-set", Summary = "Remove and return members with scores in a sorted set", Complexity = "O(K) + O(N*log(M))",
        Syntax = "numkeys:integer key... where(MIN|MAX) [COUNT count:integer]",
        Keys = "RW access delete @1 #0/1/1")]
    public static void ZMPop(ref RedisCall call)
    {
        if (!MultiPop.TryParse(ref call, 1, "MIN"u8, "MAX"u8, out var pop))
            return;
        for (var i = 0; i < pop.Keys; i++)
        {
            if (!call.TryWrite<SortedSetObject>(call[2 + i], out var set))
                return;
            if (set is null)
                continue;
            PopWithKey(ref call, call[2 + i], set, max: !pop.First, pop.Count);
            return;
        }
        call.Reply.NullArray();
    }

    /// <summary>
    /// Answers key and pairs, and removes these: what ZMPOP and BZMPOP do once they have found a set. Propagates ZPOPMIN or ZPOPMAX.
    /// </summary>
    public static void PopWithKey(ref RedisCall call, ReadOnlySpan<byte> key, SortedSetObject set, bool max, long count)
    {
        var length = (int)Math.Min(count, set.Count);
        call.PropagateInstead(Name(max), key.ToArray(), RedisNumber.ToBytes(length));
        call.Reply.Array(2);
        call.Reply.Bulk(key);
        call.Reply.Array(length);
        Pop(ref call, key, set, max, length, nested: true);
    }

    /// <summary>The command that a pop propagates as.</summary>
    public static byte[] Name(bool max) => (max ? "ZPOPMAX"u8 : "ZPOPMIN"u8).ToArray();

    /// <summary>Writes so many members with their scores and removes them.</summary>
    public static void Pop(ref RedisCall call, ReadOnlySpan<byte> key, SortedSetObject set, bool max, int count, bool nested)
    {
        var place = set.Seek(max ? set.Count - 1 : 0);
        for (var i = 0; i < count; i++, place = place.Step(max))
        {
            if (nested)
                call.Reply.Array(2);
            call.Reply.Bulk(place.Member);
            call.Reply.Double(place.Score);
        }
        set.RemoveRange(max ? set.Count - count : 0, count);
        call.Server.Propagation.Dirty += count - 1;
        call.Modified(key, NotifyClass.SortedSet, max ? "zpopmax" : "zpopmin");
        if (set.Count == 0)
            call.RemoveEmptied(key);
    }

    private static void PopKey(ref RedisCall call, bool max)
    {
        if (call.Count > 3)
        {
            call.SyntaxError();
            return;
        }
        var count = 1L;
        if (call.Count == 3 && !PositiveCount.TryParse(ref call, 2, out count))
            return;
        if (!call.TryWrite<SortedSetObject>(call[1], out var set))
            return;
        if (set is null || count == 0)
        {
            call.Reply.Array(0);
            return;
        }
        var length = (int)Math.Min(count, set.Count);
        var nested = call.Count == 3 && call.Reply.Protocol > 2;
        call.Reply.Array(nested ? length : length * 2);
        Pop(ref call, call[1], set, max, length, nested);
    }
}
