using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>Text within HTML and XML (ngx_escape_html).</summary>
internal static class HtmlEscape
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("<>&\""u8);

    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (text.IndexOfAny(Special) is >= 0 and var at)
        {
            output.Write(text[..at]);
            output.Write(text[at] switch
            {
                (byte)'<' => "&lt;"u8,
                (byte)'>' => "&gt;"u8,
                (byte)'&' => "&amp;"u8,
                _ => "&quot;"u8,
            });
            text = text[(at + 1)..];
        }
        output.Write(text);
    }
}
