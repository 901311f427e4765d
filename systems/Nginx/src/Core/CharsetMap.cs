namespace Microcosm.Nginx;

/// <summary>Recoding between a one-byte charset and another, or UTF-8. ASCII stays; what is not mapped becomes a question mark.</summary>
internal sealed class CharsetMap
{
    private readonly byte[][] _forward = new byte[256][];
    private readonly Dictionary<int, byte> _back = [];
    private byte[][]? _backward;

    public CharsetMap(string from, string to)
    {
        (From, To) = (from, to);
        IsUtf8 = Latin1.EqualsIgnoreCase(to, "utf-8");
        for (var b = 0; b < 256; b++)
        {
            _forward[b] = [b < 128 ? (byte)b : (byte)'?'];
            if (b < 128)
                _back[b] = (byte)b;
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
        _back[IsUtf8 ? Utf8.Decode(target, out _) : target[0]] = source;
    }

    /// <summary>What each byte of the first charset is in the second.</summary>
    public byte[][] Forward => _forward;

    /// <summary>What each byte of the second charset is in the first.</summary>
    public byte[][] Backward => _backward ??= [.. Enumerable.Range(0, 256).Select(b => new[] { _back.GetValueOrDefault(b, (byte)'?') })];

    /// <summary>What a character of the second charset, which is UTF-8, is in the first.</summary>
    public bool TryBack(int character, out byte value) => _back.TryGetValue(character, out value) && value != 0;
}
