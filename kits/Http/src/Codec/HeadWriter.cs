using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Writes heads of HTTP/1 messages straight into a connection's output.</summary>
internal static class HeadWriter
{
    private const int NumberBytesMax = 20;

    /// <summary>Writes a status line. The words are the usual ones where <paramref name="reason"/> is empty.</summary>
    public static void StatusLine(OutputBuffer output, int status, ReadOnlySpan<byte> reason)
    {
        var words = reason.IsEmpty ? StatusWords.Of(status) : reason;
        var to = output.GetSpan(17 + words.Length);
        "HTTP/1.1 "u8.CopyTo(to);
        to[9] = (byte)('0' + status / 100 % 10);
        to[10] = (byte)('0' + status / 10 % 10);
        to[11] = (byte)('0' + status % 10);
        to[12] = (byte)' ';
        words.CopyTo(to[13..]);
        "\r\n"u8.CopyTo(to[(13 + words.Length)..]);
        output.Advance(15 + words.Length);
    }

    /// <summary>Writes a request line.</summary>
    public static void RequestLine(OutputBuffer output, ReadOnlySpan<byte> method, ReadOnlySpan<byte> target, bool isHttp10)
    {
        var to = output.GetSpan(method.Length + target.Length + 12);
        method.CopyTo(to);
        to[method.Length] = (byte)' ';
        target.CopyTo(to[(method.Length + 1)..]);
        (isHttp10 ? " HTTP/1.0\r\n"u8 : " HTTP/1.1\r\n"u8).CopyTo(to[(method.Length + 1 + target.Length)..]);
        output.Advance(method.Length + target.Length + 12);
    }

    /// <summary>Writes fields, from one place up to another.</summary>
    public static void Fields(OutputBuffer output, HeaderList headers, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var field = headers[i];
            Field(output, field.Name, field.Value);
        }
    }

    /// <summary>Writes a field.</summary>
    public static void Field(OutputBuffer output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var length = name.Length + value.Length + 4;
        var to = output.GetSpan(length);
        name.CopyTo(to);
        to[name.Length] = (byte)':';
        to[name.Length + 1] = (byte)' ';
        value.CopyTo(to[(name.Length + 2)..]);
        to[length - 2] = (byte)'\r';
        to[length - 1] = (byte)'\n';
        output.Advance(length);
    }

    /// <summary>Writes a field that is a number.</summary>
    public static void Field(OutputBuffer output, ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[NumberBytesMax];
        value.TryFormat(digits, out var length);
        Field(output, name, digits[..length]);
    }

    /// <summary>Writes the line before a chunk of so many bytes.</summary>
    public static void ChunkSize(OutputBuffer output, long size)
    {
        var to = output.GetSpan(18);
        size.TryFormat(to, out var length, "x");
        to[length] = (byte)'\r';
        to[length + 1] = (byte)'\n';
        output.Advance(length + 2);
    }
}
