using System.Buffers.Binary;

namespace Microcosm.Nginx;

/// <summary>Austin Appleby's MurmurHash2, 32 bits, seed 0: what nginx splits clients by.</summary>
internal static class MurmurHash2
{
    private const uint M = 0x5bd1e995;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var h = 0u ^ (uint)data.Length;
        for (; data.Length >= 4; data = data[4..])
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(data) * M;
            k = (k ^ (k >> 24)) * M;
            h = (h * M) ^ k;
        }
        for (var i = data.Length - 1; i >= 0; i--)
            h ^= (uint)data[i] << (8 * i);
        if (data.Length > 0)
            h *= M;
        h = (h ^ (h >> 13)) * M;
        return h ^ (h >> 15);
    }
}
