using System.Buffers.Binary;

namespace Microcosm.Http;

/// <summary>On which stream another depends (RFC 7540 section 6.3).</summary>
/// <param name="Weight">1 to 256.</param>
/// <param name="IsExclusive">What depended on the same stream depends on this one then.</param>
internal readonly record struct Http2Dependency(int Stream, int Weight, bool IsExclusive)
{
    public const int Bytes = 5;

    public static Http2Dependency Read(ReadOnlySpan<byte> bytes)
    {
        var word = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return new Http2Dependency((int)(word & 0x7fffffff), bytes[4] + 1, word > 0x7fffffff);
    }
}
