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
        (RedisCommandFlags.NoAuth, "no_auth"), (RedisCommandFlags.MayReplicate, "may_replicate"), (RedisCommandFlags.NoMulti, "no_multi"),
        (RedisCommandFlags.MovableKeys, "movablekeys"), (RedisCommandFlags.AllowBusy, "allow_busy"),
        (RedisCommandFlags.NoMandatoryKeys, "no_mandatory_keys"), (RedisCommandFlags.NoAsyncLoading, "no_async_loading"),
    ];

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

    /// <summary>The categories, each with its @.</summary>
    public static List<string> Categories(RedisCommandAttribute declared)
    {
        var flags = declared.Flags;
        var categories = new List<string>();
        if ((flags & RedisCommandFlags.Write) != 0)
            categories.Add("@write");
        if ((flags & RedisCommandFlags.ReadOnly) != 0)
            categories.Add("@read");
        categories.Add(declared.Group switch
        {
            "string" => "@string",
            "list" => "@list",
            "hash" => "@hash",
            "set" => "@set",
            "sorted-set" => "@sortedset",
            "bitmap" => "@bitmap",
            "hyperloglog" => "@hyperloglog",
            "geo" => "@geo",
            "pubsub" => "@pubsub",
            "connection" => "@connection",
            "transactions" => "@transaction",
            "server" => "@admin",
            _ => "@keyspace",
        });
        categories.Add((flags & RedisCommandFlags.Fast) != 0 ? "@fast" : "@slow");
        if ((flags & RedisCommandFlags.Blocking) != 0)
            categories.Add("@blocking");
        return categories;
    }
}
