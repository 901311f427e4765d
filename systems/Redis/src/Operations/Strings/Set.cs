namespace Microcosm.Redis;

/// <summary>SET with its options. EX, PX and EXAT propagate as PXAT, so that a replay later expires at the same time.</summary>
internal static class Set
{
    [RedisCommand("SET", -3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Group = "string", Summary = "Set the string value of a key", Complexity = "O(1)",
        Syntax = "key value [condition(NX|XX)] [GET] [expiration(EX seconds:integer|PX milliseconds:integer|EXAT "
            + "unix-time-seconds:unix-time|PXAT unix-time-milliseconds:unix-time|KEEPTTL)]",
        Keys = "RW access update variable_flags @1")]
    public static void Execute(ref RedisCall call)
    {
        var options = new SetOptions { ExpireAtMs = -1 };
        if (call.Count > 3 && !options.TryParse(ref call, 3))
            return;
        var key = call[1];
        var entry = options.NeedsOld || call.Server.Options.IsLfu ? call.Db.Write(key) : default;
        if (options.Get)
        {
            if (entry.Exists && !entry.IsString)
            {
                call.WrongType();
                return;
            }
            if (entry.IsMissing)
                call.Reply.Null();
            else
                call.Reply.Bulk(entry.StringValue);
            // Redis looks it up twice, which LFU can see.
            if (call.Server.Options.IsLfu)
                call.Db.Write(key);
        }
        if ((options.IfMissing && entry.Exists) || (options.IfExists && entry.IsMissing))
        {
            if (!options.Get)
                call.Reply.Null();
            return;
        }
        if (options.ExpireAtMs >= 0)
        {
            WithExpiry(ref call, key, call[2], options.ExpireAtMs);
        }
        else
        {
            call.Db.SetString(key, call[2], options.KeepTtl);
            call.Modified(key, NotifyClass.String, "set");
        }
        if (!options.Get)
            call.Reply.Ok();
    }

    /// <summary>Sets a string that expires, with both notifications and the absolute form for the log.</summary>
    public static void WithExpiry(ref RedisCall call, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long atMs)
    {
        call.Db.SetString(key, value);
        call.Db.SetExpiry(key, atMs);
        call.Modified(key, NotifyClass.String, "set");
        call.Modified(key, NotifyClass.Generic, "expire");
        call.PropagateInstead("SET"u8.ToArray(), key.ToArray(), value.ToArray(), "PXAT"u8.ToArray(), RedisNumber.ToBytes(atMs));
    }
}
