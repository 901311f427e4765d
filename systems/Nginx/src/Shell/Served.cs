using System.Collections.Frozen;

namespace Microcosm.Nginx;

/// <summary>
/// What is carried out of what can be read. A configuration that asks for more is not served: nothing is accepted and ignored. Who makes a
/// directive work adds it here, and to <see cref="NginxBuild"/> where it is the first of its module.
/// </summary>
internal static class Served
{
    // All directives of these modules.
    private static readonly FrozenSet<string> Modules = new[]
    {
        "http_referer_module", "http_secure_link_module", "http_mirror_module",
        "core_module", "events_module", "http_rewrite_module", "http_map_module", "http_geo_module", "http_split_clients_module",
        "http_access_module", "http_index_module", "http_empty_gif_module", "http_stub_status_module", "http_try_files_module",
        "http_v2_module", "http_gzip_module", "http_proxy_module", "http_grpc_module", "http_proxy_rewrite_module",
        "http_proxy_cache_module", "http_upstream_module", "http_upstream_hc_module",
        "http_brotli_filter_module", "http_brotli_static_module",
        "http_gunzip_module", "http_gzip_static_module", "http_autoindex_module", "http_random_index_module", "http_charset_module",
        "http_sub_module", "http_ssi_module", "http_addition_module", "http_slice_module", "http_userid_module",
        "http_browser_module", "http_dav_module",
        "http_auth_basic_module", "http_auth_request_module",
        "http_limit_req_module", "http_limit_conn_module", "http_realip_module", "http_ssl_module",
        "stream_core_module", "stream_ssl_module", "stream_proxy_module", "stream_access_module", "stream_map_module", "stream_geo_module",
        "stream_split_clients_module", "stream_limit_conn_module", "stream_realip_module",
        "stream_upstream_module", "stream_upstream_hc_module", "stream_log_module",
    }.ToFrozenSet(StringComparer.Ordinal);

    // But these of theirs.
    private static readonly string[] NotYet = ["proxy_request_dynamic"];

    private static readonly FrozenSet<string> Directives = new[]
    {
        "http", "server", "location", "listen", "server_name", "root", "alias", "limit_except", "variables_hash_max_size",
        "variables_hash_bucket_size", "server_names_hash_max_size", "server_names_hash_bucket_size", "types_hash_max_size",
        "types_hash_bucket_size", "connection_pool_size", "request_pool_size", "client_header_timeout", "client_header_buffer_size",
        "large_client_header_buffers", "max_headers", "ignore_invalid_headers", "merge_slashes", "underscores_in_headers", "default_type",
        "types", "client_max_body_size", "client_body_buffer_size", "client_body_timeout", "sendfile", "sendfile_max_chunk",
        "output_buffers", "postpone_output", "tcp_nopush", "tcp_nodelay", "send_timeout", "keepalive_timeout", "keepalive_time",
        "keepalive_requests", "lingering_close", "lingering_time", "lingering_timeout", "reset_timedout_connection", "absolute_redirect",
        "server_name_in_redirect", "port_in_redirect", "msie_padding", "log_not_found", "recursive_error_pages", "server_tokens",
        "if_modified_since", "max_ranges", "chunked_transfer_encoding", "etag", "error_page", "internal", "error_log", "add_header",
        "add_trailer", "expires", "log_format", "access_log", "include", "client_body_temp_path", "client_body_in_file_only",
        "client_body_in_single_buffer", "limit_rate", "limit_rate_after", "open_file_cache", "open_file_cache_valid",
        "open_file_cache_min_uses", "keepalive_min_timeout", "msie_refresh",
        "open_file_cache_errors", "disable_symlinks", "open_log_file_cache", "keepalive_disable", "satisfy",
        "auth_delay", "log_subrequest", "post_action", "resolver", "resolver_timeout", "subrequest_output_buffer_size", "early_hints",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>False for a directive that is only read.</summary>
    public static bool IsCarriedOut(Directive directive) => !UnservedDirectives.Names.Contains($"{directive.Module} {directive.Name}")
        && (Directives.Contains(directive.Name) || (Modules.Contains(directive.Module)
            && !NotYet.Any(n => directive.Name.StartsWith(n, StringComparison.Ordinal))));

    /// <summary>Throws <see cref="ConfigurationException"/> for the first thing that is not carried out.</summary>
    public static void Check(NginxConfiguration configuration)
    {
        foreach (var (directive, place) in configuration.Uses)
        {
            if (!IsCarriedOut(directive))
                throw ConfigurationException.NotServed(
                    directive.Name, $"the \"{directive.Name}\" directive is not carried out yet in {place}");
        }
        if (configuration.Stream is { } stream)
            CheckStream(stream);
        if (configuration.Main.Get(CoreModule.DebugPoints) != default)
            throw ConfigurationException.Unplaced("\"debug_points\" is not carried out yet");
        if (!configuration.Main.Get(CoreModule.SslObjectCacheInheritable))
            throw ConfigurationException.Unplaced("\"ssl_object_cache_inheritable off\" is not carried out yet");
        if (configuration.Events.Get(EventsModule.Use) is not (null or "epoll") and var method)
            throw ConfigurationException.Unplaced($"the event method \"{method}\" is not there, use \"epoll\"");
        if (configuration.Http is not { } http)
            return;
        if (http.HealthRules.FirstOrDefault(r => r.IsGrpc) is { } rule)
            throw ConfigurationException.Unplaced($"\"type=grpc\" of \"health_check\" is not carried out yet in {rule.Place}");
        foreach (var variable in http.Variables.All)
        {
            var id = variable.Origin switch
            {
                VariableOrigin.BuiltIn builtIn => builtIn.Id,
                VariableOrigin.Family family => family.Id,
                _ => -1,
            };
            if (id >= 0 && !RequestVariables.IsServed(id))
                throw ConfigurationException.NotServed($"${variable.Name}", $"the \"{variable.Name}\" variable is not there yet");
        }
        foreach (var server in http.Servers)
        {
            CheckTls(server.Level, TlsModule.Http);
            CheckLocation(server.Root);
        }
    }

    private static void CheckStream(StreamPart stream)
    {
        if (stream.HealthRules.FirstOrDefault(r => r.IsUdp) is { } rule)
            throw ConfigurationException.Unplaced($"\"udp\" of \"health_check\" is not carried out yet in {rule.Place}");
        foreach (var variable in stream.Variables.All)
        {
            var name = variable.Origin switch
            {
                VariableOrigin.BuiltIn builtIn => PartVariables.OfStream[builtIn.Id].Name,
                VariableOrigin.Family family => PartVariables.OfStream[family.Id].Name,
                _ => null,
            };
            if (name is not null && !StreamVariables.IsServed(name))
                throw ConfigurationException.NotServed($"${variable.Name}", $"the \"{variable.Name}\" variable is not there yet");
        }
        foreach (var server in stream.Servers)
        {
            CheckTls(server.Level, TlsModule.Stream);
            CheckBind(server.Level.Get(StreamProxyModule.Bind));
        }
    }

    private static void CheckLocation(HttpLocation location)
    {
        CheckBind(location.Level.Get(ProxyModule.Upstream.Bind));
        CheckBind(location.Level.Get(GrpcModule.Upstream.Bind), "grpc_bind");
        foreach (var inner in location.Tree.All)
            CheckLocation(inner);
    }

    private static void CheckBind(LocalAddress? local, string directive = "proxy_bind")
    {
        if (local is { IsTransparent: true })
            throw ConfigurationException.Unplaced($"\"transparent\" of \"{directive}\" is not carried out yet");
    }

    // What needs requests to other servers in the midst of a handshake, or data before its end.
    private static void CheckTls(Level level, TlsModule tls)
    {
        if (tls.EarlyData is { } early && level.Get(early))
            throw ConfigurationException.Unplaced("\"ssl_early_data\" is not carried out yet");
        if (level.Get(tls.Ocsp) != OcspCheck.Off)
            throw ConfigurationException.Unplaced("\"ssl_ocsp\" is not carried out yet");
        if (level.Get(tls.Stapling) && level.Get(tls.StaplingFile) is "" or null)
            throw ConfigurationException.Unplaced("\"ssl_stapling\" without \"ssl_stapling_file\" is not carried out yet");
    }
}
