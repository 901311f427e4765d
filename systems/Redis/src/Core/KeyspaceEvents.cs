using System.Text;

namespace Microcosm.Redis;

/// <summary>What happens around the keys of all databases: statistics, LRU marks, lazy expiry, snapshots.</summary>
internal sealed class KeyspaceEvents(RedisServer server) : IDatabaseEvents
{
    /// <summary>A running snapshot wants to see entries before they change; null when none runs.</summary>
    public Action<Database, Entry>? OnBeforeChange { get; set; }

    /// <summary>A running snapshot is told that a database is emptied.</summary>
    public Action<Database>? OnBeforeClear { get; set; }

    public bool SnapshotBit { get; set; }

    public long NowMs => server.NowMs;

    /// <summary>The mark of a new key: the LRU clock, or LFU's fresh counter under such a policy.</summary>
    public uint LruNow => server.Options.IsLfu ? server.Lfu.Fresh : LruClock;

    // Seconds, 24 bits.
    private uint LruClock => (uint)(server.NowMs / 1000) & 0xffffff;

    /// <summary>Seconds since the last use, from the LRU clock.</summary>
    public uint IdleSeconds(Entry entry) => (LruClock - entry.Lru) & 0xffffff;

    /// <summary>
    /// Marks a key that was saved with seconds of idleness or an LFU counter, -1 for none; what the policy does not use is ignored.
    /// </summary>
    public void SetMark(Entry entry, long idleSeconds, long frequency)
    {
        if (!server.Options.IsLfu && idleSeconds >= 0)
            entry.Lru = (uint)(LruClock - idleSeconds) & 0xffffff;
        else if (server.Options.IsLfu && frequency >= 0)
            entry.Lru = server.Lfu.WithCounter((uint)frequency);
    }

    /// <summary>CLIENT NO-TOUCH and commands that only look (TYPE, TTL, EXISTS on a paused server) leave no mark.</summary>
    public void Looked(Database database, ReadOnlySpan<byte> key, Entry entry, bool forWrite)
    {
        if (entry.Exists)
        {
            if (!forWrite)
                server.Stats.KeyspaceHits++;
            entry.Lru = server.Options.IsLfu ? server.Lfu.Touched(entry.Lru) : LruClock;
        }
        else if (!forWrite)
        {
            server.Stats.KeyspaceMisses++;
            if ((server.Options.NotifyKeyspaceEvents & NotifyClass.KeyMiss) != 0)
                server.PubSub.NotifyKeyspace(database, key, NotifyClass.KeyMiss, "keymiss");
        }
    }

    public void Added(Database database, ReadOnlySpan<byte> key)
    {
        if ((server.Options.NotifyKeyspaceEvents & NotifyClass.NewKey) != 0 && !server.IsLoading)
            server.PubSub.NotifyKeyspace(database, key, NotifyClass.NewKey, "new");
    }

    // LFU counts look-ups, and keeps the counter of what is overwritten.
    public void Overwriting(Entry entry)
    {
        if (!server.Options.IsLfu)
            entry.Lru = LruClock;
    }

    public bool Expired(Database database, ReadOnlySpan<byte> key)
    {
        if (server.IsLoading)
            return false;
        var copy = key.ToArray();
        database.Remove(copy);
        server.Stats.ExpiredKeys++;
        server.Propagation.Also(database.Index, Encoding.ASCII.GetBytes(server.Options.LazyfreeLazyExpire ? "UNLINK" : "DEL"), copy);
        server.Gone(database, copy, NotifyClass.Expired, "expired");
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
