using System.Buffers.Text;

namespace Microcosm.Nginx;

/// <summary>A Content-Range of bytes.</summary>
/// <param name="End">Behind its last byte.</param>
/// <param name="Whole">Bytes of all; -1 where nobody knows.</param>
internal readonly record struct ContentRange(long Start, long End, long Whole)
{
    /// <summary><c>bytes 0-9/100</c>, with spaces where one likes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ContentRange range)
    {
        range = default;
        if (!text.StartsWith("bytes "u8))
            return false;
        text = text[6..];
        if (!TryNumber(ref text, out var start) || !TrySkip(ref text, (byte)'-') || !TryNumber(ref text, out var last)
            || !TrySkip(ref text, (byte)'/'))
            return false;
        var whole = -1L;
        if (!TrySkip(ref text, (byte)'*') && !TryNumber(ref text, out whole))
            return false;
        range = new ContentRange(start, last + 1, whole);
        return text.TrimStart((byte)' ').IsEmpty;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> text, out long number)
    {
        text = text.TrimStart((byte)' ');
        number = 0;
        if (text is not [>= (byte)'0' and <= (byte)'9', ..] || !Utf8Parser.TryParse(text, out number, out var used))
            return false;
        text = text[used..];
        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> text, byte mark)
    {
        var rest = text.TrimStart((byte)' ');
        if (rest.IsEmpty || rest[0] != mark)
            return false;
        text = rest[1..];
        return true;
    }
}
