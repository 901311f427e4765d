using static Microcosm.Nginx.VariableFlags;

namespace Microcosm.Nginx;

/// <summary>The variables that requests and stream sessions know of themselves.</summary>
internal static class PartVariables
{
    private static readonly string[] Tls =
    [
        "ssl_protocol", "ssl_cipher", "ssl_ciphers", "ssl_curve", "ssl_curves", "ssl_sigalg", "ssl_sigalgs", "ssl_session_id",
        "ssl_session_reused", "ssl_server_name", "ssl_alpn_protocol", "ssl_ech_status", "ssl_ech_outer_server_name", "ssl_client_cert",
        "ssl_client_raw_cert", "ssl_client_escaped_cert", "ssl_client_s_dn", "ssl_client_i_dn", "ssl_client_serial",
        "ssl_client_fingerprint", "ssl_client_verify", "ssl_client_v_start", "ssl_client_v_end", "ssl_client_v_remain", "ssl_client_sigalg",
    ];

    private static readonly string[] Connection =
    [
        "binary_remote_addr", "remote_addr", "remote_port", "proxy_protocol_addr", "proxy_protocol_port", "proxy_protocol_server_addr",
        "proxy_protocol_server_port", "server_addr", "server_port", "server_name", "bytes_sent", "connection", "nginx_version", "hostname",
        "pid", "realip_remote_addr", "realip_remote_port",
    ];

    private static readonly string[] ConnectionChanging =
    [
        "status", "msec", "time_iso8601", "time_local", "limit_conn_status", "upstream_addr", "upstream_bytes_sent",
        "upstream_bytes_received", "upstream_connect_time",
    ];

    /// <summary>Of the http part.</summary>
    public static BuiltInVariables OfHttp { get; } = new(
    [
        .. All(None, Connection), .. All(NoCacheable, ConnectionChanging), .. All(Changeable, Tls),
        new("proxy_protocol_tlv_", Prefix),
        .. All(None, "http_host", "http_user_agent", "http_referer", "http_via", "http_x_forwarded_for", "http_cookie", "content_length",
            "content_type", "host", "server_protocol", "scheme", "https", "request_port", "is_request_port", "request_uri", "request",
            "remote_user", "body_bytes_sent", "pipe", "request_completion", "request_body", "request_body_file", "request_id",
            "sent_http_content_type", "sent_http_content_length", "sent_http_location", "sent_http_last_modified", "sent_http_connection",
            "sent_http_keep_alive", "sent_http_transfer_encoding", "sent_http_cache_control", "sent_http_link", "connection_requests",
            "http2", "proxy_add_x_forwarded_for", "proxy_add_via", "uid_got", "uid_set", "gzip_ratio", "brotli_ratio"),
        .. All(NoCacheable, "date_local", "date_gmt", "slice_range", "uri", "document_uri", "document_root", "realpath_root",
            "query_string", "is_args",
            "request_filename", "request_method", "request_length", "request_time", "connection_time", "tcpinfo_rtt", "tcpinfo_rttvar",
            "tcpinfo_snd_cwnd",
            "tcpinfo_rcv_space", "upstream_status", "upstream_header_time", "upstream_response_time", "upstream_response_length",
            "upstream_cache_status", "upstream_cache_last_modified", "upstream_cache_etag", "upstream_cache_key", "limit_req_status",
            "connections_active", "connections_reading", "connections_writing", "connections_waiting"),
        .. All(Changeable | NoCacheable | Assignable, "limit_rate", "args"),
        .. All(Changeable | NoCacheable, "proxy_host", "proxy_port", "ssl_early_data"),
        .. All(Changeable, "ssl_client_s_dn_legacy", "ssl_client_i_dn_legacy", "msie", "modern_browser", "ancient_browser", "secure_link",
            "secure_link_expires", "uid_reset", "invalid_referer"),
        .. All(Prefix, "http_", "sent_http_", "sent_trailer_", "cookie_"),
        .. All(Prefix | NoCacheable, "arg_", "upstream_http_", "upstream_trailer_", "upstream_cookie_"),
    ]);

    /// <summary>Of the stream part.</summary>
    public static BuiltInVariables OfStream { get; } = new(
    [
        .. All(None, Connection), .. All(NoCacheable, ConnectionChanging), .. All(Changeable, Tls),
        new("proxy_protocol_tlv_", Prefix),
        .. All(None, "bytes_received", "protocol", "ssl_preread_protocol", "ssl_preread_server_name", "ssl_preread_alpn_protocols"),
        .. All(NoCacheable, "session_time", "upstream_first_byte_time", "upstream_session_time"),
    ]);

    private static IEnumerable<BuiltInVariable> All(VariableFlags flags, params string[] names) =>
        names.Select(n => new BuiltInVariable(n, flags));
}
