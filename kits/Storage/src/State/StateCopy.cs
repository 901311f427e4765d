using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>
/// One copy of a state. Format, little-endian: <c>"MCSTATE1"</c>, checksum of what follows (4), length (4), version (8), value. What stands
/// behind is left of a longer value. The checksum is <see cref="Crc32C"/>; the last character of the magic is the format's version.
/// </summary>
/// <param name="Value">Null if the copy is empty or not whole.</param>
/// <param name="Version">Counts saves.</param>
/// <param name="IsEmpty">Nothing was ever written.</param>
internal readonly record struct StateCopy(byte[]? Value, ulong Version, bool IsEmpty)
{
    private const int HeaderBytes = 24;
    private const int CheckedFrom = 12;

    private static ReadOnlySpan<byte> Magic => "MCSTATE1"u8;

    public static byte[] Encode(ulong version, ReadOnlySpan<byte> value)
    {
        var bytes = new byte[HeaderBytes + value.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), value.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), version);
        value.CopyTo(bytes.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Crc32C.Of(bytes.AsSpan(CheckedFrom)));
        return bytes;
    }

    public static StateCopy Read(IDiskFile file, int bytesMax)
    {
        var bytes = new byte[(int)Math.Min(file.Length, HeaderBytes + (long)bytesMax)];
        var count = 0;
        while (count < bytes.Length && file.Read(count, bytes.AsSpan(count)) is > 0 and var read)
            count += read;
        if (count == 0)
            return new(null, 0, IsEmpty: true);
        if (count < HeaderBytes || !bytes.AsSpan().StartsWith(Magic))
            return default;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        if (length < 0 || length > count - HeaderBytes)
            return default;
        var covered = bytes.AsSpan(CheckedFrom, HeaderBytes - CheckedFrom + length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)) != Crc32C.Of(covered))
            return default;
        return new(bytes[HeaderBytes..(HeaderBytes + length)], BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16)), IsEmpty: false);
    }
}
