namespace Microcosm.Http;

/// <summary>
/// Tells clients that use a connection from those that load it: streams reset as soon as they are opened (CVE-2023-44487), frames that
/// carry nothing. The bounds are nginx'.
/// </summary>
internal struct Http2Flood
{
    private const long FreeBytes = 1024 * 1024;

    // As many control frames as nginx lets wait.
    private const int RepliesMax = 10_000;

    private long _frameBytes;
    private long _payloadBytes;
    private int _opened;
    private int _refused;
    private int _replies;

    /// <summary>A frame came.</summary>
    public void Frame(int bytes) => _frameBytes += bytes;

    /// <summary>So much of a head or of a body, either way.</summary>
    public void Payload(long bytes) => _payloadBytes += bytes;

    /// <summary>A turn began: more streams may be opened.</summary>
    public void Turn() => _opened = 0;

    /// <summary>Whether another stream may be opened in this turn.</summary>
    public bool MayOpen(int concurrentMax) => _opened++ < 2 * concurrentMax;

    /// <summary>A stream was refused, or reset before it was answered.</summary>
    /// <exception cref="Http2ConnectionException">Too many were.</exception>
    public void Refused(int concurrentMax)
    {
        if (++_refused > Math.Max(concurrentMax, 100))
            throw new Http2ConnectionException(Http2ErrorCode.EnhanceYourCalm, "client sent too many refused streams");
    }

    /// <summary>A stream was answered.</summary>
    public void Answered() => _refused = 0;

    /// <summary>A frame that came is answered by another one, which waits in memory for a client that does not read.</summary>
    /// <param name="isAllSent">Of the answers before it none waits.</param>
    /// <exception cref="Http2ConnectionException">Too many do.</exception>
    public void Reply(bool isAllSent)
    {
        _replies = isAllSent ? 1 : _replies + 1;
        if (_replies > RepliesMax)
            throw new Http2ConnectionException(Http2ErrorCode.NoError, "http2 flood detected");
    }

    /// <exception cref="Http2ConnectionException">Eight times as many bytes of frames as of anything in them.</exception>
    public readonly void Check()
    {
        if (_frameBytes / 8 > _payloadBytes + FreeBytes)
            throw new Http2ConnectionException(Http2ErrorCode.NoError, "http2 flood detected");
    }
}
