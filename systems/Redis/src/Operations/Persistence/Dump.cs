namespace Microcosm.Redis;

/// <summary>DUMP and RESTORE, with the payloads of Redis 7.0: they go from server to server.</summary>
internal static class Dump
{
    [RedisCommand("DUMP", 2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.6.0", Group = "generic",
        Summary = "Return a serialized version of the value stored at the specified key.", Complexity = "O(N)",
        Syntax = "key",
        Keys = "RO access @1",
        Tips = "nondeterministic_output")]
    public static void Execute(ref RedisCall call)
    {
        var entry = call.Db.Read(call[1]);
        if (entry.IsMissing)
            call.Reply.Null();
        else
            call.Reply.Bulk(DumpPayload.Make(entry, call.Server.Options.RdbCompression));
    }

    [RedisCommand("RESTORE", -4, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.6.0", Group = "generic", Summary = "Create a key using the provided serialized value, previously obtained using DUMP.",
        Complexity = "O(N)",
        Syntax = "key ttl:integer serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds:integer] [FREQ "
            + "frequency:integer]",
        Keys = "OW update @1")]
    public static void Restore(ref RedisCall call)
    {
        if (!RestoreOptions.TryRead(ref call, out var options))
            return;
        var key = call[1];
        var exists = call.Db.Write(key).Exists;
        if (exists && !options.Replace)
        {
            call.Reply.Error("BUSYKEY Target key name already exists.");
            return;
        }
        if (!call.TryInteger(2, out var ttl))
            return;
        if (ttl < 0)
        {
            call.Reply.Error("ERR Invalid TTL value, must be >= 0");
            return;
        }
        if (!DumpPayload.IsWhole(call[3]))
        {
            call.Reply.Error("ERR DUMP payload version or checksum are wrong");
            return;
        }
        RedisObject value;
        try
        {
            value = DumpPayload.Read(call[3], call.Server.Options.Encodings);
        }
        catch (InvalidDataException)
        {
            call.Reply.Error("ERR Bad data format");
            return;
        }
        Put(ref call, key, value, ttl == 0 || options.IsAbsolute ? ttl : call.NowMs + ttl, exists, options);
    }

    private static void Put(ref RedisCall call, ReadOnlySpan<byte> key, RedisObject value, long expireAtMs, bool exists,
        RestoreOptions options)
    {
        if (exists)
            call.Db.Remove(key);
        if (expireAtMs > 0 && expireAtMs < call.NowMs)
        {
            // It would expire at once: what remains of the command is the removal.
            if (exists)
            {
                call.Modified(key, NotifyClass.Generic, "del");
                call.PropagateInstead("DEL"u8.ToArray(), key.ToArray());
            }
            call.Reply.Ok();
            return;
        }
        call.Db.SetObject(key, value);
        var entry = call.Db.Peek(key);
        if (expireAtMs > 0)
        {
            call.Db.SetExpiry(key, expireAtMs);
            entry = call.Db.Peek(key);
            if (!options.IsAbsolute)
                call.PropagateInstead(
                    "RESTORE"u8.ToArray(), key.ToArray(), RedisNumber.ToBytes(expireAtMs), call.Copy(3), "ABSTTL"u8.ToArray(),
                        "REPLACE"u8.ToArray());
        }
        call.Server.Events.SetMark(entry, options.IdleSeconds, options.Frequency);
        call.Modified(key, NotifyClass.Generic, "restore");
        call.Reply.Ok();
    }
}
