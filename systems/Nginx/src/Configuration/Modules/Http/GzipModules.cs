using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>gzip, gunzip, gzip_static.</summary>
internal static class GzipModules
{
    private const long PageBytes = 4096;

    public static readonly Module GzipModule = new("http_gzip_module", Contexts.Http);
    public static readonly Module GunzipModule = new("http_gunzip_module", Contexts.Http);
    public static readonly Module GzipStaticModule = new("http_gzip_static_module", Contexts.Http);

    public static readonly Setting<bool> Gzip = GzipModule.Flag("gzip", AllIf);
    public static readonly Setting<BufferCounts> GzipBuffers = GzipModule.Buffers("gzip_buffers", All, new BufferCounts(32, PageBytes));
    public static readonly Setting<TypeSet> GzipTypes = TypesDirective.DeclareSet(GzipModule, "gzip_types", All, "text/html");
    public static readonly Setting<long> GzipCompLevel = GzipModule.Number("gzip_comp_level", All, 1, 1, 9);
    public static readonly Setting<long> GzipWindow = GzipModule.Size("gzip_window", All, 32768, CheckWindow);
    public static readonly Setting<long> GzipHash = GzipModule.Size("gzip_hash", All, 65536, CheckHash);
    public static readonly Setting<long> PostponeGzipping = GzipModule.Size("postpone_gzipping", All);
    public static readonly Setting<bool> GzipNoBuffer = GzipModule.Flag("gzip_no_buffer", All);
    public static readonly Setting<long> GzipMinLength = GzipModule.Size("gzip_min_length", All, 20);
    public static readonly Setting<bool> GzipVary = GzipModule.Flag("gzip_vary", All);
    public static readonly Setting<HttpVersion> GzipHttpVersion =
        GzipModule.Choice("gzip_http_version", All, HttpVersion.Http11, "1.0", "1.1");

    /// <summary>Bits in the order of the words: off, expired, no-cache, no-store, private, no_last_modified, no_etag, auth, any.</summary>
    public static readonly Setting<long> GzipProxied = GzipModule.Mask("gzip_proxied", All, Arity.OneOrMore, 1,
        "off", "expired", "no-cache", "no-store", "private", "no_last_modified", "no_etag", "auth", "any");

    /// <summary>User-Agents that get no gzip.</summary>
    public static readonly Setting<IReadOnlyList<BytePattern>> GzipDisable = new("gzip_disable", []);

    /// <summary>The one User-Agent test that nginx has built in.</summary>
    public static readonly Setting<bool> GzipDisableMsie6 = new("gzip_disable", false);

    public static readonly Setting<bool> Gunzip = GunzipModule.Flag("gunzip", All);
    public static readonly Setting<BufferCounts> GunzipBuffers =
        GunzipModule.Buffers("gunzip_buffers", All, new BufferCounts(32, PageBytes));
    public static readonly Setting<GzipStatic> GzipStatic =
        GzipStaticModule.Choice("gzip_static", All, Nginx.GzipStatic.Off, "off", "on", "always");

    static GzipModules() => GzipModule.Custom("gzip_disable", All, Arity.OneOrMore, call =>
    {
        foreach (var argument in call.Arguments)
        {
            if (argument == "msie6")
                call.Level.Set(GzipDisableMsie6, true);
            else
                call.Level.Add(GzipDisable, BytePattern.Compile(argument, ignoreCase: true));
        }
    });

    private static void CheckWindow(DirectiveCall call, long size)
    {
        if (size is < 512 or > 32768 || !long.IsPow2(size))
            throw call.Refuse("must be 512, 1k, 2k, 4k, 8k, 16k, or 32k");
    }

    private static void CheckHash(DirectiveCall call, long size)
    {
        if (size is < 512 or > 131072 || !long.IsPow2(size))
            throw call.Refuse("must be 512, 1k, 2k, 4k, 8k, 16k, 32k, 64k, or 128k");
    }
}
