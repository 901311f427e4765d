using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>User and password of an Authorization field (RFC 7617).</summary>
internal sealed record BasicCredentials(byte[] User, byte[] Password)
{
    /// <summary>Null where there is no such field, or it is not one of these.</summary>
    public static BasicCredentials? Of(HeaderList headers)
    {
        var value = headers[KnownHeader.Authorization];
        if (value.Length < 6 || !Ascii.EqualsIgnoreCase(value[..6], "Basic "u8)
            || Base64.Decode(value[6..].TrimStart((byte)' ')) is not { } text)
            return null;
        var colon = Array.IndexOf(text, (byte)':');
        return colon > 0 ? new BasicCredentials(text[..colon], text[(colon + 1)..]) : null;
    }
}
