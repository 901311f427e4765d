using System.IO.Compression;
using System.Numerics;
using Microcosm.Http;
using Microcosm.Runtime;
using OperationStatus = System.Buffers.OperationStatus;

namespace Microcosm.Nginx;

/// <summary><c>brotli</c> (ngx_brotli's filter): before gzip, which leaves alone what is encoded.</summary>
internal sealed class BrotliFilter : BodyFilter
{
    private const int PieceBytes = 8 * 1024;

    private readonly HttpRequest _request;
    private readonly byte[] _output = new byte[PieceBytes];
    private BrotliEncoder _encoder;
    private bool _isOver;
    private long _given;
    private long _made;

    private BrotliFilter(HttpRequest request)
    {
        _request = request;
        _encoder = new BrotliEncoder((int)request.Level.Get(BrotliModules.BrotliCompLevel),
            BitOperations.Log2((ulong)request.Level.Get(BrotliModules.BrotliWindow)));
    }

    /// <summary>A filter where the response is to be compressed; null otherwise.</summary>
    public static BrotliFilter? TryBegin(HttpRequest request)
    {
        var (level, response) = (request.Level, request.Response);
        if (!level.Get(BrotliModules.Brotli) || request.Parent is not null || response.Status is not (200 or 403 or 404)
            || !response.Headers[KnownHeader.ContentEncoding].IsEmpty
            || (response.ContentLength >= 0 && response.ContentLength < level.Get(BrotliModules.BrotliMinLength))
            || !ContentTypes.IsOneOf(response, level.Get(BrotliModules.BrotliTypes)))
            return null;
        response.VariesByEncoding = true;
        if (!IsWanted(request))
            return null;
        response.Headers.Set(KnownHeader.ContentEncoding, "br"u8);
        response.BecomesAnother();
        response.WeakenETag();
        return new BrotliFilter(request);
    }

    /// <summary>Whether the client takes it.</summary>
    public static bool IsWanted(HttpRequest request) =>
        request.Parent is null && GzipWish.Accepts(request.Exchange.RequestHeaders[KnownHeader.AcceptEncoding], "br");

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (_isOver)
            return;
        _given += bytes.Length;
        Compress(bytes, isFinal: false);
    }

    public override void Flush()
    {
        for (var status = OperationStatus.DestinationTooSmall; status == OperationStatus.DestinationTooSmall && !_isOver;)
        {
            status = _encoder.Flush(_output, out var written);
            Give(written);
        }
        Next.Flush();
    }

    public override void End()
    {
        if (!_isOver)
            Compress(default, isFinal: true);
        Close();
        _request.BrotliRatio = (_given, _made);
        Next.End();
    }

    public override void Release()
    {
        Close();
        Next.Release();
    }

    private void Compress(ReadOnlySpan<byte> bytes, bool isFinal)
    {
        while (true)
        {
            var status = _encoder.Compress(bytes, _output, out var consumed, out var written, isFinal);
            Invariant.Check(status is OperationStatus.Done or OperationStatus.DestinationTooSmall);
            bytes = bytes[consumed..];
            Give(written);
            if (status == OperationStatus.Done && bytes.IsEmpty)
                return;
        }
    }

    private void Give(int count)
    {
        if (count == 0)
            return;
        _made += count;
        Next.Write(_output.AsSpan(0, count));
    }

    private void Close()
    {
        if (!_isOver)
            _encoder.Dispose();
        _isOver = true;
    }
}
