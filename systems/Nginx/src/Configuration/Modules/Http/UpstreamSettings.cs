using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>What proxy and grpc have in common, by their prefix.</summary>
internal sealed class UpstreamSettings(Module module, string prefix)
{
    private const long Minute = 60_000;

    /// <summary>Words of <c>next_upstream</c>; bit n of the mask is word n.</summary>
    public static readonly string[] NextUpstreamWords =
    [
        "error", "timeout", "invalid_header", "non_idempotent", "http_500", "http_502", "http_503", "http_504", "http_403", "http_404",
        "http_429", "off", "updating",
    ];

    private static readonly string[] IgnorableHeaders =
    [
        "X-Accel-Redirect", "X-Accel-Expires", "X-Accel-Limit-Rate", "X-Accel-Buffering", "X-Accel-Charset", "Expires", "Cache-Control",
        "Set-Cookie", "Vary",
    ];

    public Setting<LocalAddress?> Bind { get; } = BindDirective.Declare(module, prefix + "bind", All);

    public Setting<bool> SocketKeepAlive { get; } = module.Flag(prefix + "socket_keepalive", All);

    public Setting<long> SocketRcvBuf { get; } = module.Size(prefix + "socket_rcvbuf", All);

    public Setting<long> SocketSndBuf { get; } = module.Size(prefix + "socket_sndbuf", All);

    public Setting<long> ConnectTimeout { get; } = module.Milliseconds(prefix + "connect_timeout", All, Minute);

    public Setting<long> SendTimeout { get; } = module.Milliseconds(prefix + "send_timeout", All, Minute);

    public Setting<long> ReadTimeout { get; } = module.Milliseconds(prefix + "read_timeout", All, Minute);

    public Setting<long> BufferSize { get; } = module.Size(prefix + "buffer_size", All, 4096);

    public Setting<bool> InterceptErrors { get; } = module.Flag(prefix + "intercept_errors", All);

    /// <summary>By the places of <see cref="NextUpstreamWords"/>; error and timeout by default.</summary>
    public Setting<long> NextUpstream { get; } = module.Mask(
        prefix + "next_upstream", All, Arity.OneOrMore, 0b11, prefix == "proxy_" ? NextUpstreamWords : NextUpstreamWords[..^1]);

    public Setting<long> NextUpstreamTries { get; } = module.Number(prefix + "next_upstream_tries", All);

    public Setting<long> NextUpstreamTimeout { get; } = module.Milliseconds(prefix + "next_upstream_timeout", All);

    public Setting<IReadOnlyList<NamedValue>> SetHeader { get; } = module.PairValues(prefix + "set_header", All);

    public Setting<IReadOnlyList<string>> PassHeader { get; } = module.Texts(prefix + "pass_header", All);

    public Setting<IReadOnlyList<string>> HideHeader { get; } = module.Texts(prefix + "hide_header", All);

    /// <summary>
    /// Bits in the order X-Accel-Redirect, -Expires, -Limit-Rate, -Buffering, -Charset, Expires, Cache-Control, Set-Cookie, Vary.
    /// </summary>
    public Setting<long> IgnoreHeaders { get; } = module.Mask(prefix + "ignore_headers", All, Arity.OneOrMore, 0, IgnorableHeaders);

    public UpstreamTlsSettings Tls { get; } = new(module, prefix, All);
}
