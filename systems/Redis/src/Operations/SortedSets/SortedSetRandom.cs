namespace Microcosm.Redis;

/// <summary>ZRANDMEMBER: one member; with a count so many different ones; with a negative count so many, repetitions allowed.</summary>
internal static class SortedSetRandom
{
    [RedisCommand("ZRANDMEMBER", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "6.2.0",
        Group = "sorted-set", Summary = "Get one or multiple random elements from a sorted set", Complexity = "O(N)",
        Syntax = "key [options{count:integer [WITHSCORES]}]",
        Keys = "RO access @1",
        Tips = "nondeterministic_output")]
    public static void Execute(ref RedisCall call)
    {
        if (call.Count > 2)
        {
            if (RandomCount.TryParse(ref call, "WITHSCORES"u8, out var count, out var withScores))
                ReplyMany(ref call, count, withScores);
            return;
        }
        if (!call.TryRead<SortedSetObject>(call[1], out var set))
            return;
        if (set is null)
            call.Reply.Null();
        else
            call.Reply.Bulk(set.Seek(call.Server.Random.Next(set.Count)).Member);
    }

    private static void ReplyMany(ref RedisCall call, long count, bool withScores)
    {
        if (!call.TryRead<SortedSetObject>(call[1], out var set))
            return;
        if (set is null || count == 0)
        {
            call.Reply.Array(0);
            return;
        }
        if (count >= set.Count)
        {
            SortedSetRange.Reply(call.Reply, set.Seek(0), set.Count, reverse: false, withScores);
            return;
        }
        var chosen = (int)Math.Abs(count);
        call.Reply.Array(withScores && call.Reply.Protocol == 2 ? chosen * 2 : chosen);
        if (count < 0)
        {
            for (var i = 0; i < chosen; i++)
                Reply(call.Reply, set.Seek(call.Server.Random.Next(set.Count)), withScores);
            return;
        }
        foreach (var rank in RandomIndexes.Distinct(call.Server.Random, chosen, set.Count))
            Reply(call.Reply, set.Seek(rank), withScores);
    }

    private static void Reply(RespWriter reply, SortedSetCursor place, bool withScores)
    {
        if (withScores && reply.Protocol > 2)
            reply.Array(2);
        reply.Bulk(place.Member);
        if (withScores)
            reply.Double(place.Score);
    }
}
