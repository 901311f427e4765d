using System.Globalization;
using System.Runtime.CompilerServices;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// One numbered database: keys, values, expiry. Single-threaded; time is what <see cref="IDatabaseEvents.NowMs"/> says.
/// Lookups expire lazily. Callers that change a value in place call RedisCall.Modified afterwards.
/// Invariants: every key with an expiry has a live entry in the expiry queue; no collection of 0 elements is a key.
/// </summary>
internal sealed class Database
{
    private readonly IDatabaseEvents _events;
    private KeyTable _table;
    private KeyExpiries _expiries;
    private MemoryCount _memory = new();

    public Database(int index, ulong hashSeed, IDatabaseEvents events)
    {
        Index = index;
        Name = index.ToString(CultureInfo.InvariantCulture);
        _events = events;
        _table = new KeyTable(hashSeed);
        _expiries = new KeyExpiries(_table);
    }

    /// <summary>Number as in SELECT.</summary>
    public int Index { get; }

    /// <summary>The number as text.</summary>
    public string Name { get; }

    /// <summary>Number of keys, expired ones that nobody has touched included (DBSIZE).</summary>
    public int Count => _table.Count;

    /// <summary>Number of keys with an expiry.</summary>
    public int VolatileCount => _expiries.Live;

    /// <summary>Bytes of all entries: the sum of <see cref="Entry.MemoryBytes"/>.</summary>
    public long MemoryBytes => _memory.Bytes;

    /// <summary>Looks up for reading: expires lazily, counts hits and misses, marks the use for LRU or LFU.</summary>
    public Entry Read(ReadOnlySpan<byte> key)
    {
        var entry = Find(key);
        _events.Looked(this, key, entry, forWrite: false);
        return entry;
    }

    /// <summary>The same without a mark: asking whether a key is there is no use of it.</summary>
    public Entry ReadUnmarked(ReadOnlySpan<byte> key)
    {
        var entry = Find(key);
        var mark = entry.Exists ? entry.Lru : 0;
        _events.Looked(this, key, entry, forWrite: false);
        if (entry.Exists)
            entry.Lru = mark;
        return entry;
    }

    /// <summary>Looks up for writing: expires lazily, tells a running snapshot that this key is about to change.</summary>
    public Entry Write(ReadOnlySpan<byte> key)
    {
        var entry = Find(key);
        _events.Looked(this, key, entry, forWrite: true);
        if (entry.Exists)
            _events.BeforeChange(this, entry);
        if (entry.Stored is ObjectEntry changing)
            _memory.Changing(changing);
        return entry;
    }

    /// <summary>Looks up without any trace (OBJECT, TTL, DEBUG). Expired keys are missing.</summary>
    public Entry Peek(ReadOnlySpan<byte> key) => Find(key);

    /// <summary>True if the key is there, be its time up or not.</summary>
    public bool Holds(ReadOnlySpan<byte> key) => Stored(key).Exists;

    /// <summary>Looks up without any trace and without expiry.</summary>
    public Entry Stored(ReadOnlySpan<byte> key)
    {
        ref var slot = ref _table.Find(key, _table.Hash(key));
        return Unsafe.IsNullRef(ref slot) ? default : new Entry(slot);
    }

    /// <summary>True if the key is still there though its time is up. Removes nothing.</summary>
    public bool IsExpired(ReadOnlySpan<byte> key)
    {
        ref var slot = ref _table.Find(key, _table.Hash(key));
        return !Unsafe.IsNullRef(ref slot) && new Entry(slot).ExpireAtMs is >= 0 and var at && at < _events.NowMs;
    }

    /// <summary>
    /// Sets a string, replacing whatever was there. The expiry goes unless <paramref name="keepExpiry"/>.
    /// <paramref name="raw"/> forces the raw encoding (APPEND, SETRANGE, SETBIT).
    /// </summary>
    public void SetString(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool keepExpiry = false, bool raw = false)
    {
        var room = SetString(key, value.Length, keepExpiry, raw);
        value.CopyTo(room);
    }

    /// <summary>The same, returning the value's room to fill. Old bytes of an existing string are kept up to the new length.</summary>
    public Span<byte> SetString(ReadOnlySpan<byte> key, int length, bool keepExpiry = false, bool raw = false)
    {
        var hash = _table.Hash(key);
        ref var slot = ref _table.Find(key, hash);
        if (Unsafe.IsNullRef(ref slot))
            return AddString(hash, key, length, -1, raw);
        var entry = new Entry(slot);
        _events.BeforeChange(this, entry);
        _events.Overwriting(entry);
        var expireAtMs = entry.ExpireAtMs;
        if (!keepExpiry && expireAtMs >= 0)
        {
            _expiries.Drop();
            expireAtMs = -1;
        }
        if (slot is byte[] packed && PackedString.Value(packed).Length == length && PackedString.TrySetExpiry(packed, expireAtMs))
        {
            PackedString.SetRaw(packed, raw);
            return PackedString.Value(packed);
        }
        return ReplaceString(ref slot, entry, key, length, expireAtMs, raw);
    }

    /// <summary>Sets a collection (or any object), replacing whatever was there.</summary>
    public void SetObject(ReadOnlySpan<byte> key, RedisObject value, bool keepExpiry = false)
    {
        if (value is StringObject text && text.Count <= PackedString.ValueBytesMax)
        {
            SetString(key, text.Value, keepExpiry);
            return;
        }
        var hash = _table.Hash(key);
        ref var slot = ref _table.Find(key, hash);
        var stored = new ObjectEntry(key.ToArray(), value) { Lru = _events.LruNow, Snapshot = _events.SnapshotBit };
        if (Unsafe.IsNullRef(ref slot))
        {
            _table.Add(hash, stored);
            _memory.Added(stored);
            _events.Added(this, key);
            return;
        }
        var entry = new Entry(slot);
        _events.BeforeChange(this, entry);
        stored.Snapshot = entry.Snapshot;
        _memory.Removed(slot!);
        _memory.Added(stored);
        slot = stored;
        if (keepExpiry && entry.ExpireAtMs >= 0)
            stored.ExpireAtMs = entry.ExpireAtMs;
        if (entry.ExpireAtMs >= 0)
            _expiries.Drop();
        if (stored.ExpireAtMs >= 0)
            _expiries.Add(stored, stored.ExpireAtMs);
    }

    /// <summary>Removes the key; false if it was not there. Says nothing to anyone: the caller notifies.</summary>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        var hash = _table.Hash(key);
        ref var slot = ref _table.Find(key, hash);
        if (Unsafe.IsNullRef(ref slot))
            return false;
        var entry = new Entry(slot);
        _events.BeforeChange(this, entry);
        _memory.Removed(slot!);
        if (entry.ExpireAtMs >= 0)
            _expiries.Drop();
        _table.Remove(key, hash);
        return true;
    }

    /// <summary>Sets the expiry of an existing key, Unix milliseconds; -1 removes it.</summary>
    public void SetExpiry(ReadOnlySpan<byte> key, long atMs)
    {
        var hash = _table.Hash(key);
        ref var slot = ref _table.Find(key, hash);
        Invariant.Check(!Unsafe.IsNullRef(ref slot));
        var entry = new Entry(slot);
        _events.BeforeChange(this, entry);
        if (entry.ExpireAtMs >= 0)
            _expiries.Drop();
        if (slot is ObjectEntry o)
        {
            o.ExpireAtMs = atMs;
        }
        else if (!PackedString.TrySetExpiry((byte[])slot!, atMs))
        {
            var old = (byte[])slot!;
            var value = PackedString.Value(old);
            var packed = PackedString.Create(key, value.Length, atMs, PackedString.IsRaw(old), PackedString.Lru(old));
            value.CopyTo(PackedString.Value(packed));
            PackedString.SetSnapshot(packed, PackedString.Snapshot(old));
            _memory.Removed(old);
            _memory.Added(packed);
            slot = packed;
        }
        if (atMs >= 0)
        {
            _expiries.Add(slot!, atMs);
            _events.ExpirySet(atMs);
        }
        _expiries.SweepIfStale();
    }

    /// <summary>Walks the keys; see <see cref="KeyTable.Scan"/>.</summary>
    public ulong Scan<TState>(ulong cursor, TState state, Action<TState, object> visit) => _table.Scan(cursor, state, visit);

    /// <summary>All entries. The database must not change meanwhile.</summary>
    public IEnumerable<Entry> All()
    {
        var cursor = 0UL;
        var batch = new List<object>();
        do
        {
            batch.Clear();
            cursor = _table.Scan(cursor, batch, static (list, stored) => list.Add(stored));
            foreach (var stored in batch)
                yield return new Entry(stored);
        }
        while (cursor != 0);
    }

    /// <summary>A random key, expired ones included; missing when empty.</summary>
    public Entry Random(RandomStream random) => new(_table.Random(random));

    /// <summary>A random key, all about equally likely; missing when empty.</summary>
    public Entry Sample(RandomStream random) => new(_table.Sample(random));

    /// <summary>A random key of those with an expiry; missing when there is none.</summary>
    public Entry SampleVolatile(RandomStream random) => _expiries.Sample(random);

    /// <summary>The key that expires soonest, be its time up or not; missing when none expires.</summary>
    public Entry NextToExpire() => _expiries.Next();

    /// <summary>The key that expires soonest, if that is at or before <paramref name="nowMs"/>.</summary>
    public bool TryTakeExpired(long nowMs, out byte[] key)
    {
        var next = NextToExpire();
        var isDue = next.Exists && next.ExpireAtMs <= nowMs;
        key = isDue ? next.Key.ToArray() : [];
        return isDue;
    }

    /// <summary>When the next key expires, or -1.</summary>
    public long NextExpiryMs() => NextToExpire() is { Exists: true } next ? next.ExpireAtMs : -1;

    /// <summary>SWAPDB.</summary>
    public static void SwapContents(Database a, Database b)
    {
        (a._table, b._table) = (b._table, a._table);
        (a._expiries, b._expiries) = (b._expiries, a._expiries);
        (a._memory, b._memory) = (b._memory, a._memory);
    }

    /// <summary>Removes everything; returns how many keys there were.</summary>
    public int Clear()
    {
        var count = _table.Count;
        if (count > 0)
            _events.BeforeClear(this);
        _table.Clear();
        _expiries.Clear();
        _memory.Clear();
        return count;
    }

    private Entry Find(ReadOnlySpan<byte> key)
    {
        ref var slot = ref _table.Find(key, _table.Hash(key));
        if (Unsafe.IsNullRef(ref slot))
            return default;
        var entry = new Entry(slot);
        var expireAtMs = entry.ExpireAtMs;
        return expireAtMs >= 0 && expireAtMs < _events.NowMs && _events.Expired(this, key) ? default : entry;
    }

    private Span<byte> AddString(ulong hash, ReadOnlySpan<byte> key, int length, long expireAtMs, bool raw)
    {
        _events.Added(this, key);
        if (length > PackedString.ValueBytesMax)
        {
            var value = new StringObject([]);
            value.Resize(length);
            var stored = new ObjectEntry(key.ToArray(), value)
            {
                ExpireAtMs = expireAtMs, Lru = _events.LruNow, Snapshot = _events.SnapshotBit,
            };
            _table.Add(hash, stored);
            _memory.Added(stored);
            return value.Value;
        }
        var packed = PackedString.Create(key, length, expireAtMs, raw, _events.LruNow);
        PackedString.SetSnapshot(packed, _events.SnapshotBit);
        _memory.Added(packed);
        _table.Add(hash, packed);
        return PackedString.Value(packed);
    }

    // The old value's bytes are kept up to the new length, which makes APPEND and SETRANGE a resize.
    private Span<byte> ReplaceString(ref object? slot, Entry entry, ReadOnlySpan<byte> key, int length, long expireAtMs, bool raw)
    {
        Span<byte> room;
        object stored;
        if (entry.Object is StringObject text && length > PackedString.ValueBytesMax)
        {
            text.Resize(length);
            _memory.Changing((ObjectEntry)slot!);
            ((ObjectEntry)slot!).ExpireAtMs = expireAtMs;
            return text.Value;
        }
        var old = entry.IsString ? entry.StringValue : default;
        var keep = Math.Min(old.Length, length);
        if (length > PackedString.ValueBytesMax)
        {
            var value = new StringObject(old[..keep]);
            value.Resize(length);
            stored = new ObjectEntry(key.ToArray(), value) { ExpireAtMs = expireAtMs, Lru = entry.Lru, Snapshot = entry.Snapshot };
            room = value.Value;
        }
        else
        {
            var packed = PackedString.Create(key, length, expireAtMs, raw, entry.Lru);
            PackedString.SetSnapshot(packed, entry.Snapshot);
            room = PackedString.Value(packed);
            old[..keep].CopyTo(room);
            stored = packed;
        }
        _memory.Removed(slot!);
        _memory.Added(stored);
        slot = stored;
        if (expireAtMs >= 0)
        {
            // The queue knows keys by what is stored, which is another object now.
            _expiries.Drop();
            _expiries.Add(stored, expireAtMs);
        }
        return room;
    }
}
