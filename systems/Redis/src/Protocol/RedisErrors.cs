namespace Microcosm.Redis;

/// <summary>Error texts that many commands share, in Redis' own words (server.c <c>createSharedObjects</c>).</summary>
internal static class RedisErrors
{
    public const string WrongType = "WRONGTYPE Operation against a key holding the wrong kind of value";
    public const string Syntax = "ERR syntax error";
    public const string NotAnInteger = "ERR value is not an integer or out of range";
    public const string NotAFloat = "ERR value is not a valid float";
    public const string NoSuchKey = "ERR no such key";
    public const string IndexOutOfRange = "ERR index out of range";
    public const string SameObject = "ERR source and destination objects are the same";
    public const string TimeoutNotFloat = "ERR timeout is not a float or out of range";
    public const string TimeoutNegative = "ERR timeout is negative";
    public const string Misconfigured = "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. "
        + "Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB "
        + "snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.";

    public const string Oom = "OOM command not allowed when used memory > 'maxmemory'.";
    public const string NoReplicas = "NOREPLICAS Not enough good replicas to write.";
    public const string NoAuth = "NOAUTH Authentication required.";
    public const string Loading = "LOADING Redis is loading the dataset in memory";
    public const string ExecAbort = "EXECABORT Transaction discarded because of previous errors.";
    public const string DbIndexOutOfRange = "ERR DB index is out of range";
    public const string BusyKey = "BUSYKEY Target key name already exists.";
    public const string NotPositive = "ERR value is out of range, must be positive";

    /// <summary>The first word, which clients tell errors by.</summary>
    public static string Kind(string error) => error.IndexOf(' ') is >= 0 and var space ? error[..space] : error;

    /// <param name="error">In strerror's words.</param>
    public static string AofUnwritable(string error) => "MISCONF Errors writing to the AOF file: " + error;

    public static string WrongArity(string command) => $"ERR wrong number of arguments for '{command.ToLowerInvariant()}' command";
}
