using System.Buffers;
using System.Text;

namespace Microcosm.Http;

/// <summary>Fields on their way into a header block.</summary>
internal static class Http2Fields
{
    private const int UsualNameBytes = 256;

    /// <summary>Names in lower case; what is about connections has no place here (RFC 9113 section 8.2.2).</summary>
    public static void Encode(IBufferWriter<byte> block, HeaderList headers)
    {
        Span<byte> lower = stackalloc byte[UsualNameBytes];
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            if (field.Known is KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.TransferEncoding or KnownHeader.Upgrade
                or KnownHeader.ProxyConnection)
                continue;
            var name = field.Name.Length <= lower.Length ? lower[..field.Name.Length] : new byte[field.Name.Length];
            Ascii.ToLower(field.Name, name, out _);
            HpackEncoder.Encode(block, name, field.Value);
        }
    }
}
