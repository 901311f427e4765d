using System.Text;

namespace Microcosm.Redis;

/// <summary>What happens around the keys of all databases: statistics, LRU marks, lazy expiry, snapshots.</summary>
internal sealed class KeyspaceEvents(RedisServer server) : IDatabaseEvents
{
    /// <summary>A running snapshot wants to see entries before they change; null when none runs.</summary>
    public Action<Database, Entry>? OnBeforeChange { get; set; }

    /// <summary>A running snapshot is told that a database is emptied.</summary>
    public Action<Database>? OnBeforeClear { get; set; }

    /// <summary>Marks a use for LRU or LFU; null while maxmemory-policy needs none. Set by eviction.</summary>
    public Action<Entry>? OnTouch { get; set; }

    public bool SnapshotBit { get; set; }

    public long NowMs => server.NowMs;

    /// <summary>Seconds, 24 bits, as Redis' LRU clock; eviction puts the LFU form in its place.</summary>
    public uint LruNow => LruOverride?.Invoke() ?? (uint)(server.NowMs / 1000) & 0xffffff;

    /// <summary>LFU's fresh counter, when that policy holds.</summary>
    public Func<uint>? LruOverride { get; set; }

    /// <summary>CLIENT NO-TOUCH and commands that only look (TYPE, TTL, EXISTS on a paused server) leave no mark.</summary>
    public void Looked(Database database, ReadOnlySpan<byte> key, Entry entry, bool forWrite)
    {
        if (entry.Exists)
        {
            if (!forWrite)
                server.Stats.KeyspaceHits++;
            if (OnTouch is { } touch)
                touch(entry);
            else
                entry.Lru = LruNow;
        }
        else if (!forWrite)
        {
            server.Stats.KeyspaceMisses++;
            if ((server.Options.NotifyKeyspaceEvents & NotifyClass.KeyMiss) != 0)
                server.PubSub.NotifyKeyspace(database, key, NotifyClass.KeyMiss, "keymiss");
        }
    }

    public bool Expired(Database database, ReadOnlySpan<byte> key)
    {
        if (server.IsLoading)
            return false;
        var copy = key.ToArray();
        database.Remove(copy);
        server.Stats.ExpiredKeys++;
        server.Propagation.Also(database.Index, Encoding.ASCII.GetBytes(server.Options.LazyfreeLazyExpire ? "UNLINK" : "DEL"), copy);
        server.Modified(null, database, copy, NotifyClass.Expired, "expired");
        return true;
    }

    public void BeforeChange(Database database, Entry entry) => OnBeforeChange?.Invoke(database, entry);

    public void ExpirySet(long atMs)
    {
        if (server.Options.ActiveExpire && !server.IsLoading)
            server.Alarm.Arm(atMs + 1);
    }

    public void BeforeClear(Database database) => OnBeforeClear?.Invoke(database);
}
