namespace Microcosm.Nginx;

/// <summary>Characters of UTF-8 as nginx reads them (ngx_utf8_decode): what is broken ends with the byte that breaks it.</summary>
internal static class Utf8
{
    /// <summary>No character.</summary>
    public const int Broken = -1;

    /// <summary>The beginning of a character.</summary>
    public const int Cut = -2;

    /// <summary>The first character, or one of the constants.</summary>
    /// <param name="used">Its bytes.</param>
    public static int Decode(ReadOnlySpan<byte> bytes, out int used)
    {
        used = 1;
        int value = bytes[0];
        if (value < 0x80)
            return value;
        var (more, below) = value switch
        {
            >= 0xf8 => (0, 0),
            >= 0xf0 => (3, 0xffff),
            >= 0xe0 => (2, 0x7ff),
            >= 0xc2 => (1, 0x7f),
            _ => (0, 0),
        };
        if (more == 0)
            return Broken;
        if (bytes.Length <= more)
            return Cut;
        value &= 0x3f >> more;
        for (var i = 1; i <= more; i++)
        {
            used++;
            if (bytes[i] < 0x80)
                return Broken;
            value = (value << 6) | (bytes[i] & 0x3f);
        }
        return value > below ? value : Broken;
    }

    /// <summary>How many characters a text has; its bytes where it is no UTF-8 (ngx_utf8_length).</summary>
    public static int Length(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (var rest = text; !rest.IsEmpty; count++)
        {
            var character = Decode(rest, out var used);
            if (character is < 0 or > 0x10ffff)
                return text.Length;
            rest = rest[used..];
        }
        return count;
    }
}
