using System.Buffers.Binary;

namespace Microcosm.Http;

/// <summary>What the peer has said of itself, as far as it matters to who answers it.</summary>
internal sealed class Http2PeerSettings
{
    public int InitialWindow { get; private set; } = Http2Frame.WindowDefault;

    public int FrameBytesMax { get; private set; } = Http2Frame.LengthMaxDefault;

    /// <summary>Takes the content of a SETTINGS frame. Throws <see cref="Http2ConnectionException"/>.</summary>
    /// <returns>By how much the initial window grew: each stream's grows alike (section 6.9.2).</returns>
    public int Take(ReadOnlySpan<byte> content)
    {
        if (content.Length % 6 != 0)
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.FrameSizeError, $"client sent SETTINGS frame with incorrect length {content.Length}");
        }
        var before = InitialWindow;
        for (; content.Length > 0; content = content[6..])
            Take((Http2Setting)BinaryPrimitives.ReadUInt16BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[2..]));
        return InitialWindow - before;
    }

    private void Take(Http2Setting setting, uint value)
    {
        switch (setting)
        {
            case Http2Setting.InitialWindowSize when value > Http2Frame.WindowMax:
                throw new Http2ConnectionException(Http2ErrorCode.FlowControlError,
                    $"client sent SETTINGS frame with incorrect INITIAL_WINDOW_SIZE value {value}");
            case Http2Setting.InitialWindowSize:
                InitialWindow = (int)value;
                break;
            case Http2Setting.MaxFrameSize when value is < Http2Frame.LengthMaxDefault or > Http2Frame.LengthMaxHighest:
                throw new Http2ConnectionException(Http2ErrorCode.ProtocolError,
                    $"client sent SETTINGS frame with incorrect MAX_FRAME_SIZE value {value}");
            case Http2Setting.MaxFrameSize:
                FrameBytesMax = (int)value;
                break;
            case Http2Setting.EnablePush when value > 1:
                throw new Http2ConnectionException(Http2ErrorCode.ProtocolError,
                    $"client sent SETTINGS frame with incorrect ENABLE_PUSH value {value}");
        }
    }
}
