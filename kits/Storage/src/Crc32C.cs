using System.Buffers.Binary;
using System.Numerics;

namespace Microcosm.Storage;

/// <summary>
/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), by the processor's instruction where there is one. System.IO.Hashing has only the other
/// polynomial.
/// </summary>
public static class Crc32C
{
    // The instruction takes its own result three cycles later, so three blocks beside each other go as fast as one.
    private const int BlockBytes = 512;

    private static readonly uint[] BehindBlock = MakeBehindBlock();

    /// <summary>The checksum of <paramref name="bytes"/> as others compute it.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(~0u, bytes);

    /// <summary>Carries a running checksum on. Running values start at all ones and are inverted at the end.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 3 * BlockBytes; bytes = bytes[(3 * BlockBytes)..])
            crc = AddThreeBlocks(crc, bytes);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    /// <summary>The same for a number, little-endian.</summary>
    public static uint Add(uint crc, ulong number) => BitOperations.Crc32C(crc, number);

    /// <summary>The same for a number, little-endian.</summary>
    public static uint Add(uint crc, uint number) => BitOperations.Crc32C(crc, number);

    private static uint AddThreeBlocks(uint first, ReadOnlySpan<byte> bytes)
    {
        var one = bytes[..BlockBytes];
        var two = bytes.Slice(BlockBytes, BlockBytes);
        var three = bytes.Slice(2 * BlockBytes, BlockBytes);
        var (second, third) = (0u, 0u);
        for (var i = 0; i <= BlockBytes - sizeof(ulong); i += sizeof(ulong))
        {
            first = BitOperations.Crc32C(first, BinaryPrimitives.ReadUInt64LittleEndian(one[i..]));
            second = BitOperations.Crc32C(second, BinaryPrimitives.ReadUInt64LittleEndian(two[i..]));
            third = BitOperations.Crc32C(third, BinaryPrimitives.ReadUInt64LittleEndian(three[i..]));
        }
        // A checksum is linear: a running value, carried over a block of zeros, adds itself to the block's own.
        return CarryOverBlock(CarryOverBlock(first) ^ second) ^ third;
    }

    private static uint CarryOverBlock(uint crc) =>
        BehindBlock[crc & 0xff] ^ BehindBlock[256 + ((crc >> 8) & 0xff)] ^ BehindBlock[512 + ((crc >> 16) & 0xff)]
        ^ BehindBlock[768 + (crc >> 24)];

    // What each byte of a running value has become after a block of zeros.
    private static uint[] MakeBehindBlock()
    {
        var table = new uint[4 * 256];
        for (var bit = 0; bit < 32; bit++)
        {
            var crc = 1u << bit;
            for (var i = 0; i < BlockBytes; i += sizeof(ulong))
                crc = BitOperations.Crc32C(crc, 0ul);
            var (row, value) = (bit / 8 * 256, 1 << (bit % 8));
            for (var other = 0; other < value; other++)
                table[row + value + other] = table[row + other] ^ crc;
        }
        return table;
    }
}
