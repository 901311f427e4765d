using System.IO.Compression;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>gunzip</c>: compressed bodies for clients that do not take them (nginx: ngx_http_gunzip_filter).</summary>
internal sealed class GunzipFilter : BodyFilter
{
    private const int PieceBytes = 16 * 1024;

    // A member of one byte. Behind a whole body it is read as that byte, and in the midst of one it is not.
    private static readonly byte[] Probe = Convert.FromHexString("1f8b0800000000000003ab00008316dc8c01000000");

    private readonly HttpRequest _request;
    private readonly FilterStream _stream;
    private readonly byte[] _piece = new byte[PieceBytes];
    private GZipStream? _gzip;

    private GunzipFilter(HttpRequest request)
    {
        (_request, _stream) = (request, new FilterStream(this));
        _gzip = new GZipStream(_stream, CompressionMode.Decompress, leaveOpen: true);
    }

    public static GunzipFilter? TryBegin(HttpRequest request)
    {
        var response = request.Response;
        if (!request.Level.Get(GzipModules.Gunzip)
            || !System.Text.Ascii.EqualsIgnoreCase(response.Headers[KnownHeader.ContentEncoding], "gzip"u8))
            return null;
        response.VariesByEncoding = true;
        if (GzipWish.IsWanted(request))
            return null;
        response.Headers.Remove(KnownHeader.ContentEncoding);
        response.BecomesAnother();
        response.WeakenETag();
        return new GunzipFilter(request);
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (_gzip is null)
            return;
        _stream.Give(bytes);
        try
        {
            while (_gzip is { } gzip && gzip.Read(_piece) is var read && read > 0)
                Next.Write(_piece.AsSpan(0, read));
        }
        catch (InvalidDataException)
        {
            Fail("inflate() failed: 0, -3");
        }
    }

    public override void End()
    {
        if (_gzip is null)
            return;
        if (IsWhole(_gzip))
            Next.End();
        else
            Fail("inflate() returned -5 on response end");
    }

    public override void Release()
    {
        _gzip?.Dispose();
        _gzip = null;
        Next.Release();
    }

    // The decompressor itself does not say whether it waits for more.
    private bool IsWhole(GZipStream gzip)
    {
        _stream.Give(Probe);
        try
        {
            return gzip.Read(_piece) == 1 && gzip.Read(_piece.AsSpan(1)) == 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private void Fail(string why)
    {
        _request.LogError(LogLevel.Error, why);
        _request.Sending!.Abort();
    }
}
