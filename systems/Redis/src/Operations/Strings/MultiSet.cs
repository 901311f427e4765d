namespace Microcosm.Redis;

/// <summary>MSET and MSETNX.</summary>
internal static class MultiSet
{
    [RedisCommand("MSET", -3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = -1, KeyStep = 2,
        Since = "1.0.1", Group = "string", Summary = "Set multiple keys to multiple values", Complexity = "O(N)",
        Syntax = "key_value{key value}...",
        Keys = "OW update @1 -1/2/0",
        Tips = "request_policy:multi_shard response_policy:all_succeeded")]
    public static void MSet(ref RedisCall call)
    {
        if (!HasPairs(ref call))
            return;
        SetAll(ref call);
        call.Reply.Ok();
    }

    [RedisCommand("MSETNX", -3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = -1, KeyStep = 2,
        Since = "1.0.1", Group = "string", Summary = "Set multiple keys to multiple values, only if none of the keys exist",
            Complexity = "O(N)",
        Syntax = "key_value{key value}...",
        Keys = "OW insert @1 -1/2/0",
        Tips = "request_policy:multi_shard response_policy:agg_min")]
    public static void MSetNx(ref RedisCall call)
    {
        if (!HasPairs(ref call))
            return;
        for (var i = 1; i < call.Count; i += 2)
        {
            if (call.Db.Write(call[i]).Exists)
            {
                call.Reply.Integer(0);
                return;
            }
        }
        SetAll(ref call);
        call.Reply.Integer(1);
    }

    private static bool HasPairs(ref RedisCall call)
    {
        if (call.Count % 2 == 1)
            return true;
        call.Reply.Error(RedisErrors.WrongArity(call.Operation.Declaration.Name));
        return false;
    }

    private static void SetAll(ref RedisCall call)
    {
        for (var i = 1; i < call.Count; i += 2)
        {
            if (call.Server.Options.IsLfu)
                call.Db.Write(call[i]);
            call.Db.SetString(call[i], call[i + 1]);
            call.Modified(call[i], NotifyClass.String, "set");
        }
    }
}
