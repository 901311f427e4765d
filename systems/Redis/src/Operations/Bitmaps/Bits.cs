using System.Buffers.Binary;
using System.Numerics;

namespace Microcosm.Redis;

/// <summary>Arithmetic on strings of bits; bit 0 is the highest bit of byte 0, as in Redis.</summary>
internal static class Bits
{
    /// <summary>Largest bit offset: a string has at most 512 MiB.</summary>
    public const long OffsetMax = (512L * 1024 * 1024 * 8) - 1;

    public static bool Get(ReadOnlySpan<byte> bytes, long offset) =>
        offset >> 3 < bytes.Length && (bytes[(int)(offset >> 3)] & (0x80 >> (int)(offset & 7))) != 0;

    public static void Set(Span<byte> bytes, long offset, bool value)
    {
        ref var b = ref bytes[(int)(offset >> 3)];
        var mask = 0x80 >> (int)(offset & 7);
        b = (byte)(value ? b | mask : b & ~mask);
    }

    /// <summary>Ones in the bits from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    public static long Count(ReadOnlySpan<byte> bytes, long start, long end)
    {
        var first = (int)(start >> 3);
        var last = (int)(end >> 3);
        var total = 0L;
        for (var i = first; i <= last;)
        {
            if (i > first && i + 8 <= last)
            {
                total += BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]));
                i += 8;
                continue;
            }
            var b = bytes[i];
            if (i == first)
                b &= (byte)(0xff >> (int)(start & 7));
            if (i == last)
                b &= (byte)(0xff << (7 - (int)(end & 7)));
            total += BitOperations.PopCount(b);
            i++;
        }
        return total;
    }

    /// <summary>Position of the first such bit in the range, both ends included, or -1.</summary>
    public static long Find(ReadOnlySpan<byte> bytes, bool bit, long start, long end)
    {
        var skip = (byte)(bit ? 0x00 : 0xff);
        for (var at = start; at <= end;)
        {
            if ((at & 7) == 0 && at + 7 <= end && bytes[(int)(at >> 3)] == skip)
                at += 8;
            else if (Get(bytes, at) == bit)
                return at;
            else
                at++;
        }
        return -1;
    }

    /// <summary>Reads a bit field of up to 64 bits; bits beyond the string are 0.</summary>
    public static ulong Field(ReadOnlySpan<byte> bytes, long offset, int width)
    {
        var value = 0UL;
        for (var i = 0; i < width; i++)
            value = (value << 1) | (Get(bytes, offset + i) ? 1UL : 0);
        return value;
    }

    /// <summary>Writes a bit field; the string must be long enough.</summary>
    public static void SetField(Span<byte> bytes, long offset, int width, ulong value)
    {
        for (var i = 0; i < width; i++)
            Set(bytes, offset + i, (value >> (width - 1 - i) & 1) != 0);
    }
}
