namespace Microcosm.Redis;

/// <summary>ASCII comparisons that ignore case, as option words are compared.</summary>
internal static class Ascii
{
    /// <summary><paramref name="upper"/> must be upper case.</summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> upper)
    {
        if (text.Length != upper.Length)
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= (byte)'a' and <= (byte)'z')
                c &= 0xdf;
            if (c != upper[i])
                return false;
        }
        return true;
    }
}
