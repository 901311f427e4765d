using System.Text;

namespace Microcosm.Kafka;

/// <summary>A pattern that is read from its beginning to its end.</summary>
internal sealed class Re2Text(string pattern)
{
    public int Position { get; private set; }

    public bool HasMore => Position < pattern.Length;

    public ReadOnlySpan<char> Rest => pattern.AsSpan(Position);

    /// <summary>The next character; 0 at the end.</summary>
    public char Peek() => HasMore ? pattern[Position] : '\0';

    public bool LooksAt(string text) => Rest.StartsWith(text, StringComparison.Ordinal);

    public void Skip(int chars) => Position += chars;

    public void RewindTo(int position) => Position = position;

    /// <summary>The next code point.</summary>
    public Rune Pop()
    {
        var status = Rune.DecodeFromUtf16(Rest, out var rune, out var length);
        Position += status == System.Buffers.OperationStatus.Done ? length : 1;
        return rune;
    }

    /// <summary>What an escape that is one character stands for.</summary>
    public int ReadEscape()
    {
        Skip(1);
        if (!HasMore)
            throw new ArgumentException("trailing backslash at end of expression");
        var c = Pop().Value;
        var simple = c switch { 'a' => '\a', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', _ => -1 };
        if (simple >= 0)
            return simple;
        if (c == '0' || (c is >= '1' and <= '7' && Peek() is >= '0' and <= '7'))
            return ReadOctal(c - '0');
        if (c == 'x')
            return ReadHex();
        // Of letters and digits that have no meaning none is itself; 1 to 9 would refer back.
        return c < 128 && char.IsAsciiLetterOrDigit((char)c) ? throw Invalid() : c;
    }

    private int ReadOctal(int value)
    {
        for (var digits = 1; digits < 3 && Peek() is >= '0' and <= '7'; digits++)
            value = (value * 8) + Pop().Value - '0';
        return value;
    }

    private int ReadHex()
    {
        var isBraced = Peek() == '{';
        var end = isBraced ? Rest.IndexOf('}') : 2;
        if (end < 0 || end > Rest.Length)
            throw Invalid();
        var digits = Rest[(isBraced ? 1 : 0)..end];
        if (digits.Length is 0 or > 8 || digits.ContainsAnyExcept("0123456789abcdefABCDEF"))
            throw Invalid();
        var value = Convert.ToUInt32(digits.ToString(), 16);
        Skip(isBraced ? end + 1 : end);
        return Rune.IsValid(value) ? (int)value : throw Invalid();
    }

    private static ArgumentException Invalid() => new("invalid escape sequence");
}
