using System.Buffers.Text;

namespace Microcosm.Redis;

/// <summary>An element of a collection as it lies there: bytes, or an integer. Valid until the collection changes.</summary>
internal readonly ref struct Element
{
    /// <summary>Room that <see cref="Text"/> needs for an integer.</summary>
    public const int ScratchBytes = 20;

    public Element(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    public Element(long integer)
    {
        Integer = integer;
        IsInteger = true;
    }

    public bool IsInteger { get; }

    public long Integer { get; }

    /// <summary>The bytes, if it is no integer.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The value as bytes; an integer is printed into <paramref name="scratch"/>.</summary>
    public ReadOnlySpan<byte> Text(Span<byte> scratch)
    {
        if (!IsInteger)
            return Bytes;
        Utf8Formatter.TryFormat(Integer, scratch, out var length);
        return scratch[..length];
    }

    /// <summary>The value as bytes of its own.</summary>
    public byte[] ToArray() => IsInteger ? RedisNumber.ToBytes(Integer) : Bytes.ToArray();

    public bool Is(ReadOnlySpan<byte> value) =>
        IsInteger ? RedisNumber.TryParse(value, out long integer) && integer == Integer : Bytes.SequenceEqual(value);
}
