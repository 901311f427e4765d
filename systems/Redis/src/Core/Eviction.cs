using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Frees memory when the keys hold more than <c>maxmemory</c>, by <c>maxmemory-policy</c> (evict.c). LRU and LFU are approximated by
/// sampling into an <see cref="EvictionPool"/>; volatile-ttl is exact, since the keys that expire lie in order. What goes is written to
/// the log as DEL or UNLINK, so that a replay needs no eviction.
/// </summary>
internal sealed class Eviction
{
    private const int KeysBetweenLooks = 16;

    private readonly RedisServer _server;
    private readonly RandomStream _random;
    private readonly EvictionPool _pool = new();
    private MaxMemoryPolicy _pooledFor;
    private int _nextDb;
    private bool _isRunning;
    private long? _exceededSinceMs;
    private long _exceededMs;

    public Eviction(RedisServer server, RandomStream random)
    {
        _server = server;
        _random = random;
        server.Dispatcher.MakeRoom = MakeRoom;
        server.Periodic.Add(Continue);
    }

    /// <summary>How long memory has been above the limit since the last reset, the present excess included.</summary>
    public long TotalExceededMs => _exceededMs + CurrentExceededMs;

    /// <summary>How long memory has been above the limit without a pause; 0 when it is not.</summary>
    public long CurrentExceededMs => _exceededSinceMs is { } since ? Math.Max(0, _server.NowMs - since) : 0;

    private RedisOptions Options => _server.Options;

    private bool IsOver => Options.MaxMemory > 0 && _server.UsedMemory() > Options.MaxMemory;

    private bool TakesAllKeys =>
        Options.MaxMemoryPolicy is MaxMemoryPolicy.AllKeysLru or MaxMemoryPolicy.AllKeysLfu or MaxMemoryPolicy.AllKeysRandom;

    // 50 us a point up to 10; then 15 % more a point, up to about two minutes at 99; 100 has no limit.
    private double LimitMs => Options.MaxMemoryEvictionTenacity switch
    {
        <= 10 => 0.05 * Options.MaxMemoryEvictionTenacity,
        < 100 => 0.5 * Math.Pow(1.15, Options.MaxMemoryEvictionTenacity - 10),
        _ => double.PositiveInfinity,
    };

    /// <summary>The options have changed: memory above the limit goes soon, even if no command comes.</summary>
    public void Reconsider()
    {
        if (!IsOver)
            return;
        _isRunning = true;
        _server.Alarm.Arm(_server.NowMs);
    }

    /// <summary>CONFIG RESETSTAT.</summary>
    public void ResetStat() => (_exceededMs, _exceededSinceMs) = (0, null);

    /// <summary>
    /// Evicts until the limit is kept or the time for it is up, when the rest follows soon. False when too much is left and nothing may go.
    /// </summary>
    public bool MakeRoom()
    {
        if (_server.IsLoading)
            return true;
        var wasAbleTo = Evict();
        if (!_isRunning && wasAbleTo)
        {
            _exceededMs += CurrentExceededMs;
            _exceededSinceMs = null;
        }
        else
        {
            _exceededSinceMs ??= _server.NowMs;
        }
        return wasAbleTo;
    }

    private bool Evict()
    {
        _isRunning = false;
        if (!IsOver)
            return true;
        if (Options.MaxMemoryPolicy == MaxMemoryPolicy.NoEviction)
            return false;
        var start = _server.ReadClockMs();
        for (var evicted = 0; IsOver;)
        {
            if (!TryChoose(out var db, out var key))
                return false;
            Evict(db, key);
            // The clock counts whole milliseconds: a shorter limit ends with the millisecond, and none at once.
            if (++evicted % KeysBetweenLooks == 0 && (LimitMs == 0 || _server.ReadClockMs() - start > LimitMs))
            {
                _isRunning = true;
                _server.Alarm.Arm(_server.NowMs);
                break;
            }
        }
        return true;
    }

    private void Evict(Database db, byte[] key)
    {
        db.Remove(key);
        _server.Stats.EvictedKeys++;
        _server.Gone(db, key, NotifyClass.Evicted, "evicted");
        _server.Propagation.Also(db.Index, Options.LazyfreeLazyEviction ? "UNLINK"u8.ToArray() : "DEL"u8.ToArray(), key);
    }

    private long Continue(long now)
    {
        if (!_isRunning)
            return long.MaxValue;
        MakeRoom();
        return _isRunning ? now : long.MaxValue;
    }

    private bool TryChoose(out Database db, out byte[] key) => Options.MaxMemoryPolicy switch
    {
        MaxMemoryPolicy.AllKeysRandom or MaxMemoryPolicy.VolatileRandom => TryChooseRandom(out db, out key),
        MaxMemoryPolicy.VolatileTtl => TryChooseSoonest(out db, out key),
        _ => TryChooseFromPool(out db, out key),
    };

    // The databases take turns.
    private bool TryChooseRandom(out Database db, out byte[] key)
    {
        foreach (var _ in _server.Databases)
        {
            db = _server.Databases[_nextDb = (_nextDb + 1) % _server.Databases.Length];
            if (!Sample(db, out var entry))
                continue;
            key = entry.Key.ToArray();
            return true;
        }
        (db, key) = (_server.Databases[0], []);
        return false;
    }

    private bool TryChooseSoonest(out Database db, out byte[] key)
    {
        (db, key) = (_server.Databases[0], []);
        var soonest = long.MaxValue;
        foreach (var candidate in _server.Databases)
        {
            if (candidate.NextToExpire() is not { Exists: true } entry || entry.ExpireAtMs >= soonest)
                continue;
            (db, key, soonest) = (candidate, entry.Key.ToArray(), entry.ExpireAtMs);
        }
        return soonest != long.MaxValue;
    }

    private bool TryChooseFromPool(out Database db, out byte[] key)
    {
        if (_pooledFor != Options.MaxMemoryPolicy)
            _pool.Clear();
        _pooledFor = Options.MaxMemoryPolicy;
        while (Populate())
        {
            while (_pool.TryTake(out var candidate))
            {
                (db, key) = (_server.Databases[candidate.Db], candidate.Key);
                var entry = db.Stored(key);
                // A ghost is gone, does not expire any more, or has been used since.
                if (entry.Exists && (TakesAllKeys || entry.ExpireAtMs >= 0) && Score(entry) >= candidate.Score)
                    return true;
            }
        }
        (db, key) = (_server.Databases[0], []);
        return false;
    }

    // False when there is no key that may go.
    private bool Populate()
    {
        var any = false;
        foreach (var db in _server.Databases)
        {
            for (var i = 0; i < Options.MaxMemorySamples && Sample(db, out var entry); i++)
            {
                any = true;
                _pool.Offer(Score(entry), db.Index, entry.Key);
            }
        }
        return any;
    }

    private bool Sample(Database db, out Entry entry)
    {
        entry = TakesAllKeys ? db.Sample(_random) : db.SampleVolatile(_random);
        return entry.Exists;
    }

    private long Score(Entry entry) =>
        Options.IsLfu ? 255 - _server.Lfu.DecayedCounter(entry.Lru) : _server.Events.IdleSeconds(entry);
}
