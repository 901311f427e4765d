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

    /// <summary>A setting with a value that it may not have.</summary>
    public static Http2ConnectionException WrongSetting(Http2Setting setting, uint value)
    {
        var name = setting switch
        {
            Http2Setting.InitialWindowSize => "INITIAL_WINDOW_SIZE",
            Http2Setting.MaxFrameSize => "MAX_FRAME_SIZE",
            _ => "ENABLE_PUSH",
        };
        return new Http2ConnectionException(
            setting == Http2Setting.InitialWindowSize ? Http2ErrorCode.FlowControlError : Http2ErrorCode.ProtocolError,
            $"client sent SETTINGS frame with incorrect {name} value {value}");
    }
}
