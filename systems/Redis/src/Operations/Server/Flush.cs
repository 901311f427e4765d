namespace Microcosm.Redis;

/// <summary>FLUSHDB, FLUSHALL, SWAPDB, TIME, LOLWUT.</summary>
internal static class Flush
{
    [RedisCommand("FLUSHDB", -1, Flags = RedisCommandFlags.Write, Group = "server",
        Summary = "Remove all keys from the current database", Complexity = "O(N)",
        Syntax = "[async(ASYNC|SYNC)]",
        Tips = "request_policy:all_shards response_policy:all_succeeded")]
    public static void FlushDb(ref RedisCall call)
    {
        if (HasMode(ref call))
            Empty(ref call, [call.Db]);
    }

    [RedisCommand("FLUSHALL", -1, Flags = RedisCommandFlags.Write, Group = "server",
        Summary = "Remove all keys from all databases", Complexity = "O(N)",
        Syntax = "[async(ASYNC|SYNC)]",
        Tips = "request_policy:all_shards response_policy:all_succeeded")]
    public static void FlushAll(ref RedisCall call)
    {
        if (HasMode(ref call))
            Empty(ref call, call.Server.Databases);
    }

    [RedisCommand("TIME", 1, Flags = RedisCommandFlags.Loading | RedisCommandFlags.Stale | RedisCommandFlags.Fast, Since = "2.6.0",
        Group = "server",
        Summary = "Return the current server time", Complexity = "O(1)",
        Tips = "nondeterministic_output")]
    public static void Time(ref RedisCall call)
    {
        var micros = (call.Server.Context.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
        call.Reply.Array(2);
        call.Reply.BulkInteger(micros / 1_000_000);
        call.Reply.BulkInteger(micros % 1_000_000);
    }

    [RedisCommand("SWAPDB", 3, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, Since = "4.0.0", Group = "server",
        Summary = "Swap two Redis databases", Complexity = "O(N)",
        Syntax = "index1:integer index2:integer")]
    public static void SwapDb(ref RedisCall call)
    {
        if (!call.TryInteger(1, out var a, "ERR invalid first DB index") || !call.TryInteger(2, out var b, "ERR invalid second DB index"))
            return;
        var databases = call.Server.Databases;
        if (a < 0 || a >= databases.Length || b < 0 || b >= databases.Length)
        {
            call.Reply.Error(RedisErrors.DbIndexOutOfRange);
            return;
        }
        if (a != b)
            call.Server.Swap((int)a, (int)b);
        call.Server.Propagation.Dirty++;
        call.Reply.Ok();
    }

    private static bool HasMode(ref RedisCall call)
    {
        if (call.Count == 1 || (call.Count == 2 && (call.Is(1, "SYNC"u8) || call.Is(1, "ASYNC"u8))))
            return true;
        call.SyntaxError();
        return false;
    }

    private static void Empty(ref RedisCall call, Database[] databases)
    {
        foreach (var db in databases)
        {
            call.Server.Watches.Emptied(db);
            db.Clear();
        }
        // Propagates even when nothing was there: a replica may differ.
        call.Server.Propagation.Dirty++;
        call.Reply.Ok();
    }
}
