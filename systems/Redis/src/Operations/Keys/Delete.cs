namespace Microcosm.Redis;

/// <summary>DEL, UNLINK, EXISTS, TOUCH, TYPE. Memory is freed by the garbage collector either way, so UNLINK does what DEL does.</summary>
internal static class Delete
{
    [RedisCommand("DEL", -2, Flags = RedisCommandFlags.Write, FirstKey = 1, LastKey = -1, KeyStep = 1,
        Summary = "Delete a key", Complexity = "O(N)",
        Syntax = "key...",
        Keys = "RM delete @1 -1/1/0",
        Tips = "request_policy:multi_shard response_policy:agg_sum")]
    [RedisCommand("UNLINK", -2, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = -1, KeyStep = 1,
        Since = "4.0.0", Summary = "Delete a key asynchronously in another thread", Complexity = "O(1) for each key",
        Syntax = "key...",
        Keys = "RM delete @1 -1/1/0",
        Tips = "request_policy:multi_shard response_policy:agg_sum")]
    public static void Execute(ref RedisCall call)
    {
        var count = 0;
        for (var i = 1; i < call.Count; i++)
        {
            if (call.Db.Peek(call[i]).IsMissing || !call.Db.Remove(call[i]))
                continue;
            call.Modified(call[i], NotifyClass.Generic, "del");
            count++;
        }
        call.Reply.Integer(count);
    }

    [RedisCommand("EXISTS", -2, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, FirstKey = 1, LastKey = -1, KeyStep = 1,
        Summary = "Determine if a key exists", Complexity = "O(N)",
        Syntax = "key...",
        Keys = "RO @1 -1/1/0",
        Tips = "request_policy:multi_shard response_policy:agg_sum")]
    public static void Exists(ref RedisCall call)
    {
        var count = 0;
        for (var i = 1; i < call.Count; i++)
            count += call.Db.ReadUnmarked(call[i]).Exists ? 1 : 0;
        call.Reply.Integer(count);
    }

    [RedisCommand("TOUCH", -2, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, FirstKey = 1, LastKey = -1, KeyStep = 1,
        Since = "3.2.1", Summary = "Alters the last access time of a key(s)", Complexity = "O(N)",
        Syntax = "key...",
        Keys = "RO @1 -1/1/0",
        Tips = "request_policy:multi_shard response_policy:agg_sum")]
    public static void Touch(ref RedisCall call)
    {
        var count = 0;
        for (var i = 1; i < call.Count; i++)
            count += call.Db.Read(call[i]).Exists ? 1 : 0;
        call.Reply.Integer(count);
    }

    [RedisCommand("TYPE", 2, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Summary = "Determine the type stored at key", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @1")]
    public static void Type(ref RedisCall call)
    {
        var entry = call.Db.Peek(call[1]);
        call.Reply.Simple(entry.IsMissing ? "none" : TypeNames.Of(entry.Type));
    }
}
