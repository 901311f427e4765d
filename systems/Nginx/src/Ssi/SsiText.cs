using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>The value of a parameter: variables in it are replaced, backslashes removed (ngx_http_ssi_evaluate_string).</summary>
internal static class SsiText
{
    /// <summary>Null where a name cannot be read, which is logged.</summary>
    public static byte[]? Evaluate(HttpRequest request, SsiShared shared, string text)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '$')
            {
                at = Plain(text, at, output);
                continue;
            }
            if (!TryName(request, text, ref at, out var name))
                return null;
            if (shared.TryGet(request, name, out var value))
                output.Write(value.Span);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A path that is not absolute is one of the request's folder.</summary>
    public static byte[] Absolute(HttpRequest request, byte[] path)
    {
        if (path is [(byte)'/', ..])
            return path;
        return [.. request.Uri[..(request.Uri.LastIndexOf((byte)'/') + 1)], .. path];
    }

    // Up to the next variable; gives the place behind.
    private static int Plain(string text, int at, ArrayBufferWriter<byte> output)
    {
        var isQuoted = false;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (!isQuoted && c == '\\')
            {
                isQuoted = true;
                continue;
            }
            if (!isQuoted && c == '$')
                break;
            if (isQuoted && c is not ('\\' or '\'' or '"' or '$'))
                output.Write("\\"u8);
            isQuoted = false;
            output.Write([(byte)c]);
        }
        return at;
    }

    private static bool TryName(HttpRequest request, string text, ref int at, out string name)
    {
        at++;
        var isBraced = at < text.Length && text[at] == '{';
        if (isBraced)
            at++;
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        name = text[start..at];
        if (isBraced && start < text.Length)
        {
            if (at == text.Length || text[at] != '}')
            {
                request.LogError(LogLevel.Error, $"the closing bracket in \"{name}\" variable is missing");
                return false;
            }
            at++;
        }
        if (name.Length > 0)
            return true;
        request.LogError(LogLevel.Error, $"invalid variable name in \"{text}\"");
        return false;
    }
}
