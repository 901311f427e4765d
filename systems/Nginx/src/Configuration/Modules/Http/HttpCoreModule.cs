using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>The http part's core: connections, requests, bodies, responses.</summary>
internal static class HttpCoreModule
{
    private const long Minute = 60_000;
    private const long PageBytes = 4096;
    private const long HashLine = 64;

    public static readonly Module Module = new("http_core_module", Contexts.Http);

    // Sizes of nginx' hash tables: read and checked, ours have no use for them.
    public static readonly Setting<long> VariablesHashMaxSize = Module.Number("variables_hash_max_size", Contexts.Http, 1024);
    public static readonly Setting<long> VariablesHashBucketSize = Module.Number("variables_hash_bucket_size", Contexts.Http, HashLine);
    public static readonly Setting<long> ServerNamesHashMaxSize = Module.Number("server_names_hash_max_size", Contexts.Http, 512);
    public static readonly Setting<long> ServerNamesHashBucketSize =
        Module.Number("server_names_hash_bucket_size", Contexts.Http, HashLine);
    public static readonly Setting<long> TypesHashMaxSize = Module.Number("types_hash_max_size", All, 1024);
    public static readonly Setting<long> TypesHashBucketSize = Module.Number("types_hash_bucket_size", All, HashLine);
    public static readonly Setting<long> ConnectionPoolSize = Module.Size("connection_pool_size", Outer, 512, CheckPool);
    public static readonly Setting<long> RequestPoolSize = Module.Size("request_pool_size", Outer, 4096, CheckPool);

    public static readonly Setting<long> ClientHeaderTimeout = Module.Milliseconds("client_header_timeout", Outer, Minute);
    public static readonly Setting<long> ClientHeaderBufferSize = Module.Size("client_header_buffer_size", Outer, 1024);
    public static readonly Setting<BufferCounts> LargeClientHeaderBuffers =
        Module.Buffers("large_client_header_buffers", Outer, new BufferCounts(4, 8192));
    public static readonly Setting<long> MaxHeaders = Module.Number("max_headers", Outer, 1000);
    public static readonly Setting<bool> IgnoreInvalidHeaders = Module.Flag("ignore_invalid_headers", Outer, true);
    public static readonly Setting<bool> MergeSlashes = Module.Flag("merge_slashes", Outer, true);
    public static readonly Setting<bool> UnderscoresInHeaders = Module.Flag("underscores_in_headers", Outer);

    public static readonly Setting<string?> DefaultType = Module.Text("default_type", All, "text/plain");
    public static readonly Setting<long> ClientMaxBodySize = Module.Offset("client_max_body_size", All, 1 << 20);
    public static readonly Setting<long> ClientBodyBufferSize = Module.Size("client_body_buffer_size", All, 2 * PageBytes);
    public static readonly Setting<long> ClientBodyTimeout = Module.Milliseconds("client_body_timeout", All, Minute);
    public static readonly Setting<TempPath?> ClientBodyTempPath = TempPathDirective.Declare(Module, "client_body_temp_path");
    public static readonly Setting<BodyInFile> ClientBodyInFileOnly =
        Module.Choice("client_body_in_file_only", All, BodyInFile.Off, "off", "on", "clean");
    public static readonly Setting<bool> ClientBodyInSingleBuffer = Module.Flag("client_body_in_single_buffer", All);
    public static readonly Setting<IReadOnlyList<ComplexValue>> ClientBodyEarlyRead = Module.Conditions("client_body_early_read", Outer);

    public static readonly Setting<bool> SendFile = Module.Flag("sendfile", AllIf);
    public static readonly Setting<long> SendFileMaxChunk = Module.Size("sendfile_max_chunk", All, 2 << 20);
    public static readonly Setting<long> SubrequestOutputBufferSize = Module.Size("subrequest_output_buffer_size", All, PageBytes);
    public static readonly Setting<bool> AioWrite = Module.Flag("aio_write", All);
    public static readonly Setting<long> ReadAhead = Module.Size("read_ahead", All);
    public static readonly Setting<long> DirectIoAlignment = Module.Offset("directio_alignment", All, 512);
    public static readonly Setting<bool> TcpNoPush = Module.Flag("tcp_nopush", All);
    public static readonly Setting<bool> TcpNoDelay = Module.Flag("tcp_nodelay", All, true);
    public static readonly Setting<long> SendTimeout = Module.Milliseconds("send_timeout", All, Minute);
    public static readonly Setting<long> SendLowat =
        Module.Size("send_lowat", All, 0, (call, _) => call.Warn("\"send_lowat\" is not supported, ignored"));
    public static readonly Setting<long> PostponeOutput = Module.Size("postpone_output", All, 1460);
    public static readonly Setting<BufferCounts> OutputBuffers = Module.Buffers("output_buffers", All, new BufferCounts(2, 32768));
    public static readonly Setting<ValueOrSize?> LimitRate = Module.SizeValue("limit_rate", AllIf);
    public static readonly Setting<ValueOrSize?> LimitRateAfter = Module.SizeValue("limit_rate_after", AllIf);

    public static readonly Setting<long> KeepAliveTime = Module.Milliseconds("keepalive_time", All, 3_600_000);
    public static readonly Setting<long> KeepAliveMinTimeout = Module.Milliseconds("keepalive_min_timeout", All);
    public static readonly Setting<long> KeepAliveRequests = Module.Number("keepalive_requests", All, 1000);
    public static readonly Setting<long> KeepAliveDisable =
        Module.Mask("keepalive_disable", All, Arity.OneOrTwo, 1 << 1, "none", "msie6", "safari");
    public static readonly Setting<Satisfy> Satisfy = Module.Choice("satisfy", All, Nginx.Satisfy.All, "all", "any");
    public static readonly Setting<long> AuthDelay = Module.Milliseconds("auth_delay", All);
    public static readonly Setting<LingeringClose> LingeringClose =
        Module.Choice("lingering_close", All, Nginx.LingeringClose.On, "off", "on", "always");
    public static readonly Setting<long> LingeringTime = Module.Milliseconds("lingering_time", All, 30_000);
    public static readonly Setting<long> LingeringTimeout = Module.Milliseconds("lingering_timeout", All, 5_000);
    public static readonly Setting<bool> ResetTimedOutConnection = Module.Flag("reset_timedout_connection", All);
    public static readonly Setting<bool> AbsoluteRedirect = Module.Flag("absolute_redirect", All, true);
    public static readonly Setting<bool> ServerNameInRedirect = Module.Flag("server_name_in_redirect", All);
    public static readonly Setting<bool> PortInRedirect = Module.Flag("port_in_redirect", All, true);
    public static readonly Setting<bool> MsiePadding = Module.Flag("msie_padding", All, true);
    public static readonly Setting<bool> MsieRefresh = Module.Flag("msie_refresh", All);
    public static readonly Setting<bool> LogNotFound = Module.Flag("log_not_found", All, true);
    public static readonly Setting<bool> LogSubrequest = Module.Flag("log_subrequest", All);
    public static readonly Setting<bool> RecursiveErrorPages = Module.Flag("recursive_error_pages", All);
    public static readonly Setting<ServerTokens> ServerTokens =
        Module.Choice("server_tokens", All, Nginx.ServerTokens.On, "off", "on", "build");
    public static readonly Setting<IfModifiedSince> IfModifiedSince =
        Module.Choice("if_modified_since", All, Nginx.IfModifiedSince.Exact, "off", "exact", "before");
    public static readonly Setting<long> MaxRanges = Module.Number("max_ranges", All, int.MaxValue);
    public static readonly Setting<bool> ChunkedTransferEncoding = Module.Flag("chunked_transfer_encoding", All, true);
    public static readonly Setting<bool> ETag = Module.Flag("etag", All, true);
    public static readonly Setting<IReadOnlyList<ComplexValue>> EarlyHints = Module.Conditions("early_hints", All);
    public static readonly Setting<string?> PostAction = Module.Text("post_action", AllIf);
    public static readonly Setting<IReadOnlyList<ErrorLog>> ErrorLogs = ErrorLogDirective.Declare(Module, All);

    public static readonly Setting<long> OpenFileCacheValid = Module.Seconds("open_file_cache_valid", All, 60);
    public static readonly Setting<long> OpenFileCacheMinUses = Module.Number("open_file_cache_min_uses", All, 1);
    public static readonly Setting<bool> OpenFileCacheErrors = Module.Flag("open_file_cache_errors", All);
    public static readonly Setting<bool> OpenFileCacheEvents = Module.Flag("open_file_cache_events", All);
    public static readonly Setting<ResolverAddresses?> Resolver = ResolverDirective.Declare(Module, All | Contexts.Upstream);
    public static readonly Setting<long> ResolverTimeout = Module.Milliseconds("resolver_timeout", All | Contexts.Upstream, 30_000);

    /// <summary>Bodies from this size on are read around the page cache; null for off.</summary>
    public static readonly Setting<long?> DirectIo = Module.One("directio", All, DirectiveKind.Offset, (long?)null,
        (call, word) => word == "off" ? long.MaxValue : Measures.Offset(word) ?? throw call.Refuse("invalid value"));

    public static readonly Setting<string?> Aio = Module.Text("aio", All, "off", ReadAio);
    public static readonly Setting<KeepAliveTimeout> KeepAliveTimeout = new("keepalive_timeout", new KeepAliveTimeout(75_000, 0));
    public static readonly Setting<bool> Internal = new("internal", false);
    public static readonly Setting<OpenFileCache?> OpenFileCache = OpenFileCacheDirective.Declare(Module, All);
    public static readonly Setting<DisableSymlinks> DisableSymlinks = DisableSymlinksDirective.Declare(Module, All);
    public static readonly Setting<IReadOnlyList<ErrorPage>> ErrorPages = ErrorPageDirective.Declare(Module, AllIf);
    public static readonly Setting<RootPath?> Root = RootDirective.Declare(Module);
    public static readonly Setting<MimeTypes?> Types = TypesDirective.Declare(Module, All);

    static HttpCoreModule()
    {
        Module.Custom("keepalive_timeout", All, Arity.OneOrTwo, call =>
        {
            call.Once(KeepAliveTimeout);
            var timeout = Measures.Milliseconds(call[1]) ?? throw call.Refuse("invalid value");
            var header = call.Count == 1 ? 0 : Measures.Seconds(call[2]) ?? throw call.Refuse("invalid value");
            call.Level.Set(KeepAliveTimeout, new KeepAliveTimeout(timeout, header));
        });
        Module.Custom("internal", Contexts.Location, Arity.None, call =>
        {
            call.Once(Internal);
            call.Level.Set(Internal, true);
        });
    }

    private static void CheckPool(DirectiveCall call, long size)
    {
        if (size < 112)
            throw call.Error("the pool size must be no less than 112");
        if (size % 16 != 0)
            throw call.Error("the pool size must be a multiple of 16");
    }

    private static string ReadAio(DirectiveCall call, string word)
    {
        if (word.StartsWith("threads=", StringComparison.Ordinal))
            ComplexValue.Compile(word[8..], call.Variables);
        return word is "on" or "off" or "threads" || word.StartsWith("threads=", StringComparison.Ordinal)
            ? word : throw call.Refuse("invalid value");
    }
}
