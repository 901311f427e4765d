using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>One of a request's cookies: names know no case, the first counts.</summary>
internal static class Cookies
{
    public static bool TryFind(HeaderList headers, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        for (var at = headers.IndexOf(KnownHeader.Cookie); at >= 0; at = headers.IndexOf(KnownHeader.Cookie, at + 1))
        {
            var cookies = headers[at].Value;
            foreach (var part in cookies.Split((byte)';'))
            {
                var one = cookies[part].TrimStart((byte)' ');
                if (one.Length <= name.Length || !Ascii.EqualsIgnoreCase(one[..name.Length], name))
                    continue;
                var rest = one[name.Length..].TrimStart((byte)' ');
                if (rest is not [(byte)'=', ..])
                    continue;
                value = rest[1..].Trim((byte)' ');
                return true;
            }
        }
        return false;
    }
}
