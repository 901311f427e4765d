using System.Buffers.Binary;
using System.Numerics;

namespace Microcosm.Storage;

/// <summary>
/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), by the processor's instruction where there is one. System.IO.Hashing has only the other
/// polynomial.
/// </summary>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="bytes"/> as others compute it.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(~0u, bytes);

    /// <summary>Carries a running checksum on. Running values start at all ones and are inverted at the end.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    /// <summary>The same for a number, little-endian.</summary>
    public static uint Add(uint crc, ulong number) => BitOperations.Crc32C(crc, number);

    /// <summary>The same for a number, little-endian.</summary>
    public static uint Add(uint crc, uint number) => BitOperations.Crc32C(crc, number);
}
