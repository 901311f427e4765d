using System.Globalization;

namespace Microcosm.Redis;

/// <summary>SCAN, KEYS, RANDOMKEY, DBSIZE.</summary>
internal static class Scan
{
    [RedisCommand("SCAN", -2, Flags = RedisCommandFlags.ReadOnly, Since = "2.8.0",
        Summary = "Incrementally iterate the keys space", Complexity = "O(1) for every call",
        Syntax = "cursor:integer [MATCH pattern:pattern] [COUNT count:integer] [TYPE type]",
        Tips = "nondeterministic_output request_policy:special")]
    public static void Execute(ref RedisCall call)
    {
        if (!ScanOptions.TryCursor(ref call, 1, out var cursor))
            return;
        var options = new ScanOptions();
        if (!options.TryParse(ref call, 2, withType: true))
            return;
        var found = new List<byte[]>();
        var seen = new List<object>();
        // Visits at most ten times COUNT buckets, so that a sparse table costs no more than Redis'.
        for (long buckets = 0; ; buckets++)
        {
            cursor = call.Db.Scan(cursor, seen, static (list, stored) => list.Add(stored));
            if (cursor == 0 || seen.Count >= options.Count || buckets >= options.Count * 10)
                break;
        }
        foreach (var stored in seen)
        {
            var key = new Entry(stored).Key.ToArray();
            if (options.Pattern is { } pattern && !Glob.Matches(pattern, key))
                continue;
            // Looking it up expires it if its time is up.
            var entry = call.Db.Peek(key);
            if (entry.IsMissing || (options.Type is { } type && TypeNames.Of(entry.Type) != type))
                continue;
            found.Add(key);
        }
        call.Reply.Array(2);
        call.Reply.Bulk(cursor.ToString(CultureInfo.InvariantCulture));
        call.Reply.Array(found.Count);
        foreach (var key in found)
            call.Reply.Bulk(key);
    }

    [RedisCommand("KEYS", 2, Flags = RedisCommandFlags.ReadOnly, Summary = "Find all keys matching the given pattern", Complexity = "O(N)",
        Syntax = "pattern:pattern",
        Tips = "request_policy:all_shards nondeterministic_output_order")]
    public static void Keys(ref RedisCall call)
    {
        var pattern = call.Copy(1);
        var found = new List<byte[]>();
        foreach (var entry in call.Db.All())
        {
            if (Glob.Matches(pattern, entry.Key) && (entry.ExpireAtMs < 0 || entry.ExpireAtMs >= call.NowMs))
                found.Add(entry.Key.ToArray());
        }
        call.Reply.Array(found.Count);
        foreach (var key in found)
            call.Reply.Bulk(key);
    }

    [RedisCommand("RANDOMKEY", 1, Flags = RedisCommandFlags.ReadOnly, Summary = "Return a random key from the keyspace",
        Complexity = "O(1)",
        Tips = "request_policy:all_shards nondeterministic_output")]
    public static void RandomKey(ref RedisCall call)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var entry = call.Db.Random(call.Server.Random);
            if (entry.IsMissing)
                break;
            var key = entry.Key.ToArray();
            if (call.Db.Peek(key).IsMissing)
                continue;
            call.Reply.Bulk(key);
            return;
        }
        call.Reply.Null();
    }

    [RedisCommand("DBSIZE", 1, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, Group = "server",
        Summary = "Return the number of keys in the selected database", Complexity = "O(1)",
        Tips = "request_policy:all_shards response_policy:agg_sum")]
    public static void DbSize(ref RedisCall call) => call.Reply.Integer(call.Db.Count);
}
