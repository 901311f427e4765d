using System.Buffers;
using System.Globalization;
using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>The variables that tell of upstreams (ngx_http_upstream_vars, ngx_http_proxy_vars).</summary>
internal static class UpstreamVariables
{
    public static IReadOnlyDictionary<string, VariableWriter> Table { get; } = new Dictionary<string, VariableWriter>
    {
        ["upstream_addr"] = static (r, _, o) => List(r, o, static a => a.Peer),
        ["upstream_status"] = static (r, _, o) => List(r, o, static a => a.Status == 0 ? "-" : Number(a.Status)),
        ["upstream_connect_time"] = static (r, _, o) => List(r, o, static a => Seconds(a.ConnectMs)),
        ["upstream_header_time"] = static (r, _, o) => List(r, o, static a => Seconds(a.HeaderMs)),
        ["upstream_response_time"] = static (r, _, o) => List(r, o, static a => Seconds(a.ResponseMs)),
        ["upstream_response_length"] = static (r, _, o) => List(r, o, static a => Number(a.ResponseLength)),
        ["upstream_bytes_received"] = static (r, _, o) => List(r, o, static a => Number(a.BytesReceived)),
        ["upstream_bytes_sent"] = static (r, _, o) => List(r, o, static a => Number(a.BytesSent)),
        ["upstream_http_"] = static (r, name, o) => HttpVariables.Joined(r.Upstream.Headers, HttpVariables.Dashed(name), ", "u8, o),
        ["upstream_trailer_"] = static (r, name, o) => HttpVariables.Joined(r.Upstream.Trailers, HttpVariables.Dashed(name), ", "u8, o),
        ["upstream_cookie_"] = WriteCookie,
        ["upstream_cache_status"] = static (r, _, o) => r.Upstream.Caching is { } c && HttpVariables.Text(o, c.Status),
        ["upstream_cache_key"] = static (r, _, o) => r.Upstream.Caching is { } c && HttpVariables.Put(o, c.Use.KeyText),
        ["upstream_cache_last_modified"] = static (r, _, o) =>
            r.Upstream.Caching?.Revalidated is { LastModified: >= 0 and var at } && HttpVariables.Put(o, DateOf(at)),
        ["upstream_cache_etag"] = static (r, _, o) =>
            r.Upstream.Caching?.Revalidated is { ETag: { Length: > 0 } tag } && HttpVariables.Put(o, tag),
        ["proxy_host"] = static (r, _, o) => r.Upstream.Destination is { IsGrpc: false } d && HttpVariables.Text(o, d.HostHeader),
        ["proxy_port"] = static (r, _, o) => r.Upstream.Destination is { IsGrpc: false } d && HttpVariables.Text(o, d.PortText),
    };

    /// <summary>True for a variable that shows a field of a response.</summary>
    public static bool IsOfFields(Variable variable) => variable.Origin is VariableOrigin.Family { Id: var id }
        && PartVariables.OfHttp[id].Name is "upstream_http_" or "upstream_trailer_" or "upstream_cookie_";

    // Tries of one upstream are set apart by commas, upstreams by colons.
    private static bool List(HttpRequest request, IBufferWriter<byte> output, Func<UpstreamAttempt, string> text)
    {
        var attempts = request.Upstream.Attempts;
        for (var i = 0; i < attempts.Count; i++)
        {
            if (i > 0)
                output.Write(attempts[i].Owner == attempts[i - 1].Owner ? ", "u8 : " : "u8);
            HttpVariables.Text(output, text(attempts[i]));
        }
        return attempts.Count > 0;
    }

    private static bool WriteCookie(HttpRequest request, ReadOnlySpan<byte> name, IBufferWriter<byte> output)
    {
        var headers = request.Upstream.Headers;
        for (var at = headers.IndexOf(KnownHeader.SetCookie); at >= 0; at = headers.IndexOf(KnownHeader.SetCookie, at + 1))
        {
            var cookie = headers[at].Value;
            if (cookie.Length <= name.Length || !Ascii.EqualsIgnoreCase(cookie[..name.Length], name)
                || cookie[name.Length..].TrimStart((byte)' ') is not [(byte)'=', .. var rest])
                continue;
            var value = rest.TrimStart((byte)' ');
            var end = value.IndexOf((byte)';');
            output.Write(end < 0 ? value : value[..end]);
            return true;
        }
        return false;
    }

    private static byte[] DateOf(long seconds)
    {
        var date = new byte[29];
        DateCache.Write(DateTimeOffset.FromUnixTimeSeconds(seconds), date);
        return date;
    }

    private static string Seconds(long ms) => ms < 0 ? "-" : HttpVariables.Milliseconds(ms);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
