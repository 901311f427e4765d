using System.Buffers;
using System.IO.Compression;
using System.Numerics;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>brotli</c> (ngx_brotli's filter), over .NET's encoder.</summary>
internal sealed class BrotliFilter : BodyFilter
{
    private const int PieceBytes = 8 * 1024;

    private readonly HttpRequest _request;
    private readonly FilterStream _output;
    private readonly byte[] _piece = new byte[PieceBytes];
    private BrotliEncoder _encoder;
    private bool _isOver;
    private long _given;

    private BrotliFilter(HttpRequest request, int windowBits)
    {
        (_request, _output) = (request, new FilterStream(this));
        _encoder = new BrotliEncoder((int)request.Level.Get(BrotliModules.CompLevel), windowBits);
    }

    /// <summary>A filter where the response is to be compressed; null otherwise.</summary>
    public static BrotliFilter? TryBegin(HttpRequest request)
    {
        var (level, response) = (request.Level, request.Response);
        if (!level.Get(BrotliModules.Brotli)
            || !GzipWish.IsWorthwhile(request, level.Get(BrotliModules.MinLength), level.Get(BrotliModules.Types)))
            return null;
        response.VariesByEncoding = true;
        if (!GzipWish.TakesBrotli(request))
            return null;
        // A window that is larger than the body costs memory and gains nothing.
        var window = level.Get(BrotliModules.Window);
        if (response.ContentLength >= 0)
            window = Math.Clamp((long)BitOperations.RoundUpToPowerOf2((ulong)response.ContentLength), 1024, window);
        response.Headers.Set(KnownHeader.ContentEncoding, "br"u8);
        response.BecomesAnother();
        response.WeakenETag();
        return new BrotliFilter(request, BitOperations.Log2((ulong)window));
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        _given += bytes.Length;
        while (!_isOver && !bytes.IsEmpty)
        {
            Check(_encoder.Compress(bytes, _piece, out var taken, out var made, isFinalBlock: false));
            bytes = bytes[taken..];
            _output.Write(_piece.AsSpan(0, made));
        }
    }

    public override void Flush()
    {
        while (!_isOver)
        {
            var status = _encoder.Flush(_piece, out var made);
            Check(status);
            _output.Write(_piece.AsSpan(0, made));
            if (status == OperationStatus.Done)
                break;
        }
        _output.Emit();
        Next.Flush();
    }

    public override void End()
    {
        while (!_isOver)
        {
            var status = _encoder.Compress(default, _piece, out _, out var made, isFinalBlock: true);
            Check(status);
            _output.Write(_piece.AsSpan(0, made));
            if (status == OperationStatus.Done)
                Close();
        }
        _output.Emit();
        _request.BrotliRatio = (_given, _output.Written);
        Next.End();
    }

    public override void Release()
    {
        Close();
        Next.Release();
    }

    private void Close()
    {
        if (_isOver)
            return;
        _isOver = true;
        _encoder.Dispose();
    }

    private static void Check(OperationStatus status)
    {
        if (status == OperationStatus.InvalidData)
            throw new InvalidOperationException("the encoder refuses what it is given");
    }
}
