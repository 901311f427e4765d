using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Writes the primitive types of Kafka's protocol. Large byte fields are kept by reference and copied once, when the whole is.
/// </summary>
/// <param name="isFlexible">Whether lengths are compact and structs end with tagged fields.</param>
internal sealed class MessageWriter(bool isFlexible)
{
    // Below this a copy is cheaper than one more splice.
    private const int SpliceBytesMin = 1024;

    private readonly ArrayBufferWriter<byte> _own = new();
    private readonly List<(int At, ReadOnlyMemory<byte> Bytes)> _splices = [];
    private int _splicedBytes;

    public bool IsFlexible => isFlexible;

    /// <summary>Bytes written so far, with those kept by reference.</summary>
    public int Length => _own.WrittenCount + _splicedBytes;

    public void WriteBool(bool value) => WriteInt8(value ? (sbyte)1 : (sbyte)0);

    public void WriteInt8(sbyte value)
    {
        _own.GetSpan(1)[0] = (byte)value;
        _own.Advance(1);
    }

    public void WriteInt16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_own.GetSpan(2), value);
        _own.Advance(2);
    }

    public void WriteUInt16(ushort value) => WriteInt16((short)value);

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_own.GetSpan(4), value);
        _own.Advance(4);
    }

    public void WriteUInt32(uint value) => WriteInt32((int)value);

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_own.GetSpan(8), value);
        _own.Advance(8);
    }

    public void WriteFloat64(double value) => WriteInt64(BitConverter.DoubleToInt64Bits(value));

    public void WriteUuid(Guid value)
    {
        value.TryWriteBytes(_own.GetSpan(16), bigEndian: true, out _);
        _own.Advance(16);
    }

    public void WriteUnsignedVarint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            WriteInt8((sbyte)(value | 0x80));
        WriteInt8((sbyte)value);
    }

    public void WriteString(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > short.MaxValue)
            throw new InvalidOperationException($"A string of {length} bytes is longer than the protocol's {short.MaxValue}.");
        if (isFlexible)
            WriteUnsignedVarint((uint)length + 1);
        else
            WriteInt16((short)length);
        _own.Advance(Encoding.UTF8.GetBytes(value, _own.GetSpan(length)));
    }

    public void WriteNullableString(string? value)
    {
        if (value is not null)
            WriteString(value);
        else if (isFlexible)
            WriteUnsignedVarint(0);
        else
            WriteInt16(-1);
    }

    /// <param name="value">May be kept: it must not change until this writer's bytes are copied.</param>
    public void WriteBytes(ReadOnlyMemory<byte> value)
    {
        WriteCount(value.Length);
        WriteRaw(value);
    }

    public void WriteNullableBytes(ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
            WriteBytes(bytes);
        else
            WriteCount(-1);
    }

    /// <summary>Length of an array or of bytes; -1 for null.</summary>
    public void WriteCount(int count)
    {
        if (isFlexible)
            WriteUnsignedVarint((uint)(count + 1));
        else
            WriteInt32(count);
    }

    public void WriteIsPresent(bool isPresent) => WriteInt8(isPresent ? (sbyte)1 : (sbyte)-1);

    /// <summary>A tagged field: its tag, the size of its value, its value.</summary>
    public void WriteTagged(uint tag, MessageWriter value)
    {
        WriteUnsignedVarint(tag);
        WriteUnsignedVarint((uint)value.Length);
        WriteRaw(value.ToArray());
    }

    /// <summary>Bytes as they are, without a length.</summary>
    public void WriteRaw(ReadOnlyMemory<byte> value)
    {
        if (value.Length < SpliceBytesMin)
        {
            _own.Write(value.Span);
            return;
        }
        _splices.Add((_own.WrittenCount, value));
        _splicedBytes = checked(_splicedBytes + value.Length);
    }

    public void CopyTo(IBufferWriter<byte> target)
    {
        foreach (var part in Parts())
            target.Write(part.Span);
    }

    /// <summary>Writes all to an output; large byte fields in arrays that were rented are moved there instead.</summary>
    /// <param name="target">Gets the bytes.</param>
    /// <param name="rented">Arrays of the shared pool, or null; those that moved are taken out.</param>
    public void MoveTo(OutputBuffer target, List<byte[]>? rented)
    {
        foreach (var part in Parts())
        {
            if (rented is { Count: > 0 } && part.Length >= SpliceBytesMin && MemoryMarshal.TryGetArray(part, out var bytes)
                && rented.Remove(bytes.Array!))
                target.Attach(bytes.Array!, bytes.Offset, bytes.Count);
            else
                target.Write(part.Span);
        }
    }

    public byte[] ToArray()
    {
        var (whole, at) = (new byte[Length], 0);
        foreach (var part in Parts())
        {
            part.CopyTo(whole.AsMemory(at));
            at += part.Length;
        }
        return whole;
    }

    private IEnumerable<ReadOnlyMemory<byte>> Parts()
    {
        var done = 0;
        foreach (var (at, bytes) in _splices)
        {
            yield return _own.WrittenMemory[done..at];
            yield return bytes;
            done = at;
        }
        yield return _own.WrittenMemory[done..];
    }
}
