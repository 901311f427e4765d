using System.Buffers.Binary;

namespace Microcosm.Redis;

/// <summary>
/// A HyperLogLog in Redis' string format: <c>HYLL</c>, encoding (0 dense, 1 sparse), three zeros, the cached cardinality (its top bit says
/// that
/// it is stale), then 16,384 registers, six bits each, or run-length codes of them. Estimator: Ertl, "New cardinality estimation
/// algorithms for
/// HyperLogLog sketches" (arXiv 1702.01284), as in Redis.
/// </summary>
internal static class HyperLogLog
{
    public const int Registers = 16384;
    public const int HeaderBytes = 16;
    public const int DenseBytes = HeaderBytes + (Registers * 6 + 7) / 8;

    private const int SparseValueMax = 32;

    /// <summary>True if the bytes begin as a HyperLogLog does; its codes may still be corrupt.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes && bytes[..4].SequenceEqual("HYLL"u8) && bytes[4] <= 1 && (bytes[4] == 1 || bytes.Length == DenseBytes);

    public static bool IsSparse(ReadOnlySpan<byte> bytes) => bytes[4] == 1;

    /// <summary>Reads the registers; false when sparse codes are corrupt.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Span<byte> registers)
    {
        var body = bytes[HeaderBytes..];
        if (!IsSparse(bytes))
        {
            for (var i = 0; i < Registers; i++)
                registers[i] = DenseRegister(body, i);
            return true;
        }
        var at = 0;
        for (var p = 0; p < body.Length; p++)
        {
            var (run, value) = (body[p] & 0xc0) switch
            {
                0x00 => ((body[p] & 0x3f) + 1, 0),
                0x40 when p + 1 < body.Length => ((((body[p] & 0x3f) << 8) | body[++p]) + 1, 0),
                0x40 => (Registers + 1, 0),
                _ => ((body[p] & 3) + 1, ((body[p] >> 2) & 0x1f) + 1),
            };
            if (at + run > Registers)
                return false;
            registers.Slice(at, run).Fill((byte)value);
            at += run;
        }
        return at == Registers;
    }

    /// <summary>Writes registers: sparse while that takes at most <paramref name="sparseBytesMax"/> and no register exceeds 32, else
    /// dense.</summary>
    public static byte[] Write(ReadOnlySpan<byte> registers, int sparseBytesMax, bool allowSparse)
    {
        if (allowSparse && TryWriteSparse(registers, sparseBytesMax) is { } sparse)
            return sparse;
        var dense = new byte[DenseBytes];
        Header(dense, 0);
        var body = dense.AsSpan(HeaderBytes);
        for (var i = 0; i < Registers; i++)
            SetDenseRegister(body, i, registers[i]);
        return dense;
    }

    /// <summary>Register and rank of an element.</summary>
    public static (int Index, byte Rank) Place(ReadOnlySpan<byte> element)
    {
        var hash = Murmur64A(element, 0xadc83b19);
        var index = (int)(hash & (Registers - 1));
        // 50 bits are left; a guard bit ends the run of zeros.
        var rest = (hash >> 14) | (1UL << 50);
        return (index, (byte)(System.Numerics.BitOperations.TrailingZeroCount(rest) + 1));
    }

    /// <summary>Estimated number of distinct elements.</summary>
    public static long Count(ReadOnlySpan<byte> registers)
    {
        Span<int> histogram = stackalloc int[64];
        histogram.Clear();
        foreach (var value in registers)
            histogram[value]++;
        const double M = Registers;
        var z = M * Tau((M - histogram[51]) / M);
        for (var j = 50; j >= 1; j--)
            z = (z + histogram[j]) * 0.5;
        z += M * Sigma(histogram[0] / M);
        return (long)Math.Round(0.721347520444481703680 * M * M / z, MidpointRounding.AwayFromZero);
    }

    /// <summary>The cached cardinality, or null when it is stale.</summary>
    public static long? Cached(ReadOnlySpan<byte> bytes)
    {
        var card = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        return (card & (1UL << 63)) == 0 ? (long)card : null;
    }

    public static void SetCached(Span<byte> bytes, long count) => BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], count);

    public static byte DenseRegister(ReadOnlySpan<byte> body, int index)
    {
        var bit = index * 6;
        var b = bit >> 3;
        var shift = bit & 7;
        var value = body[b] >> shift;
        if (shift > 2)
            value |= body[b + 1] << (8 - shift);
        return (byte)(value & 0x3f);
    }

    private static void SetDenseRegister(Span<byte> body, int index, int value)
    {
        var bit = index * 6;
        var b = bit >> 3;
        var shift = bit & 7;
        body[b] |= (byte)(value << shift);
        if (shift > 2)
            body[b + 1] |= (byte)(value >> (8 - shift));
    }

    private static byte[]? TryWriteSparse(ReadOnlySpan<byte> registers, int bytesMax)
    {
        var codes = new List<byte>();
        for (var i = 0; i < Registers;)
        {
            var value = registers[i];
            if (value > SparseValueMax)
                return null;
            var run = 1;
            while (i + run < Registers && registers[i + run] == value)
                run++;
            i += run;
            if (value == 0)
                AddZeros(codes, run);
            else
                AddValues(codes, run, value);
            if (codes.Count > bytesMax)
                return null;
        }
        var bytes = new byte[HeaderBytes + codes.Count];
        Header(bytes, 1);
        codes.CopyTo(bytes, HeaderBytes);
        return bytes;
    }

    private static void AddZeros(List<byte> codes, int run)
    {
        if (run <= 64)
        {
            codes.Add((byte)(run - 1));
            return;
        }
        codes.Add((byte)(0x40 | ((run - 1) >> 8)));
        codes.Add((byte)(run - 1));
    }

    private static void AddValues(List<byte> codes, int run, int value)
    {
        for (; run > 0; run -= 4)
            codes.Add((byte)(0x80 | ((value - 1) << 2) | (Math.Min(run, 4) - 1)));
    }

    private static void Header(Span<byte> bytes, byte encoding)
    {
        "HYLL"u8.CopyTo(bytes);
        bytes[4] = encoding;
        bytes[15] = 0x80;
    }

    private static double Sigma(double x)
    {
        if (x == 1.0)
            return double.PositiveInfinity;
        double y = 1, z = x, before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (before != z);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0.0 or 1.0)
            return 0.0;
        double y = 1, z = 1 - x, before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (before != z);
        return z / 3;
    }

    // MurmurHash64A (Appleby): the published constants.
    private static ulong Murmur64A(ReadOnlySpan<byte> key, ulong seed)
    {
        const ulong M = 0xc6a4a7935bd1e995;
        var hash = seed ^ ((ulong)key.Length * M);
        while (key.Length >= 8)
        {
            var k = BinaryPrimitives.ReadUInt64LittleEndian(key) * M;
            hash = (hash ^ ((k ^ (k >> 47)) * M)) * M;
            key = key[8..];
        }
        if (key.Length > 0)
        {
            var tail = 0UL;
            for (var i = key.Length - 1; i >= 0; i--)
                tail = (tail << 8) | key[i];
            hash = (hash ^ tail) * M;
        }
        hash = (hash ^ (hash >> 47)) * M;
        return hash ^ (hash >> 47);
    }
}
