namespace Microcosm.Redis;

/// <summary>SCARD, SISMEMBER, SMISMEMBER, SMEMBERS.</summary>
internal static class SetRead
{
    private const RedisCommandFlags Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast;

    [RedisCommand("SCARD", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "set",
        Summary = "Get the number of members in a set", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @1")]
    public static void SCard(ref RedisCall call)
    {
        if (call.TryRead<SetObject>(call[1], out var set))
            call.Reply.Integer(set?.Count ?? 0);
    }

    [RedisCommand("SISMEMBER", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "set",
        Summary = "Determine if a given value is a member of a set", Complexity = "O(1)",
        Syntax = "key member",
        Keys = "RO @1")]
    public static void SIsMember(ref RedisCall call)
    {
        if (call.TryRead<SetObject>(call[1], out var set))
            call.Reply.Integer(set?.Contains(call[2]) == true ? 1 : 0);
    }

    [RedisCommand("SMISMEMBER", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "6.2.0", Group = "set",
        Summary = "Returns the membership associated with the given elements for a set", Complexity = "O(N)",
        Syntax = "key member...",
        Keys = "RO access @1")]
    public static void SMIsMember(ref RedisCall call)
    {
        if (!call.TryRead<SetObject>(call[1], out var set))
            return;
        call.Reply.Array(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
            call.Reply.Integer(set?.Contains(call[i]) == true ? 1 : 0);
    }

    [RedisCommand("SMEMBERS", 2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "set",
        Summary = "Get all the members in a set", Complexity = "O(N)",
        Syntax = "key",
        Keys = "RO access @1",
        Tips = "nondeterministic_output_order")]
    public static void SMembers(ref RedisCall call)
    {
        if (call.TryRead<SetObject>(call[1], out var set))
            ReplyAll(call.Reply, set);
    }

    /// <summary>Answers all members as a set.</summary>
    public static void ReplyAll(RespWriter reply, SetObject? set)
    {
        reply.Set(set?.Count ?? 0);
        if (set is null)
            return;
        foreach (var member in set)
            reply.Bulk(member);
    }
}
