using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>Which clients watch which keys. A change of a watched key makes the EXEC of its watchers fail.</summary>
internal sealed class Watches
{
    private readonly Dictionary<int, Dictionary<byte[], List<RedisClient>>> _byDb = [];
    private int _count;

    /// <summary>True if somebody watches something.</summary>
    public bool Any => _count > 0;

    public void Add(RedisClient client, Database db, byte[] key)
    {
        foreach (var watched in client.Watched)
        {
            if (watched.Db == db && watched.Key.AsSpan().SequenceEqual(key))
                return;
        }
        client.Watched.Add(new WatchedKey(db, key) { WasExpired = db.IsExpired(key) });
        var keys = KeysOf(db);
        if (!keys.TryGetValue(key, out var clients))
            keys[key] = clients = [];
        clients.Add(client);
        _count++;
    }

    /// <summary>UNWATCH, EXEC, DISCARD, or the client is gone.</summary>
    public void Forget(RedisClient client)
    {
        foreach (var watched in client.Watched)
        {
            var keys = KeysOf(watched.Db);
            if (keys.TryGetValue(watched.Key, out var clients) && clients.Remove(client) && clients.Count == 0)
                keys.Remove(watched.Key);
            _count--;
        }
        client.Watched.Clear();
        client.WatchBroken = false;
    }

    /// <summary>A key changed.</summary>
    public void Changed(Database db, ReadOnlySpan<byte> key)
    {
        if (_count == 0 || !KeysOf(db).GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var clients))
            return;
        foreach (var client in clients)
        {
            var watched = Find(client, db, key);
            if (watched.WasExpired && !db.Holds(key))
                watched.WasExpired = false;
            else
                Break(client);
        }
    }

    /// <summary>
    /// A database is about to be emptied, or to take the contents of <paramref name="replacement"/>. A key that is there neither before
    /// nor after has not changed, and one whose time is up counts as not there.
    /// </summary>
    public void Emptied(Database db, Database? replacement = null)
    {
        if (_count == 0)
            return;
        foreach (var (key, clients) in KeysOf(db))
        {
            var held = db.Holds(key);
            var willHold = replacement?.Holds(key) ?? false;
            if (!held && !willHold)
                continue;
            foreach (var client in clients)
            {
                var watched = Find(client, db, key);
                if (watched.WasExpired && !willHold)
                    watched.WasExpired = false;
                else if ((watched.WasExpired || !held) && replacement!.IsExpired(key))
                    watched.WasExpired = true;
                else
                    Break(client);
            }
        }
    }

    /// <summary>True if a key's time has come since it was watched, though nobody has removed it yet.</summary>
    public static bool AnyExpired(RedisClient client)
    {
        foreach (var watched in client.Watched)
        {
            if (!watched.WasExpired && watched.Db.IsExpired(watched.Key))
                return true;
        }
        return false;
    }

    private static void Break(RedisClient client) => client.WatchBroken = !Bug.IsPlanted("redis/watch-is-blind");

    private static WatchedKey Find(RedisClient client, Database db, ReadOnlySpan<byte> key)
    {
        foreach (var watched in client.Watched)
        {
            if (watched.Db == db && watched.Key.AsSpan().SequenceEqual(key))
                return watched;
        }
        throw new InvalidOperationException("A client is listed under a key that it does not watch.");
    }

    private Dictionary<byte[], List<RedisClient>> KeysOf(Database db)
    {
        if (!_byDb.TryGetValue(db.Index, out var keys))
            _byDb[db.Index] = keys = new Dictionary<byte[], List<RedisClient>>(ByteKeyComparer.Instance);
        return keys;
    }
}
