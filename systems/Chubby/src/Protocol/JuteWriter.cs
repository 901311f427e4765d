using System.Buffers.Binary;
using System.Text;

namespace Microcosm.Chubby;

/// <summary>Writes jute's binary form into a buffer that grows.</summary>
internal sealed class JuteWriter(int capacity = 256)
{
    private byte[] _bytes = new byte[capacity];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    /// <summary>Takes back what was written from <paramref name="length"/> on.</summary>
    public void Cut(int length)
    {
        Length = length;
        // One large reply must not hold its memory for ever.
        if (length == 0 && _bytes.Length > 64 * 1024)
            _bytes = new byte[capacity];
    }

    public void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Room(4), value);

    public void Long(long value) => BinaryPrimitives.WriteInt64BigEndian(Room(8), value);

    public void Byte(byte value) => Room(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>A buffer; null is the length -1.</summary>
    public void Buffer(byte[]? value)
    {
        Int(value?.Length ?? -1);
        Bytes(value);
    }

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    public void String(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Int(length);
        Encoding.UTF8.GetBytes(value, Room(length));
    }

    /// <summary>A string; null is the length -1.</summary>
    public void StringOrNull(string? value)
    {
        if (value is null)
            Int(-1);
        else
            String(value);
    }

    public void Strings(IReadOnlyCollection<string> values)
    {
        Int(values.Count);
        foreach (var value in values)
            String(value);
    }

    public void Acl(AclEntry[] entries)
    {
        Int(entries.Length);
        foreach (var entry in entries)
        {
            Int((int)entry.Permissions);
            String(entry.Scheme);
            String(entry.Id);
        }
    }

    public void Stat(in NodeStat stat)
    {
        Long(stat.Czxid);
        Long(stat.Mzxid);
        Long(stat.CtimeMs);
        Long(stat.MtimeMs);
        Int(stat.Version);
        Int(stat.Cversion);
        Int(stat.Aversion);
        Long(stat.EphemeralOwner);
        Int(stat.DataLength);
        Int(stat.NumChildren);
        Long(stat.Pzxid);
    }

    /// <summary>Overwrites four bytes: a length that was not known before.</summary>
    public void PatchInt(int at, int value) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(at), value);

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        var room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }
}
