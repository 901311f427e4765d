using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>Percent escapes as nginx writes and removes them.</summary>
internal static class UriEscape
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    // What stays in a path, in arguments, and in a component of either, and in HTML: everything visible but these.
    private static readonly SearchValues<byte> PathEscaped = Escaped("\"#%<>?\\^`{|}"u8);
    private static readonly SearchValues<byte> ArgumentsEscaped = Escaped("\"#%&+;<>?\\^`{|}"u8);

    private static readonly SearchValues<byte> HtmlEscaped = Escaped("\"#%'<>\\^`{|}"u8);

    private static readonly SearchValues<byte> RefreshEscaped = Escaped("\"'<>\\^`{|~"u8);

    /// <summary>Of a path.</summary>
    public static void Path(ReadOnlySpan<byte> text, IBufferWriter<byte> output) => Escape(text, PathEscaped, output);

    /// <summary>Of a path.</summary>
    public static byte[] Path(ReadOnlySpan<byte> text)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + 16);
        Path(text, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Of a value among arguments.</summary>
    public static void Argument(ReadOnlySpan<byte> text, IBufferWriter<byte> output) => Escape(text, ArgumentsEscaped, output);

    /// <summary>Of a URL that is to stand in HTML.</summary>
    public static void Html(ReadOnlySpan<byte> text, IBufferWriter<byte> output) => Escape(text, HtmlEscaped, output);

    /// <summary>Of a URL in a page that sends an old browser there.</summary>
    public static void Refresh(ReadOnlySpan<byte> text, IBufferWriter<byte> output) => Escape(text, RefreshEscaped, output);

    /// <summary>Everything but RFC 3986's unreserved characters.</summary>
    public static void Component(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        foreach (var b in text)
        {
            if (Unreserved.Contains(b))
                output.Write([b]);
            else
                Percent(b, output);
        }
    }

    /// <summary>
    /// A redirect's URL: visible characters that a capture escaped are plain again. Stops at a question mark; broken escapes lose their
    /// percent sign, as in nginx.
    /// </summary>
    public static void UnescapeRedirect(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '?')
            {
                output.Write(text[i..]);
                return;
            }
            if (text[i] != '%')
            {
                output.Write([text[i]]);
                continue;
            }
            if (++i >= text.Length || Hex(text[i]) is not (>= 0 and var high))
            {
                if (i < text.Length)
                    output.Write([text[i]]);
                continue;
            }
            if (++i >= text.Length || Hex(text[i]) is not (>= 0 and var low))
                continue;
            var value = (byte)(high * 16 + low);
            if (value == '?' && low > 9)
            {
                output.Write([value]);
                output.Write(text[(i + 1)..]);
                return;
            }
            if (value is > (byte)'%' and < 0x7F)
                output.Write([value]);
            else
                output.Write(text.Slice(i - 2, 3));
        }
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private static SearchValues<byte> Escaped(ReadOnlySpan<byte> printable)
    {
        var all = new List<byte>();
        for (var b = 0; b < 256; b++)
        {
            if (b is <= 32 or >= 127 || printable.Contains((byte)b))
                all.Add((byte)b);
        }
        return SearchValues.Create([.. all]);
    }

    private static void Escape(ReadOnlySpan<byte> text, SearchValues<byte> escaped, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(escaped);
            if (plain < 0)
            {
                output.Write(text);
                return;
            }
            output.Write(text[..plain]);
            Percent(text[plain], output);
            text = text[(plain + 1)..];
        }
    }

    private static void Percent(byte value, IBufferWriter<byte> output)
    {
        var digits = "0123456789ABCDEF"u8;
        output.Write([(byte)'%', digits[value >> 4], digits[value & 15]]);
    }
}
