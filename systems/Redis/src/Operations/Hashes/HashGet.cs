namespace Microcosm.Redis;

/// <summary>HGET, HMGET, HLEN, HSTRLEN, HEXISTS, HGETALL, HKEYS, HVALS.</summary>
internal static class HashGet
{
    private const RedisCommandFlags Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast;

    [RedisCommand("HGET", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Get the value of a hash field", Complexity = "O(1)",
        Syntax = "key field",
        Keys = "RO access @1")]
    public static void Execute(ref RedisCall call)
    {
        if (call.TryRead<HashObject>(call[1], out var hash))
            ReplyValue(ref call, hash, call[2]);
    }

    [RedisCommand("HMGET", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Get the values of all the given hash fields", Complexity = "O(N)",
        Syntax = "key field...",
        Keys = "RO access @1")]
    public static void HMGet(ref RedisCall call)
    {
        if (!call.TryRead<HashObject>(call[1], out var hash))
            return;
        call.Reply.Array(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
            ReplyValue(ref call, hash, call[i]);
    }

    [RedisCommand("HLEN", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Get the number of fields in a hash", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @1")]
    public static void HLen(ref RedisCall call)
    {
        if (call.TryRead<HashObject>(call[1], out var hash))
            call.Reply.Integer(hash?.Count ?? 0);
    }

    [RedisCommand("HSTRLEN", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "3.2.0", Group = "hash",
        Summary = "Get the length of the value of a hash field", Complexity = "O(1)",
        Syntax = "key field",
        Keys = "RO @1")]
    public static void HStrLen(ref RedisCall call)
    {
        if (!call.TryRead<HashObject>(call[1], out var hash))
            return;
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        call.Reply.Integer(hash is not null && hash.TryGet(call[2], out var value) ? value.Text(scratch).Length : 0);
    }

    [RedisCommand("HEXISTS", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Determine if a hash field exists", Complexity = "O(1)",
        Syntax = "key field",
        Keys = "RO @1")]
    public static void HExists(ref RedisCall call)
    {
        if (call.TryRead<HashObject>(call[1], out var hash))
            call.Reply.Integer(hash?.Contains(call[2]) == true ? 1 : 0);
    }

    [RedisCommand("HGETALL", 2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Get all the fields and values in a hash", Complexity = "O(N)",
        Syntax = "key",
        Keys = "RO access @1",
        Tips = "nondeterministic_output_order")]
    public static void HGetAll(ref RedisCall call)
    {
        if (!call.TryRead<HashObject>(call[1], out var hash))
            return;
        call.Reply.Map(hash?.Count ?? 0);
        if (hash is null)
            return;
        foreach (var pair in hash)
        {
            call.Reply.Bulk(pair.Field);
            call.Reply.Bulk(pair.Value);
        }
    }

    [RedisCommand("HKEYS", 2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Get all the fields in a hash", Complexity = "O(N)",
        Syntax = "key",
        Keys = "RO access @1",
        Tips = "nondeterministic_output_order")]
    public static void HKeys(ref RedisCall call) => ReplyHalf(ref call, fields: true);

    [RedisCommand("HVALS", 2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Get all the values in a hash", Complexity = "O(N)",
        Syntax = "key",
        Keys = "RO access @1",
        Tips = "nondeterministic_output_order")]
    public static void HVals(ref RedisCall call) => ReplyHalf(ref call, fields: false);

    private static void ReplyHalf(ref RedisCall call, bool fields)
    {
        if (!call.TryRead<HashObject>(call[1], out var hash))
            return;
        call.Reply.Array(hash?.Count ?? 0);
        if (hash is null)
            return;
        foreach (var pair in hash)
            call.Reply.Bulk(fields ? pair.Field : pair.Value);
    }

    private static void ReplyValue(ref RedisCall call, HashObject? hash, ReadOnlySpan<byte> field)
    {
        if (hash is not null && hash.TryGet(field, out var value))
            call.Reply.Bulk(value);
        else
            call.Reply.Null();
    }
}
