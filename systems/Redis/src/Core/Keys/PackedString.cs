using System.Buffers.Binary;

namespace Microcosm.Redis;

/// <summary>
/// A key and its short string value in one array, which is what keeps small keys smaller than Redis' own:
/// byte 0 flags; bytes 1 to 3 LRU clock or LFU counter; 8 bytes expiry if flagged; key length as a varint; key; value.
/// </summary>
internal static class PackedString
{
    /// <summary>Values longer than this are kept as <see cref="StringObject"/>s, which can grow in place.</summary>
    public const int ValueBytesMax = 256;

    private const byte HasExpiry = 1;
    private const byte ForcedRaw = 2;
    private const byte SnapshotBit = 4;
    private const int HeadBytes = 4;

    public static byte[] Create(ReadOnlySpan<byte> key, int valueLength, long expireAtMs, bool isRaw, uint lru)
    {
        var lengthBytes = VarintBytes(key.Length);
        var head = HeadBytes + (expireAtMs >= 0 ? 8 : 0);
        var packed = new byte[head + lengthBytes + key.Length + valueLength];
        packed[0] = (byte)((expireAtMs >= 0 ? HasExpiry : 0) | (isRaw ? ForcedRaw : 0));
        SetLru(packed, lru);
        if (expireAtMs >= 0)
            BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(HeadBytes), expireAtMs);
        WriteVarint(packed.AsSpan(head), key.Length);
        key.CopyTo(packed.AsSpan(head + lengthBytes));
        return packed;
    }

    public static ReadOnlySpan<byte> Key(byte[] packed)
    {
        var at = ReadKeyLength(packed, out var length);
        return packed.AsSpan(at, length);
    }

    public static Span<byte> Value(byte[] packed)
    {
        var at = ReadKeyLength(packed, out var length);
        return packed.AsSpan(at + length);
    }

    public static long ExpireAtMs(byte[] packed) =>
        (packed[0] & HasExpiry) == 0 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(packed.AsSpan(HeadBytes));

    /// <summary>Overwrites an expiry in place; false if there is no room for one, or one must go.</summary>
    public static bool TrySetExpiry(byte[] packed, long expireAtMs)
    {
        var has = (packed[0] & HasExpiry) != 0;
        if (has != expireAtMs >= 0)
            return false;
        if (has)
            BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(HeadBytes), expireAtMs);
        return true;
    }

    /// <summary>True after APPEND, SETRANGE or SETBIT: the encoding is then <c>raw</c> whatever the length.</summary>
    public static bool IsRaw(byte[] packed) => (packed[0] & ForcedRaw) != 0;

    public static void SetRaw(byte[] packed, bool raw) => packed[0] = (byte)(raw ? packed[0] | ForcedRaw : packed[0] & ~ForcedRaw);

    /// <summary>The low bit of the snapshot that has seen this key.</summary>
    public static bool Snapshot(byte[] packed) => (packed[0] & SnapshotBit) != 0;

    public static void SetSnapshot(byte[] packed, bool bit) => packed[0] = (byte)(bit ? packed[0] | SnapshotBit : packed[0] & ~SnapshotBit);

    public static uint Lru(byte[] packed) => (uint)(packed[1] | (packed[2] << 8) | (packed[3] << 16));

    public static void SetLru(byte[] packed, uint lru)
    {
        packed[1] = (byte)lru;
        packed[2] = (byte)(lru >> 8);
        packed[3] = (byte)(lru >> 16);
    }

    private static int ReadKeyLength(byte[] packed, out int length)
    {
        var at = (packed[0] & HasExpiry) != 0 ? HeadBytes + 8 : HeadBytes;
        length = packed[at++];
        if (length < 0x80)
            return at;
        length &= 0x7f;
        for (var shift = 7; ; shift += 7)
        {
            var b = packed[at++];
            length |= (b & 0x7f) << shift;
            if (b < 0x80)
                return at;
        }
    }

    private static int VarintBytes(int value)
    {
        var n = 1;
        while ((value >>= 7) != 0)
            n++;
        return n;
    }

    private static void WriteVarint(Span<byte> to, int value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            to[at++] = (byte)(value | 0x80);
        to[at] = (byte)value;
    }
}
