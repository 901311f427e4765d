namespace Microcosm.Redis;

/// <summary>PING and ECHO.</summary>
internal static class Ping
{
    [RedisCommand("PING", -1, Flags = RedisCommandFlags.Fast, Group = "connection",
        Summary = "Ping the server", Complexity = "O(1)",
        Syntax = "[message]",
        Tips = "request_policy:all_shards response_policy:all_succeeded")]
    public static void Execute(ref RedisCall call)
    {
        if (call.Count > 2)
        {
            call.Reply.Error(RedisErrors.WrongArity("PING"));
            return;
        }
        if (call.Client.Subscriptions > 0 && call.Reply.Protocol == 2)
        {
            call.Reply.Array(2);
            call.Reply.Bulk("pong"u8);
            call.Reply.Bulk(call.Count == 2 ? call[1] : default);
        }
        else if (call.Count == 1)
        {
            call.Reply.Raw("+PONG\r\n"u8);
        }
        else
        {
            call.Reply.Bulk(call[1]);
        }
    }

    [RedisCommand("ECHO", 2, Flags = RedisCommandFlags.Fast | RedisCommandFlags.Loading | RedisCommandFlags.Stale, Group = "connection",
        Summary = "Echo the given string", Complexity = "O(1)",
        Syntax = "message")]
    public static void Echo(ref RedisCall call) => call.Reply.Bulk(call[1]);
}
