using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microcosm.Redis;

/// <summary>Hash of keys: multiply and fold, 16 bytes a step, seeded against chosen collisions (in the manner of wyhash).</summary>
internal static class KeyHash
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ReadOnlySpan<byte> key, ulong seed)
    {
        var hash = seed ^ ((ulong)key.Length * 0x9e3779b97f4a7c15UL);
        ref var at = ref MemoryMarshal.GetReference(key);
        var left = key.Length;
        while (left > 16)
        {
            hash = Fold(Read8(ref at) ^ hash, Read8(ref Unsafe.Add(ref at, 8)) ^ 0xe7037ed1a0b428dbUL);
            at = ref Unsafe.Add(ref at, 16);
            left -= 16;
        }
        ulong a, b;
        if (left >= 8)
        {
            a = Read8(ref at);
            b = Read8(ref Unsafe.Add(ref at, left - 8));
        }
        else if (left >= 4)
        {
            a = Unsafe.ReadUnaligned<uint>(ref at);
            b = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref at, left - 4));
        }
        else
        {
            a = left > 0 ? ((ulong)at << 16) | ((ulong)Unsafe.Add(ref at, left >> 1) << 8) | Unsafe.Add(ref at, left - 1) : 0;
            b = 0;
        }
        return Fold(a ^ 0xa0761d6478bd642fUL ^ hash, b ^ 0x8ebc6af09c88c6e3UL ^ BitOperations.RotateLeft(hash, 32));
    }

    private static ulong Read8(ref byte at) => Unsafe.ReadUnaligned<ulong>(ref at);

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
