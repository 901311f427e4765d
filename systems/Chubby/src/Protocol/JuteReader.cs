using System.Buffers.Binary;
using System.Text;

namespace Microcosm.Chubby;

/// <summary>
/// Reads jute's binary form: big-endian numbers, strings and buffers behind their length. Every length is checked against what is there
/// before anything is allocated. Throws <see cref="JuteException"/>.
/// </summary>
internal ref struct JuteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _bytes.Length - Position;

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public byte Byte() => Take(1)[0];

    // Java's readBoolean takes any byte but 0 for true.
    public bool Bool() => Take(1)[0] != 0;

    /// <summary>A buffer; null where its length is -1.</summary>
    public byte[]? Buffer()
    {
        var length = Length();
        return length < 0 ? null : Take(length).ToArray();
    }

    /// <summary>A string; empty where its length is -1.</summary>
    public string String()
    {
        var length = Length();
        return length < 0 ? "" : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>A string; null where its length is -1.</summary>
    public string? StringOrNull() => Buffer() is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The bytes of a string, without a copy.</summary>
    public ReadOnlySpan<byte> StringBytes() => Take(Math.Max(0, Length()));

    /// <summary>How many items a vector has; each takes at least <paramref name="itemBytesMin"/> bytes. -1 (null) counts as none.</summary>
    public int Count(int itemBytesMin)
    {
        var count = Int();
        if (count < -1 || (long)count * itemBytesMin > Remaining)
            throw new JuteException($"a vector of {count} items in {Remaining} bytes");
        return Math.Max(0, count);
    }

    public string[] Strings()
    {
        var strings = new string[Count(4)];
        for (var i = 0; i < strings.Length; i++)
            strings[i] = String();
        return strings;
    }

    public AclEntry[] Acl()
    {
        var entries = new AclEntry[Count(12)];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new AclEntry((Permissions)Int(), String(), String());
        return entries;
    }

    private int Length()
    {
        var length = Int();
        return length < -1 || length > Remaining ? throw new JuteException($"Unreasonable length = {length}") : length;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
            throw new JuteException($"{count} bytes wanted where {Remaining} are left");
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }
}
