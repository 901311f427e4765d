using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Microcosm.Kafka;

/// <summary>
/// The last offset of each key (Kafka's OffsetMap). Keys up to 15 bytes stand for themselves, longer ones by 128 bits of their SHA-256: two
/// of those that met would lose a value, so it must not be a hash that somebody can make meet.
/// </summary>
internal sealed class KeyOffsets(int keysMax)
{
    private readonly Dictionary<UInt128, long> _offsets = [];

    /// <summary>True if no further batch should be taken.</summary>
    public bool IsFull => _offsets.Count >= keysMax;

    /// <summary>Up to here every record was taken; -1 if none.</summary>
    public long LatestOffset { get; set; } = -1;

    public void Put(ReadOnlySpan<byte> key, long offset) => _offsets[Digest(key)] = offset;

    /// <summary>The last offset of a key, or -1.</summary>
    public long Get(ReadOnlySpan<byte> key) => _offsets.GetValueOrDefault(Digest(key), -1);

    private static UInt128 Digest(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (key.Length < 16)
        {
            digest.Clear();
            key.CopyTo(digest);
            digest[15] = (byte)key.Length;
        }
        else
        {
            SHA256.HashData(key, digest);
        }
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
