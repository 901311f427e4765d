using System.Text;

namespace Microcosm.Specimen;

/// <summary>Requests and replies are lines of UTF-8 that end in LF, or in CR and LF. Pure; keeps nothing.</summary>
internal static class LineReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the line at the front of the input.</summary>
    /// <param name="input">Bytes that have come and were not taken.</param>
    /// <param name="bytesMax">The longest line, without its end.</param>
    /// <param name="line">The line without its end.</param>
    /// <param name="taken">So many bytes it is with its end.</param>
    public static LineParse Read(ReadOnlySpan<byte> input, int bytesMax, out string line, out int taken)
    {
        (line, taken) = ("", 0);
        var end = input.IndexOf((byte)'\n');
        var bytes = end < 0 ? input : input[..end];
        if (bytes is [.., (byte)'\r'])
            bytes = bytes[..^1];
        if (bytes.Length > bytesMax)
            return LineParse.TooLong;
        if (end < 0)
            return LineParse.NeedMore;
        taken = end + 1;
        try
        {
            line = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return LineParse.NotText;
        }
        return line.Any(char.IsControl) ? LineParse.NotText : LineParse.Line;
    }
}
