using System.Text;

namespace Microcosm.Nginx;

/// <summary>
/// What this build says of itself: version, defaults, and which modules work. Tools (and nginx' own test suite) decide by it what to try,
/// so it names only what is served: modules that nginx has by default are listed as left out until they are.
/// </summary>
internal static class NginxBuild
{
    public const string Version = "1.31.4";

    public const string DefaultPrefix = "/usr/local/nginx/";

    public const string DefaultConfiguration = "conf/nginx.conf";

    public const string DefaultErrorLog = "logs/error.log";

    public const string DefaultAccessLog = "logs/access.log";

    public const string DefaultPid = "logs/nginx.pid";

    // Modules that nginx builds unless told otherwise.
    private static readonly string[] OnByDefault =
    [
        "http_access_module", "http_auth_basic_module", "http_autoindex_module", "http_browser_module", "http_charset_module",
        "http_empty_gif_module", "http_fastcgi_module", "http_geo_module", "http_grpc_module", "http_gzip_module", "http_limit_conn_module",
        "http_limit_req_module", "http_map_module", "http_memcached_module", "http_mirror_module", "http_proxy_module",
        "http_referer_module", "http_rewrite_module", "http_scgi_module", "http_split_clients_module", "http_ssi_module",
        "http_tunnel_module", "http_upstream_hash_module", "http_upstream_ip_hash_module", "http_upstream_keepalive_module",
        "http_upstream_least_conn_module", "http_upstream_least_time_module", "http_upstream_random_module", "http_upstream_sticky_module",
        "http_upstream_zone_module", "http_userid_module", "http_uwsgi_module", "mail_imap_module", "mail_pop3_module", "mail_smtp_module",
        "stream_access_module", "stream_geo_module", "stream_limit_conn_module", "stream_map_module", "stream_pass_module",
        "stream_return_module", "stream_set_module", "stream_split_clients_module", "stream_upstream_hash_module",
        "stream_upstream_least_conn_module", "stream_upstream_least_time_module", "stream_upstream_random_module",
        "stream_upstream_zone_module", "http-cache",
    ];

    // Words of configure for modules that nginx builds only when told to, and work here; who makes one work adds it.
    private static readonly string[] Added =
    [
        "http_secure_link_module",
        "http_v2_module", "http_stub_status_module", "http_gunzip_module", "http_gzip_static_module",
        "http_random_index_module", "http_sub_module", "http_addition_module", "http_slice_module", "http_auth_request_module",
        "http_realip_module", "http_ssl_module", "stream", "stream_ssl_module", "stream_ssl_preread_module", "stream_realip_module",
        "http_dav_module",
    ];

    // Of those that nginx has by default, what works here; who makes one work adds it.
    private static readonly string[] Served =
    [
        "http_referer_module", "http_mirror_module", "http_ssi_module",
        "http_access_module", "http_empty_gif_module", "http_geo_module", "http_gzip_module", "http_map_module", "http_rewrite_module",
        "http_split_clients_module", "http_proxy_module", "http_grpc_module", "http-cache", "http_upstream_hash_module",
        "http_upstream_ip_hash_module",
        "http_upstream_keepalive_module", "http_upstream_least_conn_module", "http_upstream_random_module", "http_upstream_zone_module",
        "http_autoindex_module", "http_browser_module", "http_charset_module", "http_userid_module", "http_auth_basic_module",
        "http_limit_req_module", "http_limit_conn_module", "stream_access_module", "stream_geo_module", "stream_limit_conn_module",
        "stream_map_module", "stream_return_module", "stream_set_module", "stream_split_clients_module", "stream_upstream_hash_module",
        "stream_upstream_least_conn_module", "stream_upstream_random_module", "stream_upstream_zone_module", "stream_pass_module",
    ];

    /// <summary>True once TLS is served: -V names the library then.</summary>
    private static bool HasTls => Added.Contains("http_ssl_module") && Http.OpenSsl.IsSupported;

    /// <summary>What <c>-v</c>, <c>-V</c> and <c>-h</c> print.</summary>
    public static string Describe(bool help, bool configure)
    {
        var text = new StringBuilder($"nginx version: nginx/{Version}\n");
        if (help)
            text.Append(Help);
        if (!configure)
            return text.ToString();
        if (HasTls)
            text.Append($"built with {Http.OpenSsl.Version}\nTLS SNI support enabled\n");
        text.Append("configure arguments:");
        foreach (var word in Added)
            text.Append(" --with-").Append(word);
        foreach (var word in OnByDefault.Except(Served))
            text.Append(" --without-").Append(word);
        return text.Append('\n').ToString();
    }

    private const string Help =
        $"""
        Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
                     [-e filename] [-c filename] [-g directives]

        Options:
          -?,-h         : this help
          -v            : show version and exit
          -V            : show version and configure options then exit
          -t            : test configuration and exit
          -T            : test configuration, dump it and exit
          -q            : suppress non-error messages during configuration testing
          -s signal     : send signal to a master process: stop, quit, reopen, reload
          -p prefix     : set prefix path (default: {DefaultPrefix})
          -e filename   : set error log file (default: {DefaultErrorLog})
          -c filename   : set configuration file (default: {DefaultConfiguration})
          -g directives : set global directives out of configuration file


        """;
}
