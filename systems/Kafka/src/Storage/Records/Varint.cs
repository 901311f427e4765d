using System.Buffers;

namespace Microcosm.Kafka;

/// <summary>Zigzag numbers of variable length, as protobuf's sint32 and sint64.</summary>
internal static class Varint
{
    public const int BytesMax = 10;

    /// <summary>Reads a number and moves <paramref name="position"/> behind it. Throws <see cref="CorruptRecordException"/>.</summary>
    public static int Read(ReadOnlySpan<byte> bytes, scoped ref int position)
    {
        // One byte covers lengths below 64 and nearly all deltas.
        if ((uint)position < (uint)bytes.Length && bytes[position] is < 0x80 and var one)
        {
            position++;
            return one >> 1 ^ -(one & 1);
        }
        var value = ReadUnsigned(bytes, ref position, 5);
        if (value > uint.MaxValue)
            throw new CorruptRecordException("a number of variable length is too large for 32 bits");
        return (int)((uint)value >> 1) ^ -(int)(value & 1);
    }

    /// <summary>The same for 64 bits.</summary>
    public static long ReadLong(ReadOnlySpan<byte> bytes, scoped ref int position)
    {
        var value = ReadUnsigned(bytes, ref position, BytesMax);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public static int Size(long value)
    {
        var rest = (ulong)(value << 1 ^ value >> 63);
        var size = 1;
        for (; rest >= 0x80; rest >>= 7)
            size++;
        return size;
    }

    public static void Write(IBufferWriter<byte> writer, long value)
    {
        var span = writer.GetSpan(BytesMax);
        var rest = (ulong)(value << 1 ^ value >> 63);
        var size = 0;
        for (; rest >= 0x80; rest >>= 7)
            span[size++] = (byte)(rest | 0x80);
        span[size++] = (byte)rest;
        writer.Advance(size);
    }

    private static ulong ReadUnsigned(ReadOnlySpan<byte> bytes, scoped ref int position, int bytesMax)
    {
        ulong value = 0;
        for (var i = 0; i < bytesMax; i++)
        {
            if ((uint)position >= (uint)bytes.Length)
                throw new CorruptRecordException("a number of variable length is cut off");
            var b = bytes[position++];
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b < 0x80)
                return value;
        }
        throw new CorruptRecordException("a number of variable length has no end");
    }
}
