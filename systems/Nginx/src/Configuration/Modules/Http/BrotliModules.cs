using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>brotli and brotli_static, as the ngx_brotli module has them.</summary>
internal static class BrotliModules
{
    private const long PageBytes = 4096;

    public static readonly Module BrotliModule = new("http_brotli_filter_module", Contexts.Http);
    public static readonly Module BrotliStaticModule = new("http_brotli_static_module", Contexts.Http);

    public static readonly Setting<bool> Brotli = BrotliModule.Flag("brotli", AllIf);
    public static readonly Setting<TypeSet> BrotliTypes = TypesDirective.DeclareSet(BrotliModule, "brotli_types", All, "text/html");
    public static readonly Setting<long> BrotliCompLevel = BrotliModule.Number("brotli_comp_level", All, 6, 0, 11);
    public static readonly Setting<long> BrotliWindow = BrotliModule.Size("brotli_window", All, 512 * 1024, CheckWindow);
    public static readonly Setting<long> BrotliMinLength = BrotliModule.Size("brotli_min_length", All, 20);
    public static readonly Setting<BufferCounts> BrotliBuffers =
        BrotliModule.Buffers("brotli_buffers", All, new BufferCounts(32, PageBytes));
    public static readonly Setting<GzipStatic> BrotliStatic =
        BrotliStaticModule.Choice("brotli_static", All, GzipStatic.Off, "off", "on", "always");

    private static void CheckWindow(DirectiveCall call, long size)
    {
        if (size is < 1024 or > 16 * 1024 * 1024 || !long.IsPow2(size))
            throw call.Refuse("must be 1k, 2k, 4k, 8k, 16k, 32k, 64k, 128k, 256k, 512k, 1m, 2m, 4m, 8m or 16m");
    }
}
