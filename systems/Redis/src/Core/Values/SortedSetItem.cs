using System.Buffers.Binary;

namespace Microcosm.Redis;

/// <summary>A member with its score in one array: eight bytes of score, then the member.</summary>
internal readonly struct SortedSetItem : IByteTableLayout
{
    private const int ScoreBytes = 8;

    public static byte[] Pack(ReadOnlySpan<byte> member, double score)
    {
        var item = new byte[ScoreBytes + member.Length];
        BinaryPrimitives.WriteDoubleLittleEndian(item, score);
        member.CopyTo(item.AsSpan(ScoreBytes));
        return item;
    }

    public static ReadOnlySpan<byte> KeyOf(byte[] item) => item.AsSpan(ScoreBytes);

    public static double ScoreOf(byte[] item) => BinaryPrimitives.ReadDoubleLittleEndian(item);
}
