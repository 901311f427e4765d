using System.Globalization;
using System.Runtime.CompilerServices;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// One numbered database: keys, values, expiry. Single-threaded; time is what <see cref="IDatabaseEvents.NowMs"/> says.
/// Lookups expire lazily. Callers that change a value in place call RedisCall.Modified afterwards.
/// Invariants: every key with an expiry has a live entry in the expiry queue; no collection of 0 elements is a key.
/// </summary>
internal sealed class Database(int index, ulong hashSeed, IDatabaseEvents events)
{
    private KeyTable _table = new(hashSeed);
    private ExpiryQueue _expiries = new();

    /// <summary>Number as in SELECT.</summary>
    public int Index { get; } = index;

    /// <summary>The number as text.</summary>
    public string Name { get; } = index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Number of keys, expired ones that nobody has touched included (DBSIZE).</summary>
    public int Count => _table.Count;

    /// <summary>Number of keys with an expiry.</summary>
    public int VolatileCount => _expiries.Live;

    /// <summary>Bytes of all entries as <see cref="Entry.MemoryBytes"/> counted them when they were last set; collections are added by the
    /// sampler.</summary>
    public long StringBytes { get; private set; }

    /// <summary>Looks up for reading: expires lazily, counts hits and misses, marks the use for LRU or LFU.</summary>
    public Entry Read(ReadOnlySpan<byte> key)
    {
        var entry = Find(key);
        events.Looked(this, key, entry, forWrite: false);
        return entry;
    }

    /// <summary>Looks up for writing: expires lazily, tells a running snapshot that this key is about to change.</summary>
    public Entry Write(ReadOnlySpan<byte> key)
    {
        var entry = Find(key);
        events.Looked(this, key, entry, forWrite: true);
        if (entry.Exists)
            events.BeforeChange(this, entry);
        return entry;
    }

    /// <summary>Looks up without any trace (OBJECT, TTL, DEBUG). Expired keys are missing.</summary>
    public Entry Peek(ReadOnlySpan<byte> key) => Find(key);

    /// <summary>True if the key is there, be its time up or not.</summary>
    public bool Holds(ReadOnlySpan<byte> key) => !Unsafe.IsNullRef(ref _table.Find(key, _table.Hash(key)));

    /// <summary>True if the key is still there though its time is up. Removes nothing.</summary>
    public bool IsExpired(ReadOnlySpan<byte> key)
    {
        ref var slot = ref _table.Find(key, _table.Hash(key));
        return !Unsafe.IsNullRef(ref slot) && new Entry(slot).ExpireAtMs is >= 0 and var at && at < events.NowMs;
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
        events.BeforeChange(this, entry);
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
        var stored = new ObjectEntry(key.ToArray(), value) { Lru = events.LruNow, Snapshot = events.SnapshotBit };
        if (Unsafe.IsNullRef(ref slot))
        {
            _table.Add(hash, stored);
            return;
        }
        var entry = new Entry(slot);
        events.BeforeChange(this, entry);
        stored.Snapshot = entry.Snapshot;
        Forget(entry);
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
        events.BeforeChange(this, entry);
        Forget(entry);
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
        events.BeforeChange(this, entry);
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
            StringBytes += packed.Length - old.Length;
            slot = packed;
        }
        if (atMs >= 0)
        {
            _expiries.Add(slot!, atMs);
            events.ExpirySet(atMs);
        }
        _expiries.SweepIfStale(IsLive);
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

    /// <summary>The key that expires soonest, if that is at or before <paramref name="nowMs"/>.</summary>
    public bool TryTakeExpired(long nowMs, out byte[] key)
    {
        while (_expiries.TryPeek(out var stored, out var atMs) && (atMs <= nowMs || !IsLive(stored, atMs)))
        {
            if (!IsLive(stored, atMs))
            {
                _expiries.Pop();
                continue;
            }
            key = new Entry(stored).Key.ToArray();
            return true;
        }
        key = [];
        return false;
    }

    /// <summary>When the next key expires, or -1.</summary>
    public long NextExpiryMs()
    {
        while (_expiries.TryPeek(out var stored, out var atMs))
        {
            if (IsLive(stored, atMs))
                return atMs;
            _expiries.Pop();
        }
        return -1;
    }

    /// <summary>Bytes of the collections, extrapolated from a walk over some of them.</summary>
    public long CollectionBytes()
    {
        var (seen, bytes) = (0, 0L);
        foreach (var entry in All())
        {
            if (entry.Object is not null)
                bytes += entry.MemoryBytes;
            if (++seen == 100)
                break;
        }
        return seen == 0 ? 0 : bytes * Count / seen;
    }

    /// <summary>SWAPDB.</summary>
    public static void SwapContents(Database a, Database b)
    {
        (a._table, b._table) = (b._table, a._table);
        (a._expiries, b._expiries) = (b._expiries, a._expiries);
        (a.StringBytes, b.StringBytes) = (b.StringBytes, a.StringBytes);
    }

    /// <summary>Removes everything; returns how many keys there were.</summary>
    public int Clear()
    {
        var count = _table.Count;
        if (count > 0)
            events.BeforeClear(this);
        _table.Clear();
        _expiries.Clear();
        StringBytes = 0;
        return count;
    }

    private Entry Find(ReadOnlySpan<byte> key)
    {
        ref var slot = ref _table.Find(key, _table.Hash(key));
        if (Unsafe.IsNullRef(ref slot))
            return default;
        var entry = new Entry(slot);
        var expireAtMs = entry.ExpireAtMs;
        return expireAtMs >= 0 && expireAtMs < events.NowMs && events.Expired(this, key) ? default : entry;
    }

    private Span<byte> AddString(ulong hash, ReadOnlySpan<byte> key, int length, long expireAtMs, bool raw)
    {
        if (length > PackedString.ValueBytesMax)
        {
            var value = new StringObject([]);
            value.Resize(length);
            _table.Add(hash,
                new ObjectEntry(key.ToArray(), value) { ExpireAtMs = expireAtMs, Lru = events.LruNow, Snapshot = events.SnapshotBit });
            return value.Value;
        }
        var packed = PackedString.Create(key, length, expireAtMs, raw, events.LruNow);
        PackedString.SetSnapshot(packed, events.SnapshotBit);
        StringBytes += packed.Length;
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
            StringBytes += packed.Length;
        }
        Forget(entry);
        slot = stored;
        if (expireAtMs >= 0)
        {
            // The queue knows keys by what is stored, which is another object now.
            _expiries.Drop();
            _expiries.Add(stored, expireAtMs);
        }
        return room;
    }

    private void Forget(Entry entry)
    {
        if (entry.Stored is byte[] packed)
            StringBytes -= packed.Length;
    }

    private bool IsLive(object stored, long atMs)
    {
        var entry = new Entry(stored);
        if (entry.ExpireAtMs != atMs)
            return false;
        ref var slot = ref _table.Find(entry.Key, _table.Hash(entry.Key));
        return !Unsafe.IsNullRef(ref slot) && ReferenceEquals(slot, stored);
    }
}
