using System.IO.Compression;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>gzip</c> (nginx: ngx_http_gzip_filter).</summary>
internal sealed class GzipFilter : BodyFilter
{
    // What the compressor gives for no bytes at all.
    private static readonly byte[] Empty = Convert.FromHexString("1f8b080000000000000303000000000000000000");

    private readonly HttpRequest _request;
    private readonly FilterStream _output;
    private readonly bool _isUnbuffered;
    private GZipStream? _gzip;
    private long _given;

    private GzipFilter(HttpRequest request)
    {
        (_request, _output) = (request, new FilterStream(this));
        _isUnbuffered = request.Level.Get(GzipModules.GzipNoBuffer);
        var level = (int)request.Level.Get(GzipModules.GzipCompLevel);
        _gzip = new GZipStream(_output, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
    }

    /// <summary>A filter where the response is to be compressed; null otherwise.</summary>
    public static GzipFilter? TryBegin(HttpRequest request)
    {
        var (level, response) = (request.Level, request.Response);
        if (!level.Get(GzipModules.Gzip)
            || !GzipWish.IsWorthwhile(request, level.Get(GzipModules.GzipMinLength), level.Get(GzipModules.GzipTypes)))
            return null;
        response.VariesByEncoding = true;
        if (!GzipWish.IsWanted(request))
            return null;
        response.Headers.Set(KnownHeader.ContentEncoding, "gzip"u8);
        response.BecomesAnother();
        response.WeakenETag();
        return new GzipFilter(request);
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (_gzip is null)
            return;
        _given += bytes.Length;
        _gzip.Write(bytes);
        if (!_isUnbuffered)
            return;
        _gzip.Flush();
        _output.Emit();
    }

    public override void Flush()
    {
        _gzip?.Flush();
        _output.Emit();
        Next.Flush();
    }

    public override void End()
    {
        _gzip?.Dispose();
        _gzip = null;
        if (_given == 0)
            _output.Write(Empty);
        _output.Emit();
        if (_output.Written > 0)
            _request.GzipRatio = (_given, _output.Written);
        Next.End();
    }

    public override void Release()
    {
        if (_gzip is { } gzip)
        {
            // What is left in it is nobody's any more.
            _gzip = null;
            Next.Release();
            Next = new NoOutput();
            gzip.Dispose();
        }
        Next.Release();
    }
}
