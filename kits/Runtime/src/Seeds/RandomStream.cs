using System.Numerics;

namespace Microcosm.Runtime;

/// <summary>
/// A deterministic stream of random numbers: xoshiro256** seeded by splitmix64 (Blackman and Vigna, 2018). Not for secrets.
/// </summary>
public sealed class RandomStream
{
    private ulong _a, _b, _c, _d;

    public RandomStream(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, <paramref name="exclusive"/>), without bias (Lemire 2019).</summary>
    public long Next(long exclusive)
    {
        Invariant.Check(exclusive > 0);
        var range = (ulong)exclusive;
        while (true)
        {
            var high = Math.BigMul(NextUInt64(), range, out var low);
            if (low >= range || low >= unchecked(0 - range) % range)
                return (long)high;
        }
    }

    /// <summary>Uniform in [0, <paramref name="exclusive"/>).</summary>
    public int Next(int exclusive) => (int)Next((long)exclusive);

    /// <summary>Uniform in [<paramref name="inclusive"/>, <paramref name="exclusive"/>).</summary>
    public int Next(int inclusive, int exclusive) => inclusive + Next(exclusive - inclusive);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Fills <paramref name="bytes"/>.</summary>
    public void NextBytes(Span<byte> bytes)
    {
        Span<byte> eight = stackalloc byte[8];
        while (bytes.Length > 0)
        {
            BitConverter.TryWriteBytes(eight, NextUInt64());
            var n = Math.Min(8, bytes.Length);
            eight[..n].CopyTo(bytes);
            bytes = bytes[n..];
        }
    }

    /// <summary>One of <paramref name="items"/>.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9e3779b97f4a7c15UL;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
        return z ^ (z >> 31);
    }
}
