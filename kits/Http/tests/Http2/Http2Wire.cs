using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Frames as tests write and read them.</summary>
internal sealed class Http2Wire
{
    private readonly HpackDecoder _hpack = new();

    public static byte[] Frame(Http2FrameType type, int stream, int flags, ReadOnlySpan<byte> content = default)
    {
        var frame = new ArrayBufferWriter<byte>();
        new Http2Frame(content.Length, type, (Http2Flags)flags, stream).Write(frame);
        frame.Write(content);
        return frame.WrittenSpan.ToArray();
    }

    /// <summary>Fields as <c>name value|name value</c>.</summary>
    public static byte[] Block(string fields)
    {
        var block = new ArrayBufferWriter<byte>();
        foreach (var field in fields.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = field.IndexOf(' ');
            HpackEncoder.Encode(block, Encoding.Latin1.GetBytes(field[..space]), Encoding.Latin1.GetBytes(field[(space + 1)..]));
        }
        return block.WrittenSpan.ToArray();
    }

    public static byte[] Number(uint number)
    {
        var content = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(content, number);
        return content;
    }

    public static byte[] Setting(Http2Setting setting, uint value)
    {
        var content = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(content, (ushort)setting);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(2), value);
        return content;
    }

    /// <summary>Tells whole frames: <c>HEADERS 1 :status 200|content-length 5</c>, <c>DATA 1 hello END</c>.</summary>
    public string[] Read(string sent)
    {
        var bytes = Encoding.Latin1.GetBytes(sent).AsSpan();
        var frames = new List<string>();
        while (bytes.Length >= Http2Frame.HeadBytes)
        {
            var frame = Http2Frame.Read(bytes);
            frames.Add(Text(frame, bytes.Slice(Http2Frame.HeadBytes, frame.Length)));
            bytes = bytes[(Http2Frame.HeadBytes + frame.Length)..];
        }
        Assert.Equal(0, bytes.Length);
        return [.. frames];
    }

    private string Text(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        var end = frame.Has(Http2Flags.EndStream) ? " END" : "";
        return frame.Type switch
        {
            Http2FrameType.Headers when frame.Has(Http2Flags.EndHeaders) => $"HEADERS {frame.Stream} {Fields(content)}{end}",
            Http2FrameType.Headers or Http2FrameType.Continuation => $"{frame.Type} {frame.Stream} {content.Length}{end}",
            Http2FrameType.Data when content.Length > 20 => $"DATA {frame.Stream} {content.Length}{end}",
            Http2FrameType.Data => $"DATA {frame.Stream} {Encoding.Latin1.GetString(content)}{end}",
            Http2FrameType.Settings => frame.Has(Http2Flags.Ack) ? "SETTINGS ACK" : "SETTINGS",
            Http2FrameType.Ping => $"PING ACK {Encoding.Latin1.GetString(content)}",
            Http2FrameType.WindowUpdate => $"WINDOW_UPDATE {frame.Stream} {BinaryPrimitives.ReadInt32BigEndian(content)}",
            Http2FrameType.RstStream => $"RST_STREAM {frame.Stream} {(Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(content)}",
            Http2FrameType.GoAway => $"GOAWAY {(Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(content[4..])}",
            _ => frame.Type.ToString(),
        };
    }

    private string Fields(ReadOnlySpan<byte> block)
    {
        var sink = new FieldList();
        _hpack.Decode(block, sink);
        return string.Join('|', sink.Fields);
    }

    private sealed class FieldList : IHeaderSink
    {
        public List<string> Fields { get; } = [];

        public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
            Fields.Add($"{Encoding.Latin1.GetString(name)} {Encoding.Latin1.GetString(value)}");
    }
}
