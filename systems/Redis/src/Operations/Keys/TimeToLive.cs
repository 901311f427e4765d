namespace Microcosm.Redis;

/// <summary>TTL, PTTL, EXPIRETIME, PEXPIRETIME: -2 for a missing key, -1 for one that stays.</summary>
internal static class TimeToLive
{
    private const RedisCommandFlags Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast;

    [RedisCommand("TTL", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Summary = "Get the time to live for a key in seconds", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO access @1",
        Tips = "nondeterministic_output")]
    public static void Ttl(ref RedisCall call) => Answer(ref call, relative: true, seconds: true);

    [RedisCommand("PTTL", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.6.0",
        Summary = "Get the time to live for a key in milliseconds", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO access @1",
        Tips = "nondeterministic_output")]
    public static void PTtl(ref RedisCall call) => Answer(ref call, relative: true, seconds: false);

    [RedisCommand("EXPIRETIME", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "7.0.0",
        Summary = "Get the expiration Unix timestamp for a key", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO access @1")]
    public static void ExpireTime(ref RedisCall call) => Answer(ref call, relative: false, seconds: true);

    [RedisCommand("PEXPIRETIME", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "7.0.0",
        Summary = "Get the expiration Unix timestamp for a key in milliseconds", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO access @1")]
    public static void PExpireTime(ref RedisCall call) => Answer(ref call, relative: false, seconds: false);

    private static void Answer(ref RedisCall call, bool relative, bool seconds)
    {
        var entry = call.Db.Peek(call[1]);
        if (entry.IsMissing || entry.ExpireAtMs < 0)
        {
            call.Reply.Integer(entry.IsMissing ? -2 : -1);
            return;
        }
        var value = relative ? Math.Max(0, entry.ExpireAtMs - call.NowMs) : entry.ExpireAtMs;
        call.Reply.Integer(seconds ? (value + 500) / 1000 : value);
    }
}
