using System.Buffers.Binary;

namespace Microcosm.Http;

/// <summary>What the peer has said of itself, as far as it matters to who sends to it.</summary>
internal sealed class Http2PeerSettings
{
    public int InitialWindow { get; private set; } = Http2Frame.WindowDefault;

    public int FrameBytesMax { get; private set; } = Http2Frame.LengthMaxDefault;

    /// <summary>Takes the content of a SETTINGS frame, whose length is right.</summary>
    /// <param name="grown">By how much the initial window grew: each stream's grows alike (section 6.9.2).</param>
    /// <param name="wrong">A setting with a value that it may not have.</param>
    public bool TryTake(ReadOnlySpan<byte> content, out int grown, out (Http2Setting Setting, uint Value) wrong)
    {
        var before = InitialWindow;
        (grown, wrong) = (0, default);
        for (; content.Length > 0; content = content[6..])
        {
            wrong = ((Http2Setting)BinaryPrimitives.ReadUInt16BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[2..]));
            if (!TryTake(wrong.Setting, wrong.Value))
                return false;
        }
        grown = InitialWindow - before;
        return true;
    }

    private bool TryTake(Http2Setting setting, uint value)
    {
        switch (setting)
        {
            case Http2Setting.InitialWindowSize when value > Http2Frame.WindowMax:
                return false;
            case Http2Setting.InitialWindowSize:
                InitialWindow = (int)value;
                return true;
            case Http2Setting.MaxFrameSize when value is < Http2Frame.LengthMaxDefault or > Http2Frame.LengthMaxHighest:
                return false;
            case Http2Setting.MaxFrameSize:
                FrameBytesMax = (int)value;
                return true;
            default:
                return setting != Http2Setting.EnablePush || value <= 1;
        }
    }
}
