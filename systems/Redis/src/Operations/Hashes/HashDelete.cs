namespace Microcosm.Redis;

/// <summary>HDEL.</summary>
internal static class HashDelete
{
    [RedisCommand("HDEL", -3, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.0.0", Group = "hash", Summary = "Delete one or more hash fields", Complexity = "O(N)",
        Syntax = "key field...",
        Keys = "RW delete @1")]
    public static void Execute(ref RedisCall call)
    {
        if (!call.TryWrite<HashObject>(call[1], out var hash))
            return;
        var deleted = 0;
        for (var i = 2; hash?.Count > 0 && i < call.Count; i++)
        {
            if (hash.Remove(call[i]))
                deleted++;
        }
        if (deleted > 0)
        {
            call.Server.Propagation.Dirty += deleted - 1;
            call.Modified(call[1], NotifyClass.Hash, "hdel");
            if (hash!.Count == 0)
                call.RemoveEmptied(call[1]);
        }
        call.Reply.Integer(deleted);
    }
}
