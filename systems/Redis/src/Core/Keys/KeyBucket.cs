using System.Runtime.CompilerServices;

namespace Microcosm.Redis;

/// <summary>Eight slots with a one-byte tag each; the tags of a bucket are compared in one step (SWAR).</summary>
internal struct KeyBucket
{
    private const ulong Ones = 0x0101010101010101UL;
    private const ulong Highs = 0x8080808080808080UL;

    private ulong _tags;

    /// <summary>Eight slots; null while the bucket has never held a key.</summary>
    public object?[] Slots;

    public KeyOverflow? Overflow;

    /// <summary>High bit of each byte whose tag equals <paramref name="tag"/>. May name a slot too many, never one too few.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Match(byte tag)
    {
        var x = _tags ^ (Ones * tag);
        // A borrow can mark the byte above a true match; masking by used tags and comparing the key makes that harmless.
        return (x - Ones) & ~x & Highs & _tags;
    }

    public bool TryAdd(byte tag, object stored)
    {
        var free = ~_tags & Highs;
        if (free == 0)
            return false;
        var index = System.Numerics.BitOperations.TrailingZeroCount(free) >> 3;
        Slots ??= new object?[8];
        Slots[index] = stored;
        _tags |= (ulong)tag << (index * 8);
        return true;
    }

    public void Clear(int index)
    {
        Slots[index] = null;
        _tags &= ~(0xffUL << (index * 8));
    }
}
