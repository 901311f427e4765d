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
        client.Watched.Add(new WatchedKey(db, key));
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
            client.WatchBroken = !Bug.IsPlanted("redis/watch-is-blind");
    }

    /// <summary>Keys that somebody watches in a database.</summary>
    public IEnumerable<byte[]> WatchedIn(Database db) => KeysOf(db).Keys;

    private Dictionary<byte[], List<RedisClient>> KeysOf(Database db)
    {
        if (!_byDb.TryGetValue(db.Index, out var keys))
            _byDb[db.Index] = keys = new Dictionary<byte[], List<RedisClient>>(ByteKeyComparer.Instance);
        return keys;
    }
}
