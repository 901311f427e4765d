using System.Net;

namespace Microcosm.Nginx;

/// <summary>The client behind proxies: X-Forwarded-For read from its end, as far as the proxies are trusted.</summary>
internal static class ForwardedFor
{
    /// <summary>
    /// The address that counts; <paramref name="peer"/> itself if it is not trusted, or the header's last word is no address.
    /// </summary>
    public static IPAddress ClientOf(IPAddress peer, ReadOnlySpan<byte> header, IReadOnlyList<Cidr?> trusted, bool isRecursive) =>
        Find(peer, header, trusted, isRecursive)?.Address ?? peer;

    /// <summary>
    /// The address that counts, with its port where the header has one; null if the peer is not trusted, or the header's last word is no
    /// address.
    /// </summary>
    /// <param name="peer">Null for a unix socket.</param>
    /// <param name="trusted">Null for unix sockets.</param>
    public static IPEndPoint? Find(IPAddress? peer, ReadOnlySpan<byte> header, IReadOnlyList<Cidr?> trusted, bool isRecursive)
    {
        IPEndPoint? client = null;
        while (IsTrusted(client is null ? peer : client.Address, trusted))
        {
            var end = header.Length;
            while (end > 0 && header[end - 1] is (byte)' ' or (byte)',')
                end--;
            header = header[..end];
            var start = header.LastIndexOfAny((byte)' ', (byte)',') + 1;
            if (start == end || Parse(header[start..]) is not { } told)
                return client;
            client = told;
            header = header[..start];
            if (!isRecursive)
                return client;
        }
        return client;
    }

    private static bool IsTrusted(IPAddress? address, IReadOnlyList<Cidr?> trusted)
    {
        for (var i = 0; i < trusted.Count; i++)
        {
            if (address is null ? trusted[i] is null : trusted[i]?.Contains(address) == true)
                return true;
        }
        return false;
    }

    // With or without a port.
    private static IPEndPoint? Parse(ReadOnlySpan<byte> word)
    {
        var text = Latin1.Text(word);
        if (Address.ParseIp(text) is { } ip)
            return new IPEndPoint(ip, 0);
        var colon = text.LastIndexOf(':');
        return colon > 0 && Measures.Number(text.AsSpan(colon + 1)) is <= 65535 and var port
            && Address.ParseIp(text.AsSpan(0, colon)) is { } host ? new IPEndPoint(host, (int)port) : null;
    }
}
