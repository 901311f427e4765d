namespace Microcosm.Redis;

/// <summary>GET.</summary>
internal static class Get
{
    [RedisCommand("GET", 2, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Group = "string", Summary = "Get the value of a key", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO access @1")]
    public static void Execute(ref RedisCall call)
    {
        if (!call.TryReadString(call[1], out var entry))
            return;
        if (entry.IsMissing)
            call.Reply.Null();
        else
            call.Reply.Bulk(entry.StringValue);
    }
}
