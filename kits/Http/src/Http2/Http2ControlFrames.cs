using System.Buffers.Binary;
using static Microcosm.Http.Http2FrameChecks;

namespace Microcosm.Http;

/// <summary>Frames of a client that carry nothing of a request: settings, resets, windows, priorities, pings (RFC 9113 section 6). Each
/// throws <see cref="Http2ConnectionException"/> for what ends the connection.</summary>
internal static class Http2ControlFrames
{
    /// <summary>What the client asks for. True where it acknowledges what it was asked for itself.</summary>
    public static bool Settings(Http2Connection connection, Http2Frame frame, ReadOnlySpan<byte> content)
    {
        ExpectConnection(frame);
        if (frame.Has(Http2Flags.Ack))
        {
            Expect(content.IsEmpty, frame);
            return true;
        }
        Expect(content.Length % 6 == 0, frame);
        if (!connection.Peer.TryTake(content, out var grown, out var wrong))
            throw WrongSetting(wrong.Setting, wrong.Value);
        Http2FrameWriter.SettingsAck(connection.Transport.Output);
        connection.Release();
        foreach (var exchange in connection.Streams.Values)
        {
            if (!connection.Sender.TryOpen(exchange, grown))
                throw new Http2ConnectionException(Http2ErrorCode.FlowControlError, "client sent too large INITIAL_WINDOW_SIZE");
        }
        if (grown > 0)
            connection.Sender.Pump();
        return false;
    }

    /// <summary>Is answered.</summary>
    public static void Ping(Http2Connection connection, Http2Frame frame, ReadOnlySpan<byte> content)
    {
        Expect(content.Length == 8, frame);
        ExpectConnection(frame);
        if (frame.Has(Http2Flags.Ack))
            return;
        Http2FrameWriter.PingAck(connection.Transport.Output, content);
        connection.Release();
    }

    /// <summary>On whom a stream depends.</summary>
    public static void Priority(Http2Connection connection, Http2Frame frame, ReadOnlySpan<byte> content)
    {
        CheckStream(frame);
        Expect(content.Length == Http2Dependency.Bytes, frame);
        var dependency = Http2Dependency.Read(content);
        if (dependency.Stream == frame.Stream)
        {
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError,
                $"client sent PRIORITY frame for stream {frame.Stream} with incorrect dependency");
        }
        connection.Priorities.Set(frame.Stream, dependency);
    }

    /// <summary>The client gives a stream up. False where it was over.</summary>
    public static bool Reset(Http2Connection connection, Http2Frame frame, ReadOnlySpan<byte> content, int lastStream)
    {
        Expect(content.Length == 4, frame);
        CheckStream(frame);
        if (frame.Stream > lastStream)
            throw IdleStream(frame);
        if (!connection.Streams.TryGetValue(frame.Stream, out var exchange))
            return false;
        exchange.IsOutputOver = true;
        exchange.ClientLeft();
        if (connection.Remove(frame.Stream))
            exchange.Close(isComplete: false);
        return true;
    }

    /// <summary>The client takes more, on one stream or on all.</summary>
    public static void WindowUpdate(Http2Connection connection, Http2Frame frame, ReadOnlySpan<byte> content, int lastStream)
    {
        Expect(content.Length == 4, frame);
        var increment = (int)(BinaryPrimitives.ReadUInt32BigEndian(content) & 0x7fffffff);
        if (frame.Stream == 0)
        {
            if (increment == 0)
            {
                throw new Http2ConnectionException(
                    Http2ErrorCode.ProtocolError, "client sent WINDOW_UPDATE frame with incorrect window increment 0");
            }
            if (!connection.Sender.TryOpen(null, increment))
                throw new Http2ConnectionException(Http2ErrorCode.FlowControlError, "client violated connection flow control");
            connection.Sender.Pump();
            return;
        }
        if (frame.Stream > lastStream)
            throw IdleStream(frame);
        if (!connection.Streams.TryGetValue(frame.Stream, out var exchange))
            return;
        if (increment == 0)
            connection.Reset(exchange, Http2ErrorCode.ProtocolError);
        else if (!connection.Sender.TryOpen(exchange, increment))
            connection.Reset(exchange, Http2ErrorCode.FlowControlError);
        else
            connection.Sender.Pump();
    }
}
