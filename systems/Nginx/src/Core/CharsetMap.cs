namespace Microcosm.Nginx;

/// <summary>Recoding between a one-byte charset and another, or UTF-8. ASCII stays; what is not mapped becomes a question mark.</summary>
internal sealed class CharsetMap
{
    private readonly byte[][] _forward = new byte[256][];
    private readonly Dictionary<string, byte> _back = new(StringComparer.Ordinal);

    public CharsetMap(string from, string to)
    {
        (From, To) = (from, to);
        IsUtf8 = Latin1.EqualsIgnoreCase(to, "utf-8");
        for (var b = 0; b < 256; b++)
        {
            _forward[b] = [b < 128 ? (byte)b : (byte)'?'];
            if (b < 128)
                _back[((char)b).ToString()] = (byte)b;
        }
    }

    public string From { get; }

    public string To { get; }

    public bool IsUtf8 { get; }

    public bool IsBetween(string a, string b) => (Latin1.EqualsIgnoreCase(a, From) && Latin1.EqualsIgnoreCase(b, To))
        || (Latin1.EqualsIgnoreCase(a, To) && Latin1.EqualsIgnoreCase(b, From));

    public void Add(byte source, byte[] target)
    {
        _forward[source] = target;
        _back[Latin1.Text(target)] = source;
    }

    /// <summary>What a byte of the first charset is in the second.</summary>
    public ReadOnlySpan<byte> Forward(byte value) => _forward[value];

    /// <summary>What one character of the second charset is in the first.</summary>
    public byte Back(ReadOnlySpan<byte> character) => _back.TryGetValue(Latin1.Text(character), out var value) ? value : (byte)'?';
}
