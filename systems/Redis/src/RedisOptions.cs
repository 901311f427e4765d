namespace Microcosm.Redis;

/// <summary>
/// Options of one Redis server, named and spelled as in redis.conf. CONFIG GET and SET, <c>cosm up --set redis.…</c> and the C# API
/// all come here. Defaults are those of Redis 7.0 but for what the world needs otherwise (no save points, DEBUG allowed).
/// </summary>
public sealed class RedisOptions
{
    /// <summary><c>databases</c></summary>
    public int Databases { get; set; } = 16;

    /// <summary><c>maxmemory</c>, bytes; 0 is no limit.</summary>
    public long MaxMemory { get; set; }

    /// <summary><c>lazyfree-lazy-expire</c>: expired keys propagate as UNLINK.</summary>
    public bool LazyfreeLazyExpire { get; set; }

    /// <summary><c>notify-keyspace-events</c></summary>
    internal NotifyClass NotifyKeyspaceEvents { get; set; }

    /// <summary>Thresholds of encodings (<c>hash-max-listpack-entries</c> …).</summary>
    internal EncodingLimits Encodings { get; } = new();
}
