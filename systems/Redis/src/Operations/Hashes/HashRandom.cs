namespace Microcosm.Redis;

/// <summary>HRANDFIELD: one field; with a count so many different ones; with a negative count so many, repetitions allowed.</summary>
internal static class HashRandom
{
    [RedisCommand("HRANDFIELD", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "6.2.0",
        Group = "hash",
        Summary = "Get one or multiple random fields from a hash", Complexity = "O(N)",
        Syntax = "key [options{count:integer [WITHVALUES]}]",
        Keys = "RO access @1",
        Tips = "nondeterministic_output")]
    public static void Execute(ref RedisCall call)
    {
        var random = call.Server.Random;
        if (call.Count > 2)
        {
            if (RandomCount.TryParse(ref call, "WITHVALUES"u8, out var count, out var withValues))
                ReplyMany(ref call, count, withValues);
            return;
        }
        if (!call.TryRead<HashObject>(call[1], out var hash))
            return;
        if (hash is null)
            call.Reply.Null();
        else
            call.Reply.Bulk(hash.At(random.Next(hash.Count)).Field);
    }

    private static void ReplyMany(ref RedisCall call, long count, bool withValues)
    {
        if (!call.TryRead<HashObject>(call[1], out var hash))
            return;
        if (hash is null || count == 0)
        {
            call.Reply.Array(0);
            return;
        }
        var chosen = count >= hash.Count ? hash.Count : (int)Math.Abs(count);
        call.Reply.Array(withValues && call.Reply.Protocol == 2 ? chosen * 2 : chosen);
        if (count >= hash.Count)
        {
            foreach (var pair in hash)
                Reply(call.Reply, pair, withValues);
        }
        else if (count < 0)
        {
            for (var i = 0; i < chosen; i++)
                Reply(call.Reply, hash.At(call.Server.Random.Next(hash.Count)), withValues);
        }
        else
        {
            foreach (var index in RandomIndexes.Distinct(call.Server.Random, chosen, hash.Count))
                Reply(call.Reply, hash.At(index), withValues);
        }
    }

    private static void Reply(RespWriter reply, HashPair pair, bool withValues)
    {
        if (withValues && reply.Protocol > 2)
            reply.Array(2);
        reply.Bulk(pair.Field);
        if (withValues)
            reply.Bulk(pair.Value);
    }
}
