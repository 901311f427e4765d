using System.Numerics;
using System.Runtime.CompilerServices;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// The keys of one database: a linear-hashing table (Litwin 1980) of buckets with eight slots and eight one-byte tags.
/// It grows by one bucket at a time, so that no command ever waits for a rehash and memory has no spikes.
/// SCAN walks it with Redis' reverse-binary cursor, so that a full scan returns every key that was there throughout.
/// Invariants: a key lies in the bucket that its hash names, or in that bucket's overflow chain; a tag is 0 exactly when its slot is empty.
/// </summary>
internal sealed class KeyTable(ulong seed)
{
    private const int SegmentBuckets = 1024;
    private const int LoadPerBucket = 5;
    private const int MinBuckets = 4;

    private KeyBucket[][] _segments = [new KeyBucket[SegmentBuckets]];
    private int _mask = MinBuckets - 1;
    private int _split;

    /// <summary>Number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>Buckets in use.</summary>
    public int Buckets => _mask + 1 + _split;

    public ulong Hash(ReadOnlySpan<byte> key) => KeyHash.Of(key, seed);

    /// <summary>The slot that holds the key, or a null reference.</summary>
    public ref object? Find(ReadOnlySpan<byte> key, ulong hash)
    {
        ref var bucket = ref Bucket(IndexOf(hash));
        var tag = TagOf(hash);
        while (true)
        {
            for (var match = bucket.Match(tag); match != 0; match &= match - 1)
            {
                ref var slot = ref bucket.Slots[BitOperations.TrailingZeroCount(match) >> 3];
                if (HasKey(slot!, key))
                    return ref slot;
            }
            if (bucket.Overflow is null)
                return ref Unsafe.NullRef<object?>();
            bucket = ref bucket.Overflow.Bucket;
        }
    }

    /// <summary>Adds an entry whose key is not there.</summary>
    public void Add(ulong hash, object stored)
    {
        Insert(ref Bucket(IndexOf(hash)), TagOf(hash), stored);
        Count++;
        if (Count > (long)Buckets * LoadPerBucket)
            SplitNext();
    }

    /// <summary>Removes the key; returns what was stored, or null.</summary>
    public object? Remove(ReadOnlySpan<byte> key, ulong hash)
    {
        ref var bucket = ref Bucket(IndexOf(hash));
        var tag = TagOf(hash);
        while (true)
        {
            for (var match = bucket.Match(tag); match != 0; match &= match - 1)
            {
                var index = BitOperations.TrailingZeroCount(match) >> 3;
                var stored = bucket.Slots[index]!;
                if (!HasKey(stored, key))
                    continue;
                bucket.Clear(index);
                Count--;
                return stored;
            }
            if (bucket.Overflow is null)
                return null;
            bucket = ref bucket.Overflow.Bucket;
        }
    }

    public void Clear()
    {
        _segments = [new KeyBucket[SegmentBuckets]];
        _mask = MinBuckets - 1;
        _split = 0;
        Count = 0;
    }

    /// <summary>Calls <paramref name="visit"/> for the entries at the cursor and returns the next cursor; 0 when the scan is
    /// complete.</summary>
    public ulong Scan<TState>(ulong cursor, TState state, Action<TState, object> visit)
    {
        var mask = (ulong)_mask;
        var index = (int)(cursor & mask);
        Visit(index, state, visit);
        if (index < _split)
            Visit(index + _mask + 1, state, visit);
        // Pieter Noordhuis' cursor: count with the bits reversed, high bits first, so that growing only adds buckets behind the cursor.
        cursor |= ~mask;
        return ReverseBits(ReverseBits(cursor) + 1);
    }

    /// <summary>A random entry, or null when empty. Not perfectly uniform, as Redis' own is not.</summary>
    public object? Random(RandomStream random)
    {
        if (Count == 0)
            return null;
        var found = new List<object>(8);
        while (found.Count == 0)
            Visit(random.Next(Buckets), found, static (list, stored) => list.Add(stored));
        return found[random.Next(found.Count)];
    }

    /// <summary>A random entry, all about equally likely, or null when empty.</summary>
    public object? Sample(RandomStream random)
    {
        if (Count == 0)
            return null;
        var found = new List<object>(8);
        for (var tries = 0; ; tries++)
        {
            found.Clear();
            Visit(random.Next(Buckets), found, static (list, stored) => list.Add(stored));
            // Buckets are not equally full; a fuller one is taken more often. In a table that has run nearly empty any will do.
            if (random.Next(8) < found.Count || (tries >= 64 && found.Count > 0))
                return found[random.Next(found.Count)];
        }
    }

    private void Visit<TState>(int index, TState state, Action<TState, object> visit)
    {
        ref var bucket = ref Bucket(index);
        while (true)
        {
            if (bucket.Slots is { } slots)
            {
                foreach (var stored in slots)
                {
                    if (stored is not null)
                        visit(state, stored);
                }
            }
            if (bucket.Overflow is null)
                return;
            bucket = ref bucket.Overflow.Bucket;
        }
    }

    // Splits the next bucket in line: its keys stay or move to the new last bucket, by one more bit of their hash.
    private void SplitNext()
    {
        var from = _split;
        var to = Buckets;
        if (to / SegmentBuckets >= _segments.Length)
            Array.Resize(ref _segments, _segments.Length + Math.Max(1, _segments.Length / 2));
        _segments[to / SegmentBuckets] ??= new KeyBucket[SegmentBuckets];
        if (++_split == _mask + 1)
        {
            _mask = _mask * 2 + 1;
            _split = 0;
        }
        var old = Bucket(from);
        Bucket(from) = default;
        while (true)
        {
            for (var i = 0; old.Slots is not null && i < old.Slots.Length; i++)
            {
                if (old.Slots[i] is { } stored)
                {
                    var hash = Hash(new Entry(stored).Key);
                    Insert(ref Bucket(IndexOf(hash)), TagOf(hash), stored);
                }
            }
            if (old.Overflow is null)
                return;
            old = old.Overflow.Bucket;
        }
    }

    private static void Insert(ref KeyBucket bucket, byte tag, object stored)
    {
        while (!bucket.TryAdd(tag, stored))
        {
            bucket.Overflow ??= new KeyOverflow();
            bucket = ref bucket.Overflow.Bucket;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref KeyBucket Bucket(int index) => ref _segments[index / SegmentBuckets][index % SegmentBuckets];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IndexOf(ulong hash)
    {
        var index = (int)(hash & (uint)_mask);
        return index < _split ? (int)(hash & (uint)(_mask * 2 + 1)) : index;
    }

    private static byte TagOf(ulong hash) => (byte)(0x80 | (hash >> 57));

    private static bool HasKey(object stored, ReadOnlySpan<byte> key) => new Entry(stored).Key.SequenceEqual(key);

    private static ulong ReverseBits(ulong v)
    {
        v = ((v >> 1) & 0x5555555555555555UL) | ((v & 0x5555555555555555UL) << 1);
        v = ((v >> 2) & 0x3333333333333333UL) | ((v & 0x3333333333333333UL) << 2);
        v = ((v >> 4) & 0x0f0f0f0f0f0f0f0fUL) | ((v & 0x0f0f0f0f0f0f0f0fUL) << 4);
        return BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(v) : v;
    }
}
