using System.Buffers.Binary;
using System.Text;

namespace Microcosm.Kafka;

/// <summary>Reads the primitive types of Kafka's protocol from a frame. Byte fields are slices of the frame, nothing is copied.</summary>
/// <param name="frame">The message, from its first byte or with what stands before it.</param>
/// <param name="position">Where to begin in the frame.</param>
/// <param name="isFlexible">Whether lengths are compact and structs end with tagged fields.</param>
internal ref struct MessageReader(ReadOnlyMemory<byte> frame, int position, bool isFlexible)
{
    private const int VarintBytesMax = 5;

    // No string of the protocol is longer: before flexible versions its length was an int16.
    private const int StringBytesMax = short.MaxValue;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = frame.Span;

    public int Position { get; private set; } = position;

    public readonly int Left => _bytes.Length - Position;

    public bool ReadBool() => Take(1)[0] != 0;

    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public double ReadFloat64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    /// <summary>At most five bytes, of which the last holds four bits.</summary>
    public uint ReadUnsignedVarint()
    {
        uint value = 0;
        for (var i = 0; i < VarintBytesMax; i++)
        {
            var next = Take(1)[0];
            if (i == VarintBytesMax - 1 && next > 0x0f)
                break;
            value |= (uint)(next & 0x7f) << (7 * i);
            if (next < 0x80)
                return value;
        }
        throw new KafkaFormatException("A varint is longer than 32 bits.");
    }

    public string ReadString() => ReadNullableString() ?? throw new KafkaFormatException("A string is null that must not be.");

    public string? ReadNullableString()
    {
        var length = isFlexible ? ReadCompactLength() : ReadInt16();
        if (length == -1)
            return null;
        if (length is < 0 or > StringBytesMax)
            throw new KafkaFormatException($"A string has {length} bytes.");
        try
        {
            return Utf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw new KafkaFormatException("A string is not UTF-8.");
        }
    }

    public ReadOnlyMemory<byte> ReadBytes() => ReadNullableBytes() ?? throw new KafkaFormatException("Bytes are null that must not be.");

    public ReadOnlyMemory<byte>? ReadNullableBytes()
    {
        var length = isFlexible ? ReadCompactLength() : ReadInt32();
        if (length == -1)
            return null;
        var start = Position;
        Take(length);
        return frame.Slice(start, length);
    }

    /// <summary>Number of an array's elements; -1 for null.</summary>
    /// <param name="elementBytesMin">What an element needs at least: an array cannot promise more than the frame holds.</param>
    public int ReadCount(int elementBytesMin)
    {
        var count = isFlexible ? ReadCompactLength() : ReadInt32();
        if (count < -1 || (long)count * elementBytesMin > Left)
            throw new KafkaFormatException($"An array of {count} elements does not fit into {Left} bytes.");
        return count;
    }

    /// <summary>Presence of a nullable struct: one byte, -1 for null.</summary>
    public bool ReadIsPresent() => ReadInt8() switch
    {
        -1 => false,
        1 => true,
        var other => throw new KafkaFormatException($"A struct is neither null nor present but {other}."),
    };

    /// <summary>Size of a tagged field's value, which the frame holds.</summary>
    public int ReadTaggedSize()
    {
        var size = ReadUnsignedVarint();
        if (size > (uint)Left)
            throw new KafkaFormatException($"A tagged field of {size} bytes does not fit into {Left} bytes.");
        return (int)size;
    }

    /// <summary>Number of tagged fields: each needs two bytes at least.</summary>
    public int ReadTagCount()
    {
        var count = ReadUnsignedVarint();
        if (count > (uint)Left / 2)
            throw new KafkaFormatException($"{count} tagged fields do not fit into {Left} bytes.");
        return (int)count;
    }

    /// <summary>Tags must ascend (KIP-482); -1 stands before the first.</summary>
    public long ReadTag(long before)
    {
        var tag = ReadUnsignedVarint();
        return tag > before ? tag : throw new KafkaFormatException($"Tag {tag} follows tag {before}.");
    }

    public readonly void CheckTaggedEnd(int end)
    {
        if (Position != end)
            throw new KafkaFormatException("A tagged field is not as long as it says.");
    }

    public void Skip(int length) => Take(length);

    /// <summary>Reads past a struct's tagged fields of which none is known.</summary>
    public void SkipTags()
    {
        var count = ReadTagCount();
        var tag = -1L;
        for (var i = 0; i < count; i++)
        {
            tag = ReadTag(tag);
            Skip(ReadTaggedSize());
        }
    }

    // Compact lengths are one more than the length, so that 0 can be null.
    private int ReadCompactLength()
    {
        var length = ReadUnsignedVarint();
        return length <= int.MaxValue ? (int)length - 1 : throw new KafkaFormatException($"A length of {length} - 1 is too large.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > Left)
            throw new KafkaFormatException($"{length} bytes do not fit into the {Left} that are left.");
        var taken = _bytes.Slice(Position, length);
        Position += length;
        return taken;
    }
}
