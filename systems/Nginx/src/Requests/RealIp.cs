using System.Net;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>The client's address as a trusted proxy before it tells (ngx_http_realip_module).</summary>
internal static class RealIp
{
    /// <summary>Sets <see cref="HttpRequest.Client"/>, once for a request.</summary>
    public static void Apply(HttpRequest request)
    {
        var module = RealIpModule.Http;
        if (request.HasToldClient || request.Level.Get(module.From) is not { Count: > 0 } trusted)
            return;
        var headers = request.Exchange.RequestHeaders;
        var header = request.Level.Get(module.Header!)!;
        IPEndPoint? told;
        if (header == "proxy_protocol")
            told = OfProxyProtocol(request, trusted);
        else if (Latin1.EqualsIgnoreCase(header, "X-Forwarded-For"))
            told = ForwardedFor.Find(request.Client?.Address, Joined(headers), trusted, request.Level.Get(module.Recursive!));
        else if (headers.TryGet(Latin1.Bytes(header), out var value))
            told = ForwardedFor.Find(request.Client?.Address, value, trusted, request.Level.Get(module.Recursive!));
        else
            return;
        if (told is not null)
            (request.Client, request.HasToldClient) = (told, true);
    }

    // What the connection's own header told, which has a port of its own.
    private static IPEndPoint? OfProxyProtocol(HttpRequest request, IReadOnlyList<Cidr?> trusted) =>
        request.Connection.ProxyProtocol is { Source: { } source }
            && ForwardedFor.Find(request.Client?.Address, Latin1.Bytes(source.Address.ToString()), trusted, false) is not null
            ? source : null;

    private static byte[] Joined(HeaderList headers)
    {
        var all = new List<byte>();
        for (var at = headers.IndexOf("x-forwarded-for"u8); at >= 0; at = headers.IndexOf("x-forwarded-for"u8, at + 1))
        {
            if (all.Count > 0)
                all.AddRange(", "u8);
            all.AddRange(headers[at].Value);
        }
        return [.. all];
    }
}
