using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// The keys as they are at one moment, given to a sink in slices while the server goes on: a key that is about to change before its
/// turn is given first. What fork's copy-on-write does for Redis by pages, this does by keys. One at a time.
/// Invariants: each key that existed at the beginning is given exactly once, as it was then; none that came later is given.
/// </summary>
internal sealed class Snapshot : IDisposable
{
    private readonly RedisServer _server;
    private readonly ISnapshotSink _sink;
    private readonly bool _bit;
    private int _db;
    private ulong _cursor;
    private bool _isWhole;

    public Snapshot(RedisServer server, ISnapshotSink sink, bool isAofBase)
    {
        _server = server;
        _sink = sink;
        sink.Begin(server, isAofBase);
        // Two alternating marks: keys with the other one have not been given yet.
        _bit = server.Events.SnapshotBit = !server.Events.SnapshotBit;
        server.Events.OnBeforeChange = Bug.IsPlanted("redis/snapshot-sees-later-writes") ? null : Give;
        server.Events.OnBeforeClear = GiveAll;
    }

    /// <summary>Gives the next keys, about so many; false when all were given.</summary>
    public bool Advance(int keys)
    {
        for (var given = 0; given < keys && _db < _server.Databases.Length;)
        {
            var db = _server.Databases[_db];
            _cursor = db.Scan(_cursor, (Snapshot: this, Db: db), static (at, stored) => at.Snapshot.Give(at.Db, new Entry(stored)));
            given += 4;
            if (_cursor == 0)
                _db++;
        }
        if (_db < _server.Databases.Length)
            return true;
        _isWhole = true;
        _sink.End(_server);
        return false;
    }

    /// <summary>Gives all keys of this moment at once.</summary>
    public static void GiveAtOnce(RedisServer server, ISnapshotSink sink, bool isAofBase)
    {
        sink.Begin(server, isAofBase);
        foreach (var db in server.Databases)
        {
            foreach (var entry in db.All())
                sink.Write(db, entry);
        }
        sink.End(server);
    }

    /// <summary>Ends it; keys change unseen again.</summary>
    public void Dispose()
    {
        _server.Events.OnBeforeChange = null;
        _server.Events.OnBeforeClear = null;
        if (_isWhole)
            return;
        // Given up half-way: all keys must bear one mark again, or the next snapshot would miss some.
        foreach (var db in _server.Databases)
        {
            foreach (var entry in db.All())
            {
                var marked = entry;
                marked.Snapshot = _bit;
            }
        }
    }

    private void Give(Database db, Entry entry)
    {
        if (entry.Snapshot == _bit)
            return;
        entry.Snapshot = _bit;
        _sink.Write(db, entry);
    }

    private void GiveAll(Database db)
    {
        foreach (var entry in db.All())
            Give(db, entry);
    }
}
