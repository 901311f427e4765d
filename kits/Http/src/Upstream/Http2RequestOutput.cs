using System.Buffers;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// A client's way out: heads at once, bodies as far as both windows go (RFC 9113 section 5.2). One request at a time. Invariants: no window
/// falls below 0 but by a setting; more than the transport's high-water mark is not put into its output.
/// </summary>
internal sealed class Http2RequestOutput(SessionTransport transport)
{
    // What every server takes, whatever it says of itself: as nginx, no larger frames are sent.
    private const int FrameBytesMax = Http2Frame.LengthMaxDefault;

    private readonly ArrayBufferWriter<byte> _block = new(512);
    private readonly Http2PendingBody _pending = new();
    private HeaderList? _trailers;
    private long _window = Http2Frame.WindowDefault;
    private long _streamWindow;
    private int _stream;
    private bool _isEnding;

    /// <summary>The request's last frame is written.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Bytes of the body that wait.</summary>
    public long PendingBytes => _pending.Length;

    /// <summary>A request begins.</summary>
    public void Begin(int stream, int window)
    {
        (_stream, _streamWindow, _isEnding, IsEnded, _trailers) = (stream, window, false, false, null);
        _pending.Clear();
    }

    /// <summary>Writes its head.</summary>
    public void WriteHead(in UpstreamRequest request, bool isTls)
    {
        _block.ResetWrittenCount();
        HpackEncoder.Encode(_block, ":method"u8, request.MethodName);
        HpackEncoder.Encode(_block, ":scheme"u8, isTls ? "https"u8 : "http"u8);
        HpackEncoder.Encode(_block, ":path"u8, request.Target);
        if (!request.Authority.IsEmpty)
            HpackEncoder.Encode(_block, ":authority"u8, request.Authority);
        WriteBlock(request.Headers, request.HasNoBody);
    }

    public void Add(ReadOnlySpan<byte> body)
    {
        Invariant.Check(!IsEnded && !_isEnding);
        _pending.Add(body);
    }

    public void Add(IOutputFile file, long offset, long count)
    {
        Invariant.Check(!IsEnded && !_isEnding);
        _pending.Add(file, offset, count);
    }

    /// <summary>Nothing follows what waits but these.</summary>
    public void End(HeaderList? trailers)
    {
        Invariant.Check(!_isEnding && (!IsEnded || trailers is null));
        (_isEnding, _trailers) = (true, trailers is { Count: > 0 } ? trailers : null);
    }

    /// <summary>The server takes more, on the stream or on all. False: the window is larger than windows may be.</summary>
    public bool TryOpen(bool isStream, long increment) =>
        (isStream ? _streamWindow += increment : _window += increment) <= Http2Frame.WindowMax;

    /// <summary>Writes what may go. False: a file was shorter than was said, so that nothing can follow.</summary>
    public bool TryPump()
    {
        while (!IsEnded && transport.PendingBytes <= transport.HighWater)
        {
            var count = (int)Math.Min(Math.Min(_pending.Length, FrameBytesMax), Math.Max(0, Math.Min(_window, _streamWindow)));
            var isLast = _isEnding && count == _pending.Length;
            if (count == 0 && !isLast)
                return true;
            if (count > 0 || _trailers is null)
            {
                if (!Http2FrameWriter.TryData(transport.Output, _stream, _pending, count, isLast && _trailers is null))
                    return false;
                (_window, _streamWindow) = (_window - count, _streamWindow - count);
            }
            if (isLast && _trailers is not null)
            {
                _block.ResetWrittenCount();
                WriteBlock(_trailers, endsStream: true);
            }
            IsEnded |= isLast;
        }
        return true;
    }

    /// <summary>Gives up what waits.</summary>
    public void Clear() => _pending.Clear();

    private void WriteBlock(HeaderList headers, bool endsStream)
    {
        Http2Fields.Encode(_block, headers);
        Http2FrameWriter.Headers(transport.Output, _stream, _block.WrittenSpan, FrameBytesMax, endsStream);
        IsEnded |= endsStream;
    }
}
