namespace Microcosm.Redis;

/// <summary>
/// A hash table of byte strings, each item one array that holds its key (and, by layout, a value or a score). Items lie densely in slots,
/// which makes enumeration and random choice simple; buckets chain slots by number. It is a linear-hashing table (Litwin 1980): buckets
/// come and go one at a time, so that no operation ever waits for a rehash, and SCAN's reverse-binary cursor keeps its promise.
/// Items are never changed in place: copies of a table share them.
/// Invariants: slots 0 to Count - 1 are in use, each in the chain of the bucket that its hash names.
/// </summary>
internal sealed class ByteTable<TLayout>(ulong seed)
    where TLayout : struct, IByteTableLayout
{
    private const int BucketsMin = 4;

    private readonly Segments<Slot> _slots = new();

    // Slot number + 1; 0 is an empty bucket.
    private readonly Segments<int> _heads = Segments<int>.WithLength(BucketsMin);
    private int _mask = BucketsMin - 1;
    private int _split;

    private ByteTable(ByteTable<TLayout> from)
        : this(from.Seed)
    {
        _slots = from._slots.Clone();
        _heads = from._heads.Clone();
        (_mask, _split, Count, PayloadBytes) = (from._mask, from._split, from.Count, from.PayloadBytes);
    }

    /// <summary>Number of items.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all items.</summary>
    public long PayloadBytes { get; private set; }

    /// <summary>Number of buckets.</summary>
    public int Buckets => _mask + 1 + _split;

    private ulong Seed { get; } = seed;

    /// <summary>The item in a slot, 0 to Count - 1. Adding and removing may move items to other slots.</summary>
    public byte[] this[int slot] => _slots[slot].Item;

    public ByteTable<TLayout> Clone() => new(this);

    /// <summary>The slot of a key, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        var hash = Hash(key);
        for (var next = _heads[BucketOf(hash)]; next != 0;)
        {
            ref var slot = ref _slots[next - 1];
            if (slot.Hash == hash && TLayout.KeyOf(slot.Item).SequenceEqual(key))
                return next - 1;
            next = slot.Next;
        }
        return -1;
    }

    /// <summary>Adds an item whose key is not there.</summary>
    public void Add(byte[] item)
    {
        var hash = Hash(TLayout.KeyOf(item));
        ref var head = ref _heads[BucketOf(hash)];
        _slots.Append(Count) = new Slot { Item = item, Hash = hash, Next = head };
        head = ++Count;
        PayloadBytes += item.Length;
        if (Count > Buckets)
            Grow();
    }

    /// <summary>Puts another item with the same key into a slot.</summary>
    public void Replace(int slot, byte[] item)
    {
        ref var place = ref _slots[slot];
        PayloadBytes += item.Length - place.Item.Length;
        place.Item = item;
    }

    /// <summary>Removes the item of a slot; the last slot's item takes its place.</summary>
    public void RemoveAt(int slot)
    {
        ref var removed = ref _slots[slot];
        PayloadBytes -= removed.Item.Length;
        LinkTo(removed.Hash, slot) = removed.Next;
        var last = --Count;
        if (slot != last)
        {
            LinkTo(_slots[last].Hash, last) = slot + 1;
            removed = _slots[last];
        }
        _slots[last] = default;
        _slots.Trim(Count);
        if (Count < Buckets / 4 && Buckets > BucketsMin)
            Shrink();
    }

    public bool Remove(ReadOnlySpan<byte> key)
    {
        var slot = Find(key);
        if (slot >= 0)
            RemoveAt(slot);
        return slot >= 0;
    }

    /// <summary>Adds the items at the cursor to <paramref name="into"/> and returns the next cursor; 0 when the scan is complete.</summary>
    public ulong Scan(ulong cursor, List<byte[]> into)
    {
        var mask = (ulong)_mask;
        var bucket = (int)(cursor & mask);
        AddBucket(bucket, into);
        if (bucket < _split)
            AddBucket(bucket + _mask + 1, into);
        // Pieter Noordhuis' cursor counts with the bits reversed, so that growing and shrinking only touch what lies on one side of it.
        return ReverseBits(ReverseBits(cursor | ~mask) + 1);
    }

    private void AddBucket(int bucket, List<byte[]> into)
    {
        for (var next = _heads[bucket]; next != 0; next = _slots[next - 1].Next)
            into.Add(_slots[next - 1].Item);
    }

    // The field that names a slot: a bucket's head or the slot before in the chain.
    private ref int LinkTo(uint hash, int slot)
    {
        ref var link = ref _heads[BucketOf(hash)];
        while (link != slot + 1)
            link = ref _slots[link - 1].Next;
        return ref link;
    }

    // The next bucket in line hands a part of its items, by one more bit of their hash, to a new last bucket.
    private void Grow()
    {
        var from = _split;
        var to = Buckets;
        var bit = (uint)_mask + 1;
        int stay = 0, move = 0;
        for (var next = _heads[from]; next != 0;)
        {
            ref var slot = ref _slots[next - 1];
            ref var chain = ref (slot.Hash & bit) == 0 ? ref stay : ref move;
            (chain, slot.Next, next) = (next, chain, slot.Next);
        }
        _heads[from] = stay;
        _heads.Append(to) = move;
        if (++_split > _mask)
        {
            _mask = _mask * 2 + 1;
            _split = 0;
        }
    }

    // The last bucket gives its items back to the bucket that it was split from.
    private void Shrink()
    {
        if (_split == 0)
        {
            _mask >>= 1;
            _split = _mask + 1;
        }
        _split--;
        var last = _mask + 1 + _split;
        ref var link = ref _heads[_split];
        while (link != 0)
            link = ref _slots[link - 1].Next;
        link = _heads[last];
        _heads[last] = 0;
        _heads.Trim(last);
    }

    private uint Hash(ReadOnlySpan<byte> key) => (uint)(KeyHash.Of(key, Seed) >> 32);

    private int BucketOf(uint hash)
    {
        var bucket = (int)(hash & (uint)_mask);
        return bucket < _split ? (int)(hash & (uint)(_mask * 2 + 1)) : bucket;
    }

    private static ulong ReverseBits(ulong v)
    {
        v = ((v >> 1) & 0x5555555555555555UL) | ((v & 0x5555555555555555UL) << 1);
        v = ((v >> 2) & 0x3333333333333333UL) | ((v & 0x3333333333333333UL) << 2);
        v = ((v >> 4) & 0x0f0f0f0f0f0f0f0fUL) | ((v & 0x0f0f0f0f0f0f0f0fUL) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(v);
    }

    private struct Slot
    {
        public byte[] Item;
        public int Next;
        public uint Hash;
    }
}
