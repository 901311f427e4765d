using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>How requests are sent to upstream servers; the defaults are nginx'. Times are in milliseconds.</summary>
public sealed record UpstreamOptions
{
    /// <summary>nginx' own.</summary>
    public static UpstreamOptions Default { get; } = new();

    /// <summary>Until connected (proxy_connect_timeout).</summary>
    public long ConnectTimeoutMs { get; init; } = 60_000;

    /// <summary>Between two sends that move something (proxy_send_timeout).</summary>
    public long SendTimeoutMs { get; init; } = 60_000;

    /// <summary>Between two reads of the response, the first counted from the request's end (proxy_read_timeout).</summary>
    public long ReadTimeoutMs { get; init; } = 60_000;

    /// <summary>How large a response's head may be (proxy_buffer_size).</summary>
    public HeadLimits HeadLimits { get; init; } = new(4096, 0, 4096);

    /// <summary>How the socket is opened.</summary>
    public ConnectOptions Connect { get; init; } = ConnectOptions.Default;

    /// <summary>How the server is spoken to over TLS; null in clear.</summary>
    public UpstreamTls? Tls { get; init; }

    /// <summary>Over HTTP/2: in clear the server has to know it beforehand (RFC 9113 section 3.3), over TLS it is for
    /// <see cref="Tls"/> to offer.</summary>
    public bool IsHttp2 { get; init; }

    /// <summary>Unsent bytes above which whoever writes had better wait for <see cref="IUpstreamHandler.Drained"/>.</summary>
    public long OutputHighWaterBytes { get; init; } = 256 * 1024;
}
