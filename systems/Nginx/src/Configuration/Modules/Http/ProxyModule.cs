using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>proxy_pass and what shapes it.</summary>
internal static class ProxyModule
{
    private const long PageBytes = 4096;

    public static readonly Module Module = new("http_proxy_module", Contexts.Http);

    public static readonly UpstreamSettings Upstream = new(Module, "proxy_");

    public static readonly Setting<ProxyTarget?> Pass = new("proxy_pass", null);
    public static readonly Setting<ProxyStore?> Store = new("proxy_store", null);
    public static readonly Setting<int> StoreAccess = AccessDirective.Declare(Module, "proxy_store_access");
    public static readonly Setting<bool> Buffering = Module.Flag("proxy_buffering", All, true);
    public static readonly Setting<bool> RequestBuffering = Module.Flag("proxy_request_buffering", All, true);
    public static readonly Setting<bool> IgnoreClientAbort = Module.Flag("proxy_ignore_client_abort", All);
    public static readonly Setting<long> SendLowat =
        Module.Size("proxy_send_lowat", All, 0, (call, _) => call.Warn("\"proxy_send_lowat\" is not supported, ignored"));
    public static readonly Setting<long> HeadersHashMaxSize = Module.Number("proxy_headers_hash_max_size", All, 512);
    public static readonly Setting<long> HeadersHashBucketSize = Module.Number("proxy_headers_hash_bucket_size", All, 64);
    public static readonly Setting<ComplexValue?> SetBody = Module.Value("proxy_set_body", All);
    public static readonly Setting<ComplexValue?> Method = Module.Value("proxy_method", All);
    public static readonly Setting<bool> PassRequestHeaders = Module.Flag("proxy_pass_request_headers", All, true);
    public static readonly Setting<bool> PassRequestBody = Module.Flag("proxy_pass_request_body", All, true);
    public static readonly Setting<bool> PassTrailers = Module.Flag("proxy_pass_trailers", All);
    public static readonly Setting<BufferCounts> Buffers = Module.Buffers("proxy_buffers", All, new BufferCounts(8, PageBytes));

    /// <summary>-1: twice the larger of a buffer and the first buffer.</summary>
    public static readonly Setting<long> BusyBuffersSize = Module.Size("proxy_busy_buffers_size", All, -1);

    public static readonly Setting<bool> ForceRanges = Module.Flag("proxy_force_ranges", All);
    public static readonly Setting<ValueOrSize?> LimitRate = Module.SizeValue("proxy_limit_rate", All);
    public static readonly Setting<TempPath?> TempPath = TempPathDirective.Declare(Module, "proxy_temp_path");
    public static readonly Setting<long> MaxTempFileSize = Module.Size("proxy_max_temp_file_size", All, 1 << 30);

    /// <summary>-1: twice the larger of a buffer and the first buffer.</summary>
    public static readonly Setting<long> TempFileWriteSize = Module.Size("proxy_temp_file_write_size", All, -1);

    public static readonly Setting<HttpVersion> HttpVersion =
        Module.Choice("proxy_http_version", All, Nginx.HttpVersion.Http11, "1.0", "1.1", "2");

    static ProxyModule()
    {
        Module.Custom("proxy_pass", Contexts.Location | Contexts.LocationIf | Contexts.LimitExcept, Arity.One, ReadPass);
        Module.Custom("proxy_store", All, Arity.One, ReadStore);
    }

    private static void ReadPass(DirectiveCall call)
    {
        call.Once(Pass);
        var location = call.Level.Location!;
        location.RedirectsToSlash |= location.Name.EndsWith('/');
        var target = Target(call, location);
        call.Level.Set(Pass, target);
        location.Content = new LocationContent.Proxy(target);
    }

    private static ProxyTarget Target(DirectiveCall call, LocationDraft location)
    {
        var url = call[1];
        if (ComplexValue.HasVariables(url))
            return new ProxyTarget(url, call.Value(1), true, null, "", "", "", "");
        var isTls = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            throw call.Error("invalid URL prefix");
        var port = isTls ? 443 : 80;
        var (upstream, parsed) = UpstreamUse.Of(call, url[(isTls ? 8 : 7)..], new HostUrlRules(port, HasUri: true));
        var isUnix = parsed.Addresses is [{ IsUnix: true }];
        var noName = location.IsNameless || location.Kind is LocationKind.Named or LocationKind.Pattern;
        if (noName && parsed.Uri.Length > 0)
            throw call.Error("\"proxy_pass\" cannot have URI part in location given by regular expression, or inside named location, "
                + "or inside \"if\" statement, or inside \"limit_except\" block");
        var hasOwnPort = !parsed.HasNoPort && parsed.Port != port;
        var host = isUnix ? "localhost" : hasOwnPort ? $"{parsed.Host}:{parsed.PortText}" : parsed.Host;
        var portText = isUnix ? "" : parsed.HasNoPort ? $"{port}" : parsed.PortText;
        return new ProxyTarget(url, null, isTls, upstream, host, portText, parsed.Uri, noName ? "" : location.Name);
    }

    private static void ReadStore(DirectiveCall call)
    {
        call.Once(Store);
        if (call[1] == "off")
        {
            call.Level.Set(Store, new ProxyStore(false, null));
            return;
        }
        if (call[1].Length == 0)
            throw call.Error("empty path");
        if (call.Level.TryGetOwn(ProxyCacheModule.Cache, out var cache) && cache is { IsOff: false })
            throw call.Refuse("is incompatible with \"proxy_cache\"");
        call.Level.Set(Store, new ProxyStore(true, call[1] == "on" ? null : call.Value(1)));
    }

    /// <summary>What nginx checks of a level when the whole part is read.</summary>
    public static void Check(Level level)
    {
        var buffers = level.Get(Buffers);
        if (buffers.Count < 2)
            throw new ConfigurationException("there must be at least 2 \"proxy_buffers\"");
        const string larger = "the maximum of the value of \"proxy_buffer_size\" and one of the \"proxy_buffers\"";
        var size = Math.Max(level.Get(Upstream.BufferSize), buffers.Size);
        var busy = level.Get(BusyBuffersSize) is >= 0 and var given ? given : 2 * size;
        if (busy < size)
            throw new ConfigurationException($"\"proxy_busy_buffers_size\" must be equal to or greater than {larger}");
        if (busy > (buffers.Count - 1) * buffers.Size)
            throw new ConfigurationException(
                "\"proxy_busy_buffers_size\" must be less than the size of all \"proxy_buffers\" minus one buffer");
        if (level.Get(TempFileWriteSize) is >= 0 and var write && write < size)
            throw new ConfigurationException($"\"proxy_temp_file_write_size\" must be equal to or greater than {larger}");
        if (level.Get(MaxTempFileSize) is not 0 and var max && max < size)
            throw new ConfigurationException(
                "\"proxy_max_temp_file_size\" must be equal to zero to disable temporary files usage or must be equal to "
                + $"or greater than {larger}");
        if (level.Get(ProxyCacheModule.Cache)?.Zone is { Definition: null } zone)
            throw new ConfigurationException($"\"proxy_cache\" zone \"{zone.Name}\" is unknown");
        Upstream.Tls.Check(level);
    }
}
