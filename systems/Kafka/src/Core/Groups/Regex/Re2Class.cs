using System.Globalization;
using System.Text;

namespace Microcosm.Kafka;

/// <summary>A set of ASCII characters, as a pattern has it: <c>[a-z]</c>, <c>\d</c>, <c>[[:alpha:]]</c>, <c>\p{Lu}</c>.</summary>
internal sealed class Re2Class
{
    private const int Count = 128;

    // Writing systems that RE2 knows and that have no character in ASCII.
    private static readonly HashSet<string> OtherScripts = [.. (
        "Inherited Bamum Arabic Lisu Armenian Bengali Old_South_Arabian Bopomofo Cherokee Coptic Cyrillic Deseret Devanagari Ethiopic "
        + "Georgian Gothic Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Kannada Katakana Khmer Lao Malayalam Mongolian Myanmar Ogham "
        + "Old_Italic Oriya Runic Sinhala Syriac Tamil Telugu Thaana Thai Tibetan Canadian_Aboriginal Yi Tagalog Hanunoo Buhid Tagbanwa "
        + "Braille Cypriot Limbu Linear_B Osmanya Shavian Tai_Le Ugaritic Buginese Glagolitic Kharoshthi Syloti_Nagri New_Tai_Lue Tifinagh "
        + "Old_Persian Balinese Batak Brahmi Cham Egyptian_Hieroglyphs Javanese Kayah_Li Lepcha Mandaic Nko Old_Turkic Phags_Pa Phoenician "
        + "Vai Cuneiform Carian Tai_Tham Lycian Lydian Ol_Chiki Rejang Saurashtra Sundanese Meetei_Mayek Imperial_Aramaic Avestan Kaithi "
        + "Inscriptional_Pahlavi Inscriptional_Parthian Samaritan Tai_Viet").Split(' ')];

    private static readonly string[] Categories =
        ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe",
            "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"];

    private readonly bool[] _has = new bool[Count];

    /// <summary>Reads <c>[…]</c>.</summary>
    public static Re2Class Read(Re2Text text, bool foldsCase)
    {
        text.Skip(1);
        var isNegative = text.LooksAt("^");
        if (isNegative)
            text.Skip(1);
        var set = new Re2Class();
        for (var isFirst = true; isFirst || text.Peek() != ']'; isFirst = false)
        {
            if (!text.HasMore)
                throw new ArgumentException("missing closing ]");
            if ((TryReadNamed(text, foldsCase) ?? TryReadEscape(text, foldsCase)) is { } inner)
                set.Add(c => inner._has[c], foldsCase: false);
            else
                set.ReadRange(text, foldsCase);
        }

        text.Skip(1);
        return isNegative ? set.Negate() : set;
    }

    /// <summary>Reads <c>\d</c> or <c>\pL</c> and the like; null, and nothing is read, if it is something else.</summary>
    public static Re2Class? TryReadEscape(Re2Text text, bool foldsCase)
    {
        if (text.LooksAt(@"\p") || text.LooksAt(@"\P"))
            return ReadUnicode(text, foldsCase);
        if (text.Rest is not ['\\', var kind, ..] || "dDsSwW".IndexOf(kind, StringComparison.Ordinal) < 0)
            return null;
        text.Skip(2);
        var set = char.ToLowerInvariant(kind) switch
        {
            'd' => Of(char.IsAsciiDigit),
            's' => Of(c => c is '\t' or '\n' or '\f' or '\r' or ' '),
            _ => Of(IsWord),
        };
        return char.IsUpper(kind) ? set.Negate() : set;
    }

    /// <summary>As .NET writes it, for texts of ASCII alone.</summary>
    public string ToDotNet()
    {
        var text = new StringBuilder("[");
        for (var c = 0; c < Count; c++)
        {
            if (_has[c])
                text.Append(CultureInfo.InvariantCulture, $@"\u{c:X4}");
        }

        return text.Length == 1 ? @"[^\u0000-\uFFFF]" : text.Append(']').ToString();
    }

    private static Re2Class? TryReadNamed(Re2Text text, bool foldsCase)
    {
        var end = text.LooksAt("[:") ? text.Rest.IndexOf(":]", StringComparison.Ordinal) : -1;
        if (end < 0)
            return null;
        var name = text.Rest[2..end];
        var isNegative = name is ['^', ..];
        var set = Of(Named(isNegative ? name[1..].ToString() : name.ToString()), foldsCase);
        text.Skip(end + 2);
        return isNegative ? set.Negate() : set;
    }

    private static Func<char, bool> Named(string name) => name switch
    {
        "alnum" => char.IsAsciiLetterOrDigit,
        "alpha" => char.IsAsciiLetter,
        "ascii" => char.IsAscii,
        "blank" => c => c is '\t' or ' ',
        "cntrl" => char.IsControl,
        "digit" => char.IsAsciiDigit,
        "graph" => c => c is > ' ' and < '\x7f',
        "lower" => char.IsAsciiLetterLower,
        "print" => c => c is >= ' ' and < '\x7f',
        "punct" => c => c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c),
        "space" => c => c is >= '\t' and <= '\r' or ' ',
        "upper" => char.IsAsciiLetterUpper,
        "word" => IsWord,
        "xdigit" => char.IsAsciiHexDigit,
        _ => throw InvalidRange(),
    };

    private static Re2Class ReadUnicode(Re2Text text, bool foldsCase)
    {
        var isNegative = text.Rest[1] == 'P';
        text.Skip(2);
        if (!text.HasMore)
            throw InvalidRange();
        string name;
        if (text.Peek() == '{')
        {
            var end = text.Rest.IndexOf('}');
            if (end < 0)
                throw InvalidRange();
            name = text.Rest[1..end].ToString();
            text.Skip(end + 1);
        }
        else
            name = text.Pop().ToString();
        if (name is ['^', ..])
            (isNegative, name) = (!isNegative, name[1..]);
        var set = Of(Unicode(name), foldsCase);
        return isNegative ? set.Negate() : set;
    }

    private static Func<char, bool> Unicode(string name) => name switch
    {
        "Any" => _ => true,
        "Latin" => char.IsAsciiLetter,
        "Common" => c => !char.IsAsciiLetter(c),
        _ when OtherScripts.Contains(name) => _ => false,
        _ when name.Length > 0 && Categories.Any(category => category.StartsWith(name, StringComparison.Ordinal)) =>
            c => Categories[(int)char.GetUnicodeCategory(c)].StartsWith(name, StringComparison.Ordinal),
        _ => throw InvalidRange(),
    };

    private static Re2Class Of(Func<char, bool> has, bool foldsCase = false)
    {
        var set = new Re2Class();
        set.Add(has, foldsCase);
        return set;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static ArgumentException InvalidRange() => new("invalid character class range");

    private void ReadRange(Re2Text text, bool foldsCase)
    {
        var low = ReadOne(text);
        var high = low;
        // A dash before the end is one.
        if (text.Peek() == '-' && !text.LooksAt("-]"))
        {
            text.Skip(1);
            high = text.HasMore ? ReadOne(text) : throw new ArgumentException("missing closing ]");
        }

        if (high < low)
            throw InvalidRange();
        Add(c => c >= low && c <= high, foldsCase);
    }

    private static int ReadOne(Re2Text text) => text.Peek() == '\\' ? text.ReadEscape() : text.Pop().Value;

    private void Add(Func<char, bool> has, bool foldsCase)
    {
        for (var c = '\0'; c < Count; c++)
        {
            if (has(c) || (foldsCase && char.IsAsciiLetter(c) && has((char)(c ^ 0x20))))
                _has[c] = true;
        }
    }

    private Re2Class Negate()
    {
        for (var c = 0; c < Count; c++)
            _has[c] = !_has[c];
        return this;
    }
}
