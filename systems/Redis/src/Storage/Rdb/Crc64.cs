namespace Microcosm.Redis;

/// <summary>CRC-64 as Redis uses it: the Jones polynomial, reflected, no final complement.</summary>
internal static class Crc64
{
    private const ulong Polynomial = 0x95ac9329ac4bc9b5;

    private static readonly ulong[] Table = MakeTable();

    /// <summary>Continues a checksum, which begins at 0.</summary>
    public static ulong Continue(ulong crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            crc = Table[(byte)crc ^ b] ^ (crc >> 8);
        return crc;
    }

    private static ulong[] MakeTable()
    {
        var table = new ulong[256];
        for (var i = 0; i < table.Length; i++)
        {
            var value = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
