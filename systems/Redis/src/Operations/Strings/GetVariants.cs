namespace Microcosm.Redis;

/// <summary>GETDEL, GETEX, MGET, STRLEN, GETRANGE and its old name SUBSTR.</summary>
internal static class GetVariants
{
    [RedisCommand("GETDEL", 2, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "6.2.0", Group = "string", Summary = "Get the value of a key and delete the key", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RW access delete @1")]
    public static void GetDel(ref RedisCall call)
    {
        var key = call[1];
        if (!call.TryWriteString(key, out var entry))
            return;
        if (entry.IsMissing)
        {
            call.Reply.Null();
            return;
        }
        call.Reply.Bulk(entry.StringValue);
        call.Db.Remove(key);
        call.Modified(key, NotifyClass.Generic, "del");
        call.PropagateInstead("DEL"u8.ToArray(), call.Copy(1));
    }

    [RedisCommand("GETEX", -2, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "6.2.0", Group = "string", Summary = "Get the value of a key and optionally set its expiration", Complexity = "O(1)",
        Syntax = "key [expiration(EX seconds:integer|PX milliseconds:integer|EXAT unix-time-seconds:unix-time|PXAT "
            + "unix-time-milliseconds:unix-time|PERSIST)]",
        Keys = "RW access update @1")]
    public static void GetEx(ref RedisCall call)
    {
        var options = new SetOptions { ExpireAtMs = -1 };
        if (!options.TryParse(ref call, 2, forGetEx: true))
            return;
        var key = call[1];
        if (!call.TryReadString(key, out var entry))
            return;
        if (entry.IsMissing)
        {
            call.Reply.Null();
            return;
        }
        call.Reply.Bulk(entry.StringValue);
        if (options.ExpireAtMs >= 0)
            Expiry.Apply(ref call, key, options.ExpireAtMs);
        else if (options.Persist && entry.ExpireAtMs >= 0)
            Expiry.RemoveExpiry(ref call, key);
    }

    [RedisCommand("MGET", -2, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, FirstKey = 1, LastKey = -1, KeyStep = 1,
        Group = "string", Summary = "Get the values of all the given keys", Complexity = "O(N)",
        Syntax = "key...",
        Keys = "RO access @1 -1/1/0",
        Tips = "request_policy:multi_shard")]
    public static void MGet(ref RedisCall call)
    {
        call.Reply.Array(call.Count - 1);
        for (var i = 1; i < call.Count; i++)
        {
            var entry = call.Db.Read(call[i]);
            if (entry.Exists && entry.IsString)
                call.Reply.Bulk(entry.StringValue);
            else
                call.Reply.Null();
        }
    }

    [RedisCommand("STRLEN", 2, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.2.0", Group = "string", Summary = "Get the length of the value stored in a key", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @1")]
    public static void StrLen(ref RedisCall call)
    {
        if (call.TryReadString(call[1], out var entry))
            call.Reply.Integer(entry.IsMissing ? 0 : entry.StringValue.Length);
    }

    [RedisCommand("GETRANGE", 4, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.4.0", Group = "string", Summary = "Get a substring of the string stored at a key", Complexity = "O(N)",
        Syntax = "key start:integer end:integer",
        Keys = "RO access @1")]
    [RedisCommand("SUBSTR", 4, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Group = "string", Summary = "Get a substring of the string stored at a key", Complexity = "O(N)",
        Syntax = "key start:integer end:integer",
        Keys = "RO access @1",
        Deprecated = "2.0.0 `GETRANGE`")]
    public static void GetRange(ref RedisCall call)
    {
        if (!call.TryInteger(2, out var start) || !call.TryInteger(3, out var end) || !call.TryReadString(call[1], out var entry))
            return;
        var value = entry.IsMissing ? default : entry.StringValue;
        if (start < 0 && end < 0 && start > end)
        {
            call.Reply.Bulk(default(ReadOnlySpan<byte>));
            return;
        }
        start = Math.Max(0, start < 0 ? start + value.Length : start);
        end = Math.Min(value.Length - 1, Math.Max(0, end < 0 ? end + value.Length : end));
        call.Reply.Bulk(start > end || value.IsEmpty ? default : value[(int)start..(int)(end + 1)]);
    }
}
