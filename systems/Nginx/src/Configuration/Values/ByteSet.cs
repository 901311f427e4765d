using System.Globalization;
using System.Text;

namespace Microcosm.Nginx;

/// <summary>A set of bytes: a character class of a pattern, with case folded for ASCII letters only, as PCRE does without UTF.</summary>
internal sealed class ByteSet
{
    private readonly bool[] _has = new bool[256];

    public static ByteSet Of(Func<int, bool> member)
    {
        var set = new ByteSet();
        for (var b = 0; b < 256; b++)
            set._has[b] = member(b);
        return set;
    }

    /// <summary>The set that a letter after a backslash means (<c>\d</c>, <c>\S</c>, <c>\h</c> …), or null.</summary>
    public static ByteSet? OfEscape(char escape)
    {
        Func<int, bool>? member = char.ToLowerInvariant(escape) switch
        {
            'd' => b => b is >= '0' and <= '9',
            'w' => IsWord,
            's' => b => b is ' ' or (>= 9 and <= 13),
            'h' => b => b is ' ' or '\t' or 0xA0,
            'v' => b => b is (>= 10 and <= 13) or 0x85,
            'n' when escape == 'N' => b => b == '\n',
            _ => null,
        };
        return member is null ? null : Of(char.IsUpper(escape) ? b => !member(b) : member);
    }

    /// <summary>A POSIX class by its name between <c>[:</c> and <c>:]</c>, or null.</summary>
    public static ByteSet? OfPosix(string name)
    {
        Func<int, bool>? member = name switch
        {
            "alpha" => IsAlpha,
            "digit" => b => b is >= '0' and <= '9',
            "alnum" => b => IsAlpha(b) || b is >= '0' and <= '9',
            "upper" => b => b is >= 'A' and <= 'Z',
            "lower" => b => b is >= 'a' and <= 'z',
            "space" => b => b is ' ' or (>= 9 and <= 13),
            "blank" => b => b is ' ' or '\t',
            "punct" => b => b is > 32 and < 127 && !IsAlpha(b) && b is not (>= '0' and <= '9'),
            "print" => b => b is >= 32 and < 127,
            "graph" => b => b is > 32 and < 127,
            "cntrl" => b => b is < 32 or 127,
            "xdigit" => b => Uri.IsHexDigit((char)b),
            "word" => IsWord,
            "ascii" => b => b < 128,
            _ => null,
        };
        return member is null ? null : Of(member);
    }

    /// <summary>
    /// Bytes whose code point (Latin-1) has a Unicode property: <c>L</c>, <c>Nd</c>, <c>Any</c> …; null for one not known.
    /// </summary>
    public static ByteSet? OfProperty(string name)
    {
        if (name is "Any")
            return Of(_ => true);
        if (name is "L&")
            return Of(b => CodeOf(b) is "Lu" or "Ll" or "Lt");
        if (name.Length is 0 or > 2 || !Properties.Any(p => p.StartsWith(name, StringComparison.Ordinal)))
            return null;
        return Of(b => CodeOf(b).StartsWith(name, StringComparison.Ordinal));
    }

    public void Add(int value) => _has[value & 0xFF] = true;

    public void Add(ByteSet other)
    {
        for (var b = 0; b < 256; b++)
            _has[b] |= other._has[b];
    }

    public void FoldCase()
    {
        for (var b = (int)'a'; b <= 'z'; b++)
            _has[b] = _has[b & ~0x20] = _has[b] || _has[b & ~0x20];
    }

    public void Negate()
    {
        for (var b = 0; b < 256; b++)
            _has[b] = !_has[b];
    }

    /// <summary>As a class of .NET's patterns.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("[");
        for (var b = 0; b < 256; b++)
        {
            if (!_has[b])
                continue;
            var from = b;
            while (b < 255 && _has[b + 1])
                b++;
            text.Append(CultureInfo.InvariantCulture, $"\\x{from:X2}");
            if (b > from)
                text.Append(CultureInfo.InvariantCulture, $"-\\x{b:X2}");
        }
        // An empty class matches nothing.
        return text.Length == 1 ? "(?!)" : text.Append(']').ToString();
    }

    // In the order of UnicodeCategory.
    private static readonly string[] Properties =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    private static string CodeOf(int b) => Properties[(int)CharUnicodeInfo.GetUnicodeCategory((char)b)];

    private static bool IsAlpha(int b) => b is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private static bool IsWord(int b) => IsAlpha(b) || b is (>= '0' and <= '9') or '_';
}
