namespace Microcosm.Redis;

/// <summary>SETNX, SETEX, PSETEX, GETSET: the older spellings of SET's options.</summary>
internal static class SetVariants
{
    [RedisCommand("SETNX", 3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast, FirstKey = 1,
        LastKey = 1,
        KeyStep = 1, Group = "string", Summary = "Set the value of a key, only if the key does not exist", Complexity = "O(1)",
        Syntax = "key value",
        Keys = "OW insert @1")]
    public static void SetNx(ref RedisCall call)
    {
        var key = call[1];
        if (call.Db.Write(key).Exists)
        {
            call.Reply.Integer(0);
            return;
        }
        call.Db.SetString(key, call[2]);
        call.Modified(key, NotifyClass.String, "set");
        call.Reply.Integer(1);
    }

    [RedisCommand("SETEX", 4, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.0.0", Group = "string", Summary = "Set the value and expiration of a key", Complexity = "O(1)",
        Syntax = "key seconds:integer value",
        Keys = "OW update @1")]
    public static void SetEx(ref RedisCall call) => SetFor(ref call, 1000);

    [RedisCommand("PSETEX", 4, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.6.0", Group = "string", Summary = "Set the value and expiration in milliseconds of a key", Complexity = "O(1)",
        Syntax = "key milliseconds:integer value",
        Keys = "OW update @1")]
    public static void PSetEx(ref RedisCall call) => SetFor(ref call, 1);

    [RedisCommand("GETSET", 3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast, FirstKey = 1,
        LastKey = 1,
        KeyStep = 1, Group = "string", Summary = "Set the string value of a key and return its old value", Complexity = "O(1)",
        Syntax = "key value",
        Keys = "RW access update @1",
        Deprecated = "6.2.0 `SET` with the `!GET` argument")]
    public static void GetSet(ref RedisCall call)
    {
        var key = call[1];
        if (!call.TryWriteString(key, out var entry))
            return;
        if (entry.IsMissing)
            call.Reply.Null();
        else
            call.Reply.Bulk(entry.StringValue);
        // Redis looks it up twice, which LFU can see.
        if (call.Server.Options.IsLfu)
            call.Db.Write(key);
        call.Db.SetString(key, call[2]);
        call.Modified(key, NotifyClass.String, "set");
        call.PropagateInstead("SET"u8.ToArray(), call.Copy(1), call.Copy(2));
    }

    private static void SetFor(ref RedisCall call, long scale)
    {
        if (!call.TryInteger(2, out var amount))
            return;
        if (amount <= 0 || amount > (long.MaxValue - call.NowMs) / scale)
        {
            call.Reply.Error($"ERR invalid expire time in '{call.Operation.Declaration.Name.ToLowerInvariant()}' command");
            return;
        }
        if (call.Server.Options.IsLfu)
            call.Db.Write(call[1]);
        Set.WithExpiry(ref call, call[1], call[3], call.NowMs + amount * scale);
        call.Reply.Ok();
    }
}
