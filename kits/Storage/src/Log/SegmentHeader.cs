using System.Buffers.Binary;

namespace Microcosm.Storage;

/// <summary>
/// A segment's first bytes, little-endian: <c>"MCSEGLOG"</c>, version (4), checksum of the rest (4), first sequence number (8), identity
/// (8).
/// </summary>
internal static class SegmentHeader
{
    public const int Bytes = 32;

    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "MCSEGLOG"u8;

    public static void Write(Span<byte> header, long first, ulong id)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], first);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], id);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Checksum(header));
    }

    /// <summary>What is wrong with a header, or null.</summary>
    public static string? Read(ReadOnlySpan<byte> header, out long first, out ulong id)
    {
        (first, id) = (0, 0);
        if (header.Length < Bytes)
            return "the segment's header is cut off";
        if (!header.StartsWith(Magic))
            return "this is no segment of a log";
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) != Checksum(header))
            return "the segment's header has a wrong checksum";
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) is var version && version != Version)
            return $"the segment is of version {version}, not {Version}";
        first = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        id = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        return null;
    }

    private static uint Checksum(ReadOnlySpan<byte> header) => ~Crc32C.Add(Crc32C.Add(~0u, header[..12]), header[16..Bytes]);
}
