using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Options of one Redis server, named and spelled as in redis.conf. CONFIG GET and SET, <c>cosm up --set redis.…</c> and this class reach
/// the same values. Defaults are those of Redis 7.0, but that DEBUG is allowed: a world is for tests.
/// </summary>
public sealed class RedisOptions
{
    /// <summary>The version that this server says it is; behaviour is judged against it.</summary>
    public const string Version = "7.0.15";

    /// <summary><c>databases</c></summary>
    public int Databases { get; set; } = 16;

    /// <summary><c>maxclients</c></summary>
    [Limit("maxclients")]
    public int MaxClients { get; set; } = 10000;

    /// <summary><c>timeout</c>: seconds after which idle clients are closed; 0 never.</summary>
    public int TimeoutSeconds { get; set; }

    /// <summary><c>requirepass</c></summary>
    public string RequirePass { get; set; } = "";

    /// <summary><c>proto-max-bulk-len</c>, bytes.</summary>
    [Limit("proto-max-bulk-len")]
    public long ProtoMaxBulkLen { get; set; } = 512L * 1024 * 1024;

    /// <summary><c>client-query-buffer-limit</c>, bytes.</summary>
    [Limit("client-query-buffer-limit")]
    public long ClientQueryBufferLimit { get; set; } = 1024L * 1024 * 1024;

    /// <summary><c>client-output-buffer-limit</c></summary>
    [Limit("client-output-buffer-limit")]
    public OutputBufferLimits ClientOutputBufferLimit { get; set; } = OutputBufferLimits.Default;

    /// <summary><c>maxmemory</c>, bytes; 0 is no limit.</summary>
    [Limit("maxmemory")]
    public long MaxMemory { get; set; }

    /// <summary><c>maxmemory-policy</c></summary>
    public MaxMemoryPolicy MaxMemoryPolicy { get; set; } = MaxMemoryPolicy.NoEviction;

    /// <summary><c>maxmemory-samples</c></summary>
    public int MaxMemorySamples { get; set; } = 5;

    /// <summary><c>maxmemory-eviction-tenacity</c></summary>
    public int MaxMemoryEvictionTenacity { get; set; } = 10;

    /// <summary><c>lfu-log-factor</c></summary>
    public int LfuLogFactor { get; set; } = 10;

    /// <summary><c>lfu-decay-time</c>, minutes.</summary>
    public int LfuDecayTime { get; set; } = 1;

    /// <summary><c>lazyfree-lazy-expire</c>: expired keys propagate as UNLINK.</summary>
    public bool LazyfreeLazyExpire { get; set; }

    /// <summary><c>lazyfree-lazy-eviction</c>: evicted keys propagate as UNLINK.</summary>
    public bool LazyfreeLazyEviction { get; set; }

    /// <summary><c>lazyfree-lazy-server-del</c></summary>
    public bool LazyfreeLazyServerDel { get; set; }

    /// <summary><c>lazyfree-lazy-user-del</c></summary>
    public bool LazyfreeLazyUserDel { get; set; }

    /// <summary><c>lazyfree-lazy-user-flush</c></summary>
    public bool LazyfreeLazyUserFlush { get; set; }

    /// <summary><c>save</c>: pairs of seconds and changes; empty for none.</summary>
    public string Save { get; set; } = "3600 1 300 100 60 10000";

    /// <summary><c>dbfilename</c></summary>
    public string DbFilename { get; set; } = "dump.rdb";

    /// <summary><c>rdbcompression</c></summary>
    public bool RdbCompression { get; set; } = true;

    /// <summary><c>rdbchecksum</c></summary>
    public bool RdbChecksum { get; set; } = true;

    /// <summary><c>rdb-key-save-delay</c>, microseconds; for tests.</summary>
    public int RdbKeySaveDelay { get; set; }

    /// <summary><c>key-load-delay</c>, microseconds; for tests.</summary>
    public int KeyLoadDelay { get; set; }

    /// <summary><c>stop-writes-on-bgsave-error</c></summary>
    public bool StopWritesOnBgsaveError { get; set; } = true;

    /// <summary><c>sanitize-dump-payload</c></summary>
    public string SanitizeDumpPayload { get; set; } = "no";

    /// <summary><c>appendonly</c></summary>
    public bool AppendOnly { get; set; }

    /// <summary><c>appendfsync</c></summary>
    public AppendFsync AppendFsync { get; set; } = AppendFsync.EverySec;

    /// <summary><c>appendfilename</c></summary>
    public string AppendFilename { get; set; } = "appendonly.aof";

    /// <summary><c>appenddirname</c></summary>
    public string AppendDirName { get; set; } = "appendonlydir";

    /// <summary><c>no-appendfsync-on-rewrite</c></summary>
    public bool NoAppendFsyncOnRewrite { get; set; }

    /// <summary><c>auto-aof-rewrite-percentage</c></summary>
    public int AutoAofRewritePercentage { get; set; } = 100;

    /// <summary><c>auto-aof-rewrite-min-size</c>, bytes.</summary>
    public long AutoAofRewriteMinSize { get; set; } = 64L * 1024 * 1024;

    /// <summary><c>aof-load-truncated</c></summary>
    public bool AofLoadTruncated { get; set; } = true;

    /// <summary><c>aof-use-rdb-preamble</c></summary>
    public bool AofUseRdbPreamble { get; set; } = true;

    /// <summary><c>aof-timestamp-enabled</c></summary>
    public bool AofTimestampEnabled { get; set; }

    /// <summary><c>slowlog-log-slower-than</c>, microseconds; below 0 off.</summary>
    public long SlowlogLogSlowerThan { get; set; } = 10000;

    /// <summary><c>slowlog-max-len</c></summary>
    public int SlowlogMaxLen { get; set; } = 128;

    /// <summary><c>latency-monitor-threshold</c>, milliseconds; 0 off.</summary>
    public int LatencyMonitorThreshold { get; set; }

    /// <summary><c>hll-sparse-max-bytes</c></summary>
    public int HllSparseMaxBytes { get; set; } = 3000;

    /// <summary><c>active-expire-effort</c></summary>
    public int ActiveExpireEffort { get; set; } = 1;

    /// <summary><c>hz</c></summary>
    public int Hz { get; set; } = 10;

    /// <summary><c>min-replicas-to-write</c>: writes are refused with fewer replicas than this; 0 for never. There are none.</summary>
    public int MinReplicasToWrite { get; set; }

    /// <summary><c>min-replicas-max-lag</c>, seconds; 0 switches <see cref="MinReplicasToWrite"/> off.</summary>
    public int MinReplicasMaxLag { get; set; } = 10;

    /// <summary>DEBUG SET-ACTIVE-EXPIRE.</summary>
    internal bool ActiveExpire { get; set; } = true;

    /// <summary>Snapshots give about so many keys a turn.</summary>
    internal int SnapshotKeys { get; set; } = 1000;

    /// <summary>Snapshots sync after so many bytes, so that the end does not ask all of the disk (rdb-save-incremental-fsync).</summary>
    internal int SnapshotSyncBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary><c>notify-keyspace-events</c></summary>
    internal NotifyClass NotifyKeyspaceEvents { get; set; }

    /// <summary>Thresholds of encodings (<c>hash-max-listpack-entries</c> …).</summary>
    internal EncodingLimits Encodings { get; } = new();

    /// <summary>Told the name of each option that CONFIG SET has changed.</summary>
    internal Action<string>? Changed { get; set; }

    internal bool IsLfu => MaxMemoryPolicy is MaxMemoryPolicy.AllKeysLfu or MaxMemoryPolicy.VolatileLfu;

    /// <summary>Sets an option by its name in redis.conf. Throws <see cref="ArgumentException"/> with Redis' own wording.</summary>
    public void Set(string name, string value)
    {
        if (!OptionTable.TryFind(name, out var option))
            throw new ArgumentException($"Unknown option or number of arguments for CONFIG SET - '{name}'");
        if (option.Set(this, value) is { } problem)
            throw new ArgumentException($"CONFIG SET failed (possibly related to argument '{name}') - {problem}");
        Changed?.Invoke(option.Name);
    }

    /// <summary>The value of an option as CONFIG GET prints it, or null if there is no such option.</summary>
    public string? Get(string name) => OptionTable.TryFind(name, out var option) ? option.Get(this) : null;
}
