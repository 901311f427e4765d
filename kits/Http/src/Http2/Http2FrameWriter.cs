using System.Buffers;
using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Writes whole frames.</summary>
internal static class Http2FrameWriter
{
    public static void Settings(IBufferWriter<byte> to, ReadOnlySpan<(Http2Setting Setting, uint Value)> settings)
    {
        new Http2Frame(settings.Length * 6, Http2FrameType.Settings, Http2Flags.None, 0).Write(to);
        foreach (var (setting, value) in settings)
        {
            var span = to.GetSpan(6);
            BinaryPrimitives.WriteUInt16BigEndian(span, (ushort)setting);
            BinaryPrimitives.WriteUInt32BigEndian(span[2..], value);
            to.Advance(6);
        }
    }

    public static void SettingsAck(IBufferWriter<byte> to) => new Http2Frame(0, Http2FrameType.Settings, Http2Flags.Ack, 0).Write(to);

    public static void PingAck(IBufferWriter<byte> to, ReadOnlySpan<byte> opaque)
    {
        new Http2Frame(opaque.Length, Http2FrameType.Ping, Http2Flags.Ack, 0).Write(to);
        to.Write(opaque);
    }

    public static void WindowUpdate(IBufferWriter<byte> to, int stream, int increment) =>
        Number(to, Http2FrameType.WindowUpdate, stream, (uint)increment);

    public static void RstStream(IBufferWriter<byte> to, int stream, Http2ErrorCode code) =>
        Number(to, Http2FrameType.RstStream, stream, (uint)code);

    public static void GoAway(IBufferWriter<byte> to, int lastStream, Http2ErrorCode code)
    {
        new Http2Frame(8, Http2FrameType.GoAway, Http2Flags.None, 0).Write(to);
        var span = to.GetSpan(8);
        BinaryPrimitives.WriteInt32BigEndian(span, lastStream);
        BinaryPrimitives.WriteUInt32BigEndian(span[4..], (uint)code);
        to.Advance(8);
    }

    /// <summary>A header block in as many frames as it needs; the last of them, or HEADERS itself, may end the stream.</summary>
    public static void Headers(IBufferWriter<byte> to, int stream, ReadOnlySpan<byte> block, int frameBytesMax, bool endsStream)
    {
        var type = Http2FrameType.Headers;
        do
        {
            var part = block[..Math.Min(block.Length, frameBytesMax)];
            block = block[part.Length..];
            var flags = (block.IsEmpty ? Http2Flags.EndHeaders : Http2Flags.None)
                | (endsStream && type == Http2FrameType.Headers ? Http2Flags.EndStream : Http2Flags.None);
            new Http2Frame(part.Length, type, flags, stream).Write(to);
            to.Write(part);
            type = Http2FrameType.Continuation;
        }
        while (!block.IsEmpty);
    }

    /// <summary>So many of the bytes that wait as one frame. False: a file was shorter than was said; the frame's length is out, so that
    /// nothing can follow it.</summary>
    public static bool TryData(OutputBuffer to, int stream, Http2PendingBody from, int count, bool endsStream)
    {
        new Http2Frame(count, Http2FrameType.Data, endsStream ? Http2Flags.EndStream : Http2Flags.None, stream).Write(to);
        return from.TryMove(count, to);
    }

    private static void Number(IBufferWriter<byte> to, Http2FrameType type, int stream, uint number)
    {
        new Http2Frame(4, type, Http2Flags.None, stream).Write(to);
        BinaryPrimitives.WriteUInt32BigEndian(to.GetSpan(4), number);
        to.Advance(4);
    }
}
