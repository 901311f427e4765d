namespace Microcosm.Redis;

/// <summary>HSET, HMSET, HSETNX.</summary>
internal static class HashSet
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast;

    [RedisCommand("HSET", -4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Set the string value of a hash field", Complexity = "O(1) for each field/value pair added",
        Syntax = "key field_value{field value}...",
        Keys = "RW update @1")]
    public static void Execute(ref RedisCall call)
    {
        if (TrySetAll(ref call, out var added))
            call.Reply.Integer(added);
    }

    [RedisCommand("HMSET", -4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Set multiple hash fields to multiple values", Complexity = "O(N)",
        Syntax = "key field_value{field value}...",
        Keys = "RW update @1",
        Deprecated = "4.0.0 `HSET` with multiple field-value pairs")]
    public static void HMSet(ref RedisCall call)
    {
        if (TrySetAll(ref call, out _))
            call.Reply.Ok();
    }

    [RedisCommand("HSETNX", 4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Set the value of a hash field, only if the field does not exist", Complexity = "O(1)",
        Syntax = "key field value",
        Keys = "RW insert @1")]
    public static void HSetNx(ref RedisCall call)
    {
        if (!call.TryWrite<HashObject>(call[1], out var hash))
            return;
        if (hash?.Contains(call[2]) == true)
        {
            call.Reply.Integer(0);
            return;
        }
        Put(ref call, hash, call[2], call[3]);
        call.Modified(call[1], NotifyClass.Hash, "hset");
        call.Reply.Integer(1);
    }

    /// <summary>Sets a field of a hash that was looked up for writing, or of a new one.</summary>
    public static void Put(ref RedisCall call, HashObject? hash, scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value)
    {
        var target = hash ?? new HashObject();
        target.Set(field, value, call.Server.Options.Encodings);
        if (hash is null)
            call.Db.SetObject(call[1], target);
    }

    private static bool TrySetAll(ref RedisCall call, out int added)
    {
        added = 0;
        if (call.Count % 2 == 1)
        {
            call.Reply.Error(RedisErrors.WrongArity(call.Operation.Declaration.Name));
            return false;
        }
        if (!call.TryWrite<HashObject>(call[1], out var found))
            return false;
        var hash = found ?? new HashObject();
        var limits = call.Server.Options.Encodings;
        for (var i = 2; i < call.Count; i += 2)
        {
            if (hash.Set(call[i], call[i + 1], limits))
                added++;
        }
        if (found is null)
            call.Db.SetObject(call[1], hash);
        call.Server.Propagation.Dirty += (call.Count - 2) / 2 - 1;
        call.Modified(call[1], NotifyClass.Hash, "hset");
        return true;
    }
}
