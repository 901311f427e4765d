using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Microcosm.Redis;

/// <summary>Writes lengths, strings and values as RDB has them into a buffer.</summary>
/// <param name="compress"><c>rdbcompression</c>: strings over 20 bytes are tried with LZF.</param>
internal sealed class RdbWriter(bool compress)
{
    private const int CompressibleBytes = 20;

    private readonly ArrayBufferWriter<byte> _out = new();

    /// <summary>What was written since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _out.WrittenSpan;

    public void Clear() => _out.ResetWrittenCount();

    public void Byte(byte value)
    {
        _out.GetSpan(1)[0] = value;
        _out.Advance(1);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _out.Write(bytes);

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_out.GetSpan(8), value);
        _out.Advance(8);
    }

    public void Length(long value)
    {
        var to = _out.GetSpan(9);
        switch (value)
        {
            case < 64:
                to[0] = (byte)value;
                _out.Advance(1);
                break;
            case < 16384:
                BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)(0x4000 | value));
                _out.Advance(2);
                break;
            case <= uint.MaxValue:
                to[0] = 0x80;
                BinaryPrimitives.WriteUInt32BigEndian(to[1..], (uint)value);
                _out.Advance(5);
                break;
            default:
                to[0] = 0x81;
                BinaryPrimitives.WriteInt64BigEndian(to[1..], value);
                _out.Advance(9);
                break;
        }
    }

    public void String(string text) => String(Encoding.UTF8.GetBytes(text));

    public void String(ReadOnlySpan<byte> value)
    {
        if (value.Length <= 11 && RedisNumber.TryParse(value, out long number) && number is >= int.MinValue and <= int.MaxValue)
        {
            Integer((int)number);
            return;
        }
        if (compress && value.Length > CompressibleBytes && TryCompressed(value))
            return;
        Length(value.Length);
        Raw(value);
    }

    public void String(Element element)
    {
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        String(element.Text(scratch));
    }

    /// <summary>The type byte of a value.</summary>
    public static byte TypeOf(Entry entry) => entry.Object switch
    {
        null or StringObject => RdbFormat.String,
        ListObject => RdbFormat.ListQuicklist2,
        SetObject set => set.Integers is null ? RdbFormat.Set : RdbFormat.SetIntset,
        HashObject hash => hash.Packed is null ? RdbFormat.Hash : RdbFormat.HashListpack,
        SortedSetObject sorted => sorted.Packed is null ? RdbFormat.SortedSet : RdbFormat.SortedSetListpack,
        var other => throw new NotSupportedException($"RDB: {other.GetType().Name}"),
    };

    /// <summary>A value without its type byte.</summary>
    public void Value(Entry entry)
    {
        switch (entry.Object)
        {
            case null or StringObject:
                String(entry.StringValue);
                break;
            case ListObject list:
                List(list);
                break;
            case SetObject set:
                Set(set);
                break;
            case HashObject hash:
                Hash(hash);
                break;
            case SortedSetObject sorted:
                SortedSet(sorted);
                break;
        }
    }

    private void List(ListObject list)
    {
        Length(list.Items.Nodes);
        for (var node = list.Items.Head; node is not null; node = node.Next)
        {
            Length(node.Packed is null ? RdbFormat.PlainNode : RdbFormat.PackedNode);
            String(node.Packed is null ? node.Plain : node.Packed.Bytes);
        }
    }

    private void Set(SetObject set)
    {
        if (set.Integers is { } integers)
        {
            String(integers.Bytes);
            return;
        }
        Length(set.Count);
        foreach (var member in set)
            String(member);
    }

    private void Hash(HashObject hash)
    {
        if (hash.Packed is { } packed)
        {
            String(packed.Bytes);
            return;
        }
        Length(hash.Count);
        foreach (var pair in hash)
        {
            String(pair.Field);
            String(pair.Value);
        }
    }

    // From the highest score down, as Redis writes it: loading then appends at one end.
    private void SortedSet(SortedSetObject sorted)
    {
        if (sorted.Packed is { } packed)
        {
            String(packed.Bytes);
            return;
        }
        Length(sorted.Count);
        for (var cursor = sorted.Seek(sorted.Count - 1); !cursor.IsNone; cursor = cursor.Previous())
        {
            String(cursor.Member);
            Int64(BitConverter.DoubleToInt64Bits(cursor.Score));
        }
    }

    private void Integer(int value)
    {
        var to = _out.GetSpan(5);
        if (value is >= sbyte.MinValue and <= sbyte.MaxValue)
        {
            (to[0], to[1]) = (0xc0, (byte)value);
            _out.Advance(2);
        }
        else if (value is >= short.MinValue and <= short.MaxValue)
        {
            to[0] = 0xc1;
            BinaryPrimitives.WriteInt16LittleEndian(to[1..], (short)value);
            _out.Advance(3);
        }
        else
        {
            to[0] = 0xc2;
            BinaryPrimitives.WriteInt32LittleEndian(to[1..], value);
            _out.Advance(5);
        }
    }

    private bool TryCompressed(ReadOnlySpan<byte> value)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(value.Length - 4);
        var length = Lzf.Compress(value, buffer.AsSpan(0, value.Length - 4));
        if (length > 0)
        {
            Byte(0xc3);
            Length(length);
            Length(value.Length);
            Raw(buffer.AsSpan(0, length));
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return length > 0;
    }
}
