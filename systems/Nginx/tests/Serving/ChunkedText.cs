using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>A chunked body as a client reads it, without trailers.</summary>
internal static class ChunkedText
{
    public static string Decode(string body)
    {
        var text = new StringBuilder();
        while (true)
        {
            var line = body.IndexOf("\r\n", StringComparison.Ordinal);
            var count = Convert.ToInt32(body[..line], 16);
            if (count == 0)
                return text.ToString();
            text.Append(body, line + 2, count);
            body = body[(line + 4 + count)..];
        }
    }
}
