using System.Buffers;
using System.Globalization;
using System.Text;

namespace Microcosm.Nginx;

/// <summary>Values in access logs, escaped (ngx_http_log_escape).</summary>
internal static class LogText
{
    public static void Write(bool isFound, ReadOnlySpan<byte> value, IBufferWriter<byte> output, LogEscape escape)
    {
        if (escape == LogEscape.None)
        {
            output.Write(value);
            return;
        }
        if (!isFound)
        {
            if (escape == LogEscape.Default)
                output.Write("-"u8);
            return;
        }
        foreach (var b in value)
        {
            if (escape == LogEscape.Default ? b is < 32 or (byte)'"' or (byte)'\\' or > 126 : b is < 32 or (byte)'"' or (byte)'\\')
                Escape(b, output, escape);
            else
                output.Write([b]);
        }
    }

    private static void Escape(byte value, IBufferWriter<byte> output, LogEscape escape)
    {
        if (escape == LogEscape.Default)
        {
            output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\x{value:X2}")));
            return;
        }
        output.Write(value switch
        {
            (byte)'"' => "\\\""u8,
            (byte)'\\' => "\\\\"u8,
            (byte)'\n' => "\\n"u8,
            (byte)'\r' => "\\r"u8,
            (byte)'\t' => "\\t"u8,
            (byte)'\b' => "\\b"u8,
            (byte)'\f' => "\\f"u8,
            _ => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{value:X4}")),
        });
    }
}
