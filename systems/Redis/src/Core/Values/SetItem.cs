namespace Microcosm.Redis;

/// <summary>A member of a set is its own key.</summary>
internal readonly struct SetItem : IByteTableLayout
{
    public static ReadOnlySpan<byte> KeyOf(byte[] item) => item;
}
