namespace Microcosm.Nginx;

/// <summary>The stream part's proxy.</summary>
internal static class StreamProxyModule
{
    private const Contexts All = Contexts.StreamMainServer;
    private const long Minute = 60_000;

    public static readonly Module Module = new("stream_proxy_module", Contexts.Stream);

    public static readonly Setting<LocalAddress?> Bind = BindDirective.Declare(Module, "proxy_bind", All);
    public static readonly Setting<bool> SocketKeepAlive = Module.Flag("proxy_socket_keepalive", All);
    public static readonly Setting<long> SocketRcvBuf = Module.Size("proxy_socket_rcvbuf", All);
    public static readonly Setting<long> SocketSndBuf = Module.Size("proxy_socket_sndbuf", All);
    public static readonly Setting<long> ConnectTimeout = Module.Milliseconds("proxy_connect_timeout", All, Minute);
    public static readonly Setting<long> Timeout = Module.Milliseconds("proxy_timeout", All, 10 * Minute);
    public static readonly Setting<long> BufferSize = Module.Size("proxy_buffer_size", All, 16384);
    public static readonly Setting<ValueOrSize?> UploadRate = Module.SizeValue("proxy_upload_rate", All);
    public static readonly Setting<ValueOrSize?> DownloadRate = Module.SizeValue("proxy_download_rate", All);
    public static readonly Setting<long> Requests = Module.Number("proxy_requests", All);
    public static readonly Setting<long> Responses = Module.Number("proxy_responses", All, int.MaxValue);
    public static readonly Setting<bool> NextUpstream = Module.Flag("proxy_next_upstream", All, true);
    public static readonly Setting<long> NextUpstreamTries = Module.Number("proxy_next_upstream_tries", All);
    public static readonly Setting<long> NextUpstreamTimeout = Module.Milliseconds("proxy_next_upstream_timeout", All);
    public static readonly Setting<ProxyProtocolVersion> ProxyProtocol =
        Module.Choice("proxy_protocol", All, ProxyProtocolVersion.Off, "off", "on", "v2");
    public static readonly Setting<bool> HalfClose = Module.Flag("proxy_half_close", All);
    public static readonly Setting<bool> Ssl = Module.Flag("proxy_ssl", All);
    public static readonly Setting<IReadOnlyList<ComplexValue>> SslAlpn = new("proxy_ssl_alpn", []);
    public static readonly UpstreamTlsSettings Tls = new(Module, "proxy_", All);

    private static readonly Setting<bool> HasPass = new("proxy_pass", false);

    static StreamProxyModule()
    {
        Module.Custom("proxy_ssl_alpn", All, Arity.OneOrMore, call =>
        {
            call.Once(SslAlpn);
            call.Level.Set<IReadOnlyList<ComplexValue>>(SslAlpn, [.. Enumerable.Range(1, call.Count).Select(call.Value)]);
        });
        Module.Custom("proxy_pass", Contexts.StreamServer, Arity.One, ReadPass);
        foreach (var old in (ReadOnlySpan<string>)["proxy_downstream_buffer", "proxy_upstream_buffer"])
            Module.Deprecated(old, All, Arity.One, "proxy_buffer_size", call =>
            {
                call.Once(BufferSize);
                call.Level.Set(BufferSize, Measures.Size(call[1]) ?? throw call.Refuse("invalid value"));
            });
    }

    private static void ReadPass(DirectiveCall call)
    {
        call.Once(HasPass);
        call.Level.Set(HasPass, true);
        var value = call.Value(1);
        if (!value.IsLiteral)
        {
            call.Level.Set(StreamCoreModule.Content, new StreamContent.Proxy(new ProxyTarget(call[1], value, false, null, "", "", "", "")));
            return;
        }
        var (upstream, url) = UpstreamUse.Of(call, call[1], new HostUrlRules(0));
        var target = new ProxyTarget(call[1], null, false, upstream, url.Host, url.PortText, "", "");
        call.Level.Set(StreamCoreModule.Content, new StreamContent.Proxy(target));
    }
}
