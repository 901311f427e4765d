namespace Microcosm.Nginx;

/// <summary>A path from somebody who is not trusted: split at its question mark, unescaped, and refused where it climbs
/// (ngx_http_parse_unsafe_uri).</summary>
internal static class UnsafeUri
{
    /// <summary>False: it has a <c>..</c>, a zero byte, or nothing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out byte[] uri, out byte[] arguments)
    {
        var question = text.IndexOf((byte)'?');
        (uri, arguments) = (question < 0 ? text : text[..question]).ToArray() is var path && question >= 0
            ? (path, text[(question + 1)..].ToArray()) : (path, []);
        if (uri.Length == 0 || Climbs(uri))
            return false;
        if (!uri.Contains((byte)'%'))
            return true;
        uri = Unescape(uri);
        return uri.Length > 0 && !Climbs(uri);
    }

    private static bool Climbs(ReadOnlySpan<byte> path)
    {
        if (path.Contains((byte)0))
            return true;
        foreach (var range in path.Split((byte)'/'))
        {
            if (path[range].SequenceEqual(".."u8))
                return true;
        }
        return false;
    }

    private static byte[] Unescape(ReadOnlySpan<byte> path)
    {
        var plain = new List<byte>(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && i + 2 < path.Length && UriEscape.Hex(path[i + 1]) is >= 0 and var high
                && UriEscape.Hex(path[i + 2]) is >= 0 and var low)
            {
                plain.Add((byte)(high * 16 + low));
                i += 2;
            }
            else
            {
                plain.Add(path[i]);
            }
        }
        return [.. plain];
    }
}
