using System.Globalization;

namespace Microcosm.Redis;

/// <summary>All options by name. What is not here is refused: an option without an effect would be a lie.</summary>
internal static class OptionTable
{
    private static readonly RedisOption[] Options =
    [
        Int("databases", 1, 1 << 20, o => o.Databases, (o, v) => o.Databases = v) with { IsImmutable = true },
        Int("maxclients", 1, int.MaxValue, o => o.MaxClients, (o, v) => o.MaxClients = v),
        Int("timeout", 0, int.MaxValue, o => o.TimeoutSeconds, (o, v) => o.TimeoutSeconds = v),
        Text("requirepass", o => o.RequirePass, (o, v) => o.RequirePass = v),
        Memory("proto-max-bulk-len", 1024 * 1024, o => o.ProtoMaxBulkLen, (o, v) => o.ProtoMaxBulkLen = v),
        Memory("client-query-buffer-limit", 1024 * 1024, o => o.ClientQueryBufferLimit, (o, v) => o.ClientQueryBufferLimit = v),
        new("client-output-buffer-limit", o => o.ClientOutputBufferLimit.ToString(), (o, v) =>
        {
            if (OutputBufferLimits.Parse(v, o.ClientOutputBufferLimit) is not { } limits)
                return "Error in soft_seconds setting in buffer limits, or wrong number of arguments";
            o.ClientOutputBufferLimit = limits;
            return null;
        }),
        Memory("maxmemory", 0, o => o.MaxMemory, (o, v) => o.MaxMemory = v),
        Choice("maxmemory-policy", PolicyNames, o => (int)o.MaxMemoryPolicy, (o, v) => o.MaxMemoryPolicy = (MaxMemoryPolicy)v),
        Int("maxmemory-samples", 1, int.MaxValue, o => o.MaxMemorySamples, (o, v) => o.MaxMemorySamples = v),
        Int("maxmemory-eviction-tenacity", 0, 100, o => o.MaxMemoryEvictionTenacity, (o, v) => o.MaxMemoryEvictionTenacity = v),
        Int("lfu-log-factor", 0, int.MaxValue, o => o.LfuLogFactor, (o, v) => o.LfuLogFactor = v),
        Int("lfu-decay-time", 0, int.MaxValue, o => o.LfuDecayTime, (o, v) => o.LfuDecayTime = v),
        Bool("lazyfree-lazy-expire", o => o.LazyfreeLazyExpire, (o, v) => o.LazyfreeLazyExpire = v),
        Bool("lazyfree-lazy-eviction", o => o.LazyfreeLazyEviction, (o, v) => o.LazyfreeLazyEviction = v),
        Bool("lazyfree-lazy-server-del", o => o.LazyfreeLazyServerDel, (o, v) => o.LazyfreeLazyServerDel = v),
        Bool("lazyfree-lazy-user-del", o => o.LazyfreeLazyUserDel, (o, v) => o.LazyfreeLazyUserDel = v),
        Bool("lazyfree-lazy-user-flush", o => o.LazyfreeLazyUserFlush, (o, v) => o.LazyfreeLazyUserFlush = v),
        new("save", o => o.Save, (o, v) =>
        {
            var words = v.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length % 2 != 0 || words.Any(w => !int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                return "Invalid save parameters";
            o.Save = string.Join(' ', words);
            return null;
        }),
        Text("dbfilename", o => o.DbFilename, (o, v) => o.DbFilename = v),
        Bool("rdbcompression", o => o.RdbCompression, (o, v) => o.RdbCompression = v),
        Bool("rdbchecksum", o => o.RdbChecksum, (o, v) => o.RdbChecksum = v) with { IsImmutable = true },
        Int("rdb-key-save-delay", int.MinValue, int.MaxValue, o => o.RdbKeySaveDelay, (o, v) => o.RdbKeySaveDelay = v),
        Int("key-load-delay", int.MinValue, int.MaxValue, o => o.KeyLoadDelay, (o, v) => o.KeyLoadDelay = v),
        Bool("stop-writes-on-bgsave-error", o => o.StopWritesOnBgsaveError, (o, v) => o.StopWritesOnBgsaveError = v),
        Text("sanitize-dump-payload", o => o.SanitizeDumpPayload, (o, v) => o.SanitizeDumpPayload = v),
        Bool("appendonly", o => o.AppendOnly, (o, v) => o.AppendOnly = v),
        Choice("appendfsync", ["no", "always", "everysec"], o => (int)o.AppendFsync, (o, v) => o.AppendFsync = (AppendFsync)v),
        Text("appendfilename", o => o.AppendFilename, (o, v) => o.AppendFilename = v) with { IsImmutable = true },
        Text("appenddirname", o => o.AppendDirName, (o, v) => o.AppendDirName = v) with { IsImmutable = true },
        Bool("no-appendfsync-on-rewrite", o => o.NoAppendFsyncOnRewrite, (o, v) => o.NoAppendFsyncOnRewrite = v),
        Int("auto-aof-rewrite-percentage", 0, int.MaxValue, o => o.AutoAofRewritePercentage, (o, v) => o.AutoAofRewritePercentage = v),
        Memory("auto-aof-rewrite-min-size", 0, o => o.AutoAofRewriteMinSize, (o, v) => o.AutoAofRewriteMinSize = v),
        Bool("aof-load-truncated", o => o.AofLoadTruncated, (o, v) => o.AofLoadTruncated = v),
        Bool("aof-use-rdb-preamble", o => o.AofUseRdbPreamble, (o, v) => o.AofUseRdbPreamble = v),
        Bool("aof-timestamp-enabled", o => o.AofTimestampEnabled, (o, v) => o.AofTimestampEnabled = v),
        Memory("slowlog-log-slower-than", -1, o => o.SlowlogLogSlowerThan, (o, v) => o.SlowlogLogSlowerThan = v),
        Int("slowlog-max-len", 0, int.MaxValue, o => o.SlowlogMaxLen, (o, v) => o.SlowlogMaxLen = v),
        Int("latency-monitor-threshold", 0, int.MaxValue, o => o.LatencyMonitorThreshold, (o, v) => o.LatencyMonitorThreshold = v),
        Int("hll-sparse-max-bytes", 0, int.MaxValue, o => o.HllSparseMaxBytes, (o, v) => o.HllSparseMaxBytes = v),
        Int("active-expire-effort", 1, 10, o => o.ActiveExpireEffort, (o, v) => o.ActiveExpireEffort = v),
        Int("hz", 0, int.MaxValue, o => o.Hz, (o, v) => o.Hz = Math.Clamp(v, 1, 500)),
        Int("hash-max-listpack-entries", 0, int.MaxValue, o => o.Encodings.HashMaxListpackEntries, (o, v) =>
            o.Encodings.HashMaxListpackEntries = v)
            with { Alias = "hash-max-ziplist-entries" },
        Memory("hash-max-listpack-value", 0, o => o.Encodings.HashMaxListpackValue, (o, v) => o.Encodings.HashMaxListpackValue = (int)v)
            with { Alias = "hash-max-ziplist-value" },
        Int("zset-max-listpack-entries", 0, int.MaxValue, o => o.Encodings.ZsetMaxListpackEntries, (o, v) =>
            o.Encodings.ZsetMaxListpackEntries = v)
            with { Alias = "zset-max-ziplist-entries" },
        Memory("zset-max-listpack-value", 0, o => o.Encodings.ZsetMaxListpackValue, (o, v) => o.Encodings.ZsetMaxListpackValue = (int)v)
            with { Alias = "zset-max-ziplist-value" },
        Int("set-max-intset-entries", 0, int.MaxValue, o => o.Encodings.SetMaxIntsetEntries, (o, v) => o.Encodings.SetMaxIntsetEntries = v),
        Int("list-max-listpack-size", int.MinValue, int.MaxValue, o => o.Encodings.ListMaxListpackSize, (o, v) =>
            o.Encodings.ListMaxListpackSize = v)
            with { Alias = "list-max-ziplist-size" },
        Int("list-compress-depth", 0, int.MaxValue, o => o.Encodings.ListCompressDepth, (o, v) => o.Encodings.ListCompressDepth = v),
        Int("min-replicas-to-write", 0, int.MaxValue, o => o.MinReplicasToWrite, (o, v) => o.MinReplicasToWrite = v)
            with { Alias = "min-slaves-to-write" },
        Int("min-replicas-max-lag", 0, int.MaxValue, o => o.MinReplicasMaxLag, (o, v) => o.MinReplicasMaxLag = v)
            with { Alias = "min-slaves-max-lag" },
        new("notify-keyspace-events", o => OptionText.Classes(o.NotifyKeyspaceEvents), (o, v) =>
        {
            if (OptionText.Classes(v) is not { } classes)
                return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
            o.NotifyKeyspaceEvents = classes;
            return null;
        }),
    ];

    private static readonly Dictionary<string, RedisOption> ByName = Index();

    private static string[] PolicyNames =>
        ["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "allkeys-lru", "allkeys-lfu", "allkeys-random", "noeviction"];

    /// <summary>All names, aliases included, with their options.</summary>
    public static IReadOnlyDictionary<string, RedisOption> All => ByName;

    public static bool TryFind(string name, out RedisOption option) => ByName.TryGetValue(name, out option!);

    private static Dictionary<string, RedisOption> Index()
    {
        var index = new Dictionary<string, RedisOption>(StringComparer.OrdinalIgnoreCase);
        foreach (var option in Options)
        {
            index.Add(option.Name, option);
            if (option.Alias is { } alias)
                index.Add(alias, option);
        }
        return index;
    }

    private static RedisOption Bool(string name, Func<RedisOptions, bool> get, Action<RedisOptions, bool> set) =>
        new(name, o => OptionText.Bool(get(o)), (o, v) =>
        {
            if (v.ToLowerInvariant() is not ("yes" or "no"))
                return "argument must be 'yes' or 'no'";
            set(o, v.Equals("yes", StringComparison.OrdinalIgnoreCase));
            return null;
        });

    private static RedisOption Int(string name, int min, int max, Func<RedisOptions, int> get, Action<RedisOptions, int> set) =>
        new(name, o => get(o).ToString(CultureInfo.InvariantCulture), (o, v) =>
        {
            if (!long.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                return "argument couldn't be parsed into an integer";
            if (value < min || value > max)
                return $"argument must be between {min} and {max} inclusive";
            set(o, (int)value);
            return null;
        });

    private static RedisOption Memory(string name, long min, Func<RedisOptions, long> get, Action<RedisOptions, long> set) =>
        new(name, o => get(o).ToString(CultureInfo.InvariantCulture), (o, v) =>
        {
            if (!OptionText.TryMemory(v, out var value)
                && !(min < 0 && long.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)))
                return "argument must be a memory value";
            if (value < min)
                return $"argument must be between {min} and {long.MaxValue} inclusive";
            set(o, value);
            return null;
        });

    private static RedisOption Text(string name, Func<RedisOptions, string> get, Action<RedisOptions, string> set) =>
        new(name, get, (o, v) =>
        {
            set(o, v);
            return null;
        });

    private static RedisOption Choice(string name, string[] words, Func<RedisOptions, int> get, Action<RedisOptions, int> set) =>
        new(name, o => words[get(o)], (o, v) =>
        {
            var at = System.Array.FindIndex(words, w => w.Equals(v, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
                return "argument(s) must be one of the following: " + string.Join(", ", words);
            set(o, at);
            return null;
        });
}
