using System.Security.Cryptography;

namespace Microcosm.Nginx;

/// <summary>Links that carry a proof that they were given out, and perhaps until when they hold (ngx_http_secure_link_module).</summary>
internal static class SecureLink
{
    private const int HashBytes = 16;
    private const int EncodedMax = 24;

    /// <summary><c>$secure_link</c>; null where the link proves nothing.</summary>
    public static byte[]? Check(HttpRequest request)
    {
        var level = request.Level;
        if (SecretOf(level) is { } secret)
            return OfPath(request.Exchange.RawTarget, Latin1.Bytes(secret));
        if (level.Get(ContentModules.SecureLink) is not { } link || level.Get(ContentModules.SecureLinkMd5) is not { } proof)
            return null;
        var text = link.Evaluate(request.Values).Span;
        var isOver = false;
        var comma = text.IndexOf((byte)',');
        if (comma >= 0)
        {
            var expires = Latin1.Text(text[(comma + 1)..]);
            text = text[..comma];
            if (Measures.Number(expires) is not (> 0 and var seconds))
                return null;
            request.SecureLinkExpires = expires;
            isOver = seconds < request.Worker.Http.Clock.GetUtcNow().ToUnixTimeSeconds();
        }
        if (text.Length > EncodedMax || Base64.Decode(text, isUrl: true) is not { Length: HashBytes } hash)
            return null;
        var made = MD5.HashData(proof.Evaluate(request.Values).Span);
        return CryptographicOperations.FixedTimeEquals(hash, made) ? [isOver ? (byte)'0' : (byte)'1'] : null;
    }

    // The innermost level that says anything says which way it is done.
    private static string? SecretOf(Level? level)
    {
        while (level is not null && !level.Has(ContentModules.SecureLinkSecret))
            level = level.Has(ContentModules.SecureLink) || level.Has(ContentModules.SecureLinkMd5) ? null : level.Outer;
        return level?.Get(ContentModules.SecureLinkSecret);
    }

    // /prefix/hash/link: the link where the hash is that of link and secret.
    private static byte[]? OfPath(ReadOnlySpan<byte> target, ReadOnlySpan<byte> secret)
    {
        if (target.IsEmpty || target[1..].IndexOf((byte)'/') is not (>= 0 and var first))
            return null;
        var rest = target[(first + 2)..];
        if (rest.IndexOf((byte)'/') != 2 * HashBytes || rest.Length == 2 * HashBytes + 1)
            return null;
        var link = rest[(2 * HashBytes + 1)..];
        var made = MD5.HashData([.. link, .. secret]);
        var hash = new byte[HashBytes];
        return Convert.FromHexString(rest[..(2 * HashBytes)], hash, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == HashBytes && CryptographicOperations.FixedTimeEquals(hash, made) ? link.ToArray() : null;
    }
}
