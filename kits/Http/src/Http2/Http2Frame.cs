using System.Buffers;
using System.Buffers.Binary;

namespace Microcosm.Http;

/// <summary>The head of a frame (RFC 9113 section 4.1): length (3 bytes), type, flags, stream (31 bits).</summary>
internal readonly record struct Http2Frame(int Length, Http2FrameType Type, Http2Flags Flags, int Stream)
{
    public const int HeadBytes = 9;

    /// <summary>What a peer takes unless it says otherwise.</summary>
    public const int LengthMaxDefault = 16_384;

    public const int LengthMaxHighest = (1 << 24) - 1;

    /// <summary>The largest window (section 6.9.1).</summary>
    public const int WindowMax = int.MaxValue;

    /// <summary>Windows before anybody says anything.</summary>
    public const int WindowDefault = 65_535;

    public bool Has(Http2Flags flag) => (Flags & flag) != 0;

    public static Http2Frame Read(ReadOnlySpan<byte> from) => new(
        (from[0] << 16) | (from[1] << 8) | from[2], (Http2FrameType)from[3], (Http2Flags)from[4],
        (int)(BinaryPrimitives.ReadUInt32BigEndian(from[5..]) & 0x7fffffff));

    public void Write(IBufferWriter<byte> to)
    {
        var span = to.GetSpan(HeadBytes);
        BinaryPrimitives.WriteUInt32BigEndian(span, ((uint)Length << 8) | (byte)Type);
        span[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(span[5..], Stream);
        to.Advance(HeadBytes);
    }
}
