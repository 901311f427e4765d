namespace Microcosm.Nginx;

/// <summary>Base64 as nginx reads it: it ends at the first equals sign, and need not be filled up.</summary>
internal static class Base64
{
    /// <summary>Null where it is none.</summary>
    /// <param name="isUrl">Minus and underscore take the place of plus and slash.</param>
    public static byte[]? Decode(ReadOnlySpan<byte> text, bool isUrl = false)
    {
        if (text.IndexOf((byte)'=') is >= 0 and var end)
            text = text[..end];
        if (text.Length % 4 == 1)
            return null;
        var bytes = new byte[text.Length * 3 / 4];
        var (bits, count, at) = (0, 0, 0);
        foreach (var symbol in text)
        {
            if (ValueOf(symbol, isUrl) is not (>= 0 and var value))
                return null;
            bits = (bits << 6 | value) & 0xffff;
            count += 6;
            if (count >= 8)
                bytes[at++] = (byte)(bits >> (count -= 8));
        }
        return bytes;
    }

    private static int ValueOf(byte symbol, bool isUrl) => symbol switch
    {
        >= (byte)'A' and <= (byte)'Z' => symbol - 'A',
        >= (byte)'a' and <= (byte)'z' => symbol - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => symbol - '0' + 52,
        (byte)'+' when !isUrl => 62,
        (byte)'/' when !isUrl => 63,
        (byte)'-' when isUrl => 62,
        (byte)'_' when isUrl => 63,
        _ => -1,
    };
}
