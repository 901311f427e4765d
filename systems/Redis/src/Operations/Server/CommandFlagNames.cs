namespace Microcosm.Redis;

/// <summary>Flags and ACL categories as COMMAND spells them.</summary>
internal static class CommandFlagNames
{
    private static readonly (RedisCommandFlags Flag, string Name)[] Names =
    [
        (RedisCommandFlags.Write, "write"), (RedisCommandFlags.ReadOnly, "readonly"), (RedisCommandFlags.DenyOom, "denyoom"),
        (RedisCommandFlags.Admin, "admin"), (RedisCommandFlags.PubSub, "pubsub"), (RedisCommandFlags.NoScript, "noscript"),
        (RedisCommandFlags.Blocking, "blocking"), (RedisCommandFlags.Loading, "loading"), (RedisCommandFlags.Stale, "stale"),
        (RedisCommandFlags.SkipMonitor, "skip_monitor"), (RedisCommandFlags.SkipSlowlog, "skip_slowlog"), (RedisCommandFlags.Fast, "fast"),
        (RedisCommandFlags.NoAuth, "no_auth"), (RedisCommandFlags.NoMulti, "no_multi"),
        (RedisCommandFlags.MovableKeys, "movablekeys"), (RedisCommandFlags.AllowBusy, "allow_busy"),
        (RedisCommandFlags.NoMandatoryKeys, "no_mandatory_keys"), (RedisCommandFlags.NoAsyncLoading, "no_async_loading"),
    ];

    private static readonly string[] Dangerous = ["FLUSHALL", "FLUSHDB", "INFO", "KEYS", "RESTORE", "SORT", "SORT_RO", "SWAPDB"];

    private static readonly string[] Containers = ["CLIENT", "CONFIG", "MEMORY", "OBJECT", "PUBSUB"];

    public static void Write(RespWriter reply, RedisCommandFlags flags)
    {
        var set = Names.Where(n => (flags & n.Flag) != 0).ToArray();
        reply.Set(set.Length);
        foreach (var (_, name) in set)
            reply.Simple(name);
    }

    public static void WriteCategories(RespWriter reply, RedisCommandAttribute declared)
    {
        var categories = Categories(declared);
        reply.Set(categories.Count);
        foreach (var category in categories)
            reply.Simple(category);
    }

    /// <summary>The categories, each with its @: those of the flags, then those of the group.</summary>
    public static List<string> Categories(RedisCommandAttribute declared)
    {
        var flags = declared.Flags;
        var categories = new List<string>();
        if ((flags & RedisCommandFlags.Write) != 0)
            categories.Add("@write");
        if ((flags & RedisCommandFlags.ReadOnly) != 0)
            categories.Add("@read");
        if ((flags & RedisCommandFlags.Admin) != 0)
            categories.Add("@admin");
        if ((flags & RedisCommandFlags.Admin) != 0 || Dangerous.Contains(declared.Name))
            categories.Add("@dangerous");
        if ((flags & RedisCommandFlags.PubSub) != 0)
            categories.Add("@pubsub");
        categories.Add((flags & RedisCommandFlags.Fast) != 0 ? "@fast" : "@slow");
        if ((flags & RedisCommandFlags.Blocking) != 0)
            categories.Add("@blocking");
        // A container does nothing itself.
        if (!Containers.Contains(declared.Name))
            categories.AddRange(OfGroup(declared));
        return categories;
    }

    private static string[] OfGroup(RedisCommandAttribute declared) => declared.Group switch
    {
        "string" => ["@string"],
        "list" => ["@list"],
        "hash" => ["@hash"],
        "set" => ["@set"],
        "sorted-set" => ["@sortedset"],
        "bitmap" => ["@bitmap"],
        "hyperloglog" => ["@hyperloglog"],
        "geo" => ["@geo"],
        "connection" => ["@connection"],
        "transactions" => ["@transaction"],
        "pubsub" => [],
        "server" when declared.Name.StartsWith("COMMAND", StringComparison.Ordinal) => ["@connection"],
        "server" => declared.Name is "DBSIZE" or "FLUSHALL" or "FLUSHDB" or "SWAPDB" ? ["@keyspace"] : [],
        _ => declared.Name is "SORT" or "SORT_RO" ? ["@list", "@set", "@sortedset"] : ["@keyspace"],
    };
}
