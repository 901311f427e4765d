namespace Microcosm.Redis;

/// <summary>Where the key lies inside the items of a <see cref="ByteTable{TLayout}"/>.</summary>
internal interface IByteTableLayout
{
    static abstract ReadOnlySpan<byte> KeyOf(byte[] item);
}
