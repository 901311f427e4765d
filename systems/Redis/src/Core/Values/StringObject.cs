namespace Microcosm.Redis;

/// <summary>A string too long to be packed with its key. Grows in place, with slack, as sds does.</summary>
internal sealed class StringObject : RedisObject
{
    private const int SlackBytesMax = 1024 * 1024;

    private byte[] _bytes;
    private int _length;

    public StringObject(ReadOnlySpan<byte> value)
    {
        _bytes = value.ToArray();
        _length = value.Length;
    }

    public override RedisType Type => RedisType.String;

    public override string Encoding => "raw";

    public override int Count => _length;

    public override long MemoryBytes => 16 + 24 + _bytes.Length;

    /// <summary>The bytes; writable, since strings change in place.</summary>
    public Span<byte> Value => _bytes.AsSpan(0, _length);

    public override RedisObject Clone() => new StringObject(Value);

    /// <summary>Changes the length; new bytes are zero.</summary>
    public void Resize(int length)
    {
        if (length > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, length + (long)Math.Min(length, SlackBytesMax)));
        else if (length > _length)
            _bytes.AsSpan(_length, length - _length).Clear();
        _length = length;
    }
}
