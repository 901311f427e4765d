namespace Microcosm.Http;

/// <summary>What each frame has to be by itself (RFC 9113 section 6). Each throws what ends the connection.</summary>
internal static class Http2FrameChecks
{
    public static Http2ConnectionException IdleStream(Http2Frame frame) =>
        new(Http2ErrorCode.ProtocolError, $"client sent {frame.Type} frame for idle stream {frame.Stream}");

    public static void CheckStream(Http2Frame frame)
    {
        if (frame.Stream == 0)
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, $"client sent {frame.Type} frame without a stream");
    }

    public static void ExpectConnection(Http2Frame frame)
    {
        if (frame.Stream != 0)
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, $"client sent {frame.Type} frame for stream {frame.Stream}");
    }

    public static void Expect(bool isRightLength, Http2Frame frame)
    {
        if (!isRightLength)
        {
            throw new Http2ConnectionException(Http2ErrorCode.FrameSizeError,
                $"client sent {frame.Type} frame with incorrect length {frame.Length}");
        }
    }
}
