using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>A client of frames before an HTTP/2 connection in memory. What the server sends is told a line a frame.</summary>
public abstract class Http2Test
{
    private readonly StringBuilder _sent = new();
    private readonly HpackDecoder _hpack = new();

    private protected const string Get = ":method GET|:scheme http|:path /x|:authority h";
    private protected const string Post = ":method POST|:scheme http|:path /x|:authority h";

    private protected TestWorker Worker { get; } = TestWorker.New();

    private protected TestApplication Application { get; } = new();

    private protected TestTransport Transport { get; private set; } = null!;

    private protected Http2Connection Connection { get; private set; } = null!;

    /// <summary>Opens a connection and exchanges settings.</summary>
    private protected void Open(HttpServerOptions? options = null, Http2Options? http2 = null)
    {
        OpenBare(options, http2);
        Transport.Send(Encoding.Latin1.GetString(Http2Connection.Preface));
        Send(Http2FrameType.Settings, 0, 0);
        Send(Http2FrameType.Settings, 0, (int)Http2Flags.Ack);
        Frames();
    }

    /// <summary>Opens a connection; nothing is sent yet.</summary>
    private protected void OpenBare(HttpServerOptions? options = null, Http2Options? http2 = null)
    {
        Transport = new TestTransport(Worker.Executor);
        Connection = new Http2Connection(
            Worker, Transport, Application, options ?? HttpServerOptions.Default, http2 ?? Http2Options.Default);
        Transport.Session = Connection;
    }

    private protected void Send(Http2FrameType type, int stream, int flags, ReadOnlySpan<byte> content = default)
    {
        var frame = new ArrayBufferWriter<byte>();
        new Http2Frame(content.Length, type, (Http2Flags)flags, stream).Write(frame);
        frame.Write(content);
        Transport.Send(frame.WrittenSpan);
    }

    /// <summary>Fields as <c>name value|name value</c>. By default it ends block and stream.</summary>
    private protected void SendHeaders(int stream, string fields, int flags = 5, Http2FrameType type = Http2FrameType.Headers) =>
        Send(type, stream, flags, Block(fields));

    private protected void SendData(int stream, string data, bool ends = false) =>
        Send(Http2FrameType.Data, stream, ends ? 1 : 0, Encoding.Latin1.GetBytes(data));

    private protected void SendNumber(Http2FrameType type, int stream, uint number)
    {
        var content = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(content, number);
        Send(type, stream, 0, content);
    }

    private protected void SendSetting(Http2Setting setting, uint value)
    {
        var content = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(content, (ushort)setting);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(2), value);
        Send(Http2FrameType.Settings, 0, 0, content);
    }

    private protected static byte[] Block(string fields)
    {
        var block = new ArrayBufferWriter<byte>();
        foreach (var field in fields.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = field.IndexOf(' ');
            HpackEncoder.Encode(block, Encoding.Latin1.GetBytes(field[..space]), Encoding.Latin1.GetBytes(field[(space + 1)..]));
        }
        return block.WrittenSpan.ToArray();
    }

    /// <summary>Lets the server turn, and tells the frames that it sent: <c>HEADERS 1 :status 200|content-length 5</c>, <c>DATA 1 hello
    /// END</c>.</summary>
    private protected string[] Frames()
    {
        Worker.Carrier.Run();
        _sent.Append(Transport.TakeSent());
        Worker.Carrier.Run();
        _sent.Append(Transport.TakeSent());
        var bytes = Encoding.Latin1.GetBytes(_sent.ToString()).AsSpan();
        var frames = new List<string>();
        while (bytes.Length >= Http2Frame.HeadBytes)
        {
            var frame = Http2Frame.Read(bytes);
            frames.Add(Text(frame, bytes.Slice(Http2Frame.HeadBytes, frame.Length)));
            bytes = bytes[(Http2Frame.HeadBytes + frame.Length)..];
        }
        Assert.Equal(0, bytes.Length);
        _sent.Clear();
        return [.. frames];
    }

    /// <summary>The server sends no more.</summary>
    private protected bool IsEnded => Transport.State != "open";

    /// <summary>What came leads to the end of the connection.</summary>
    private protected void EndsWith(Http2ErrorCode code)
    {
        Assert.Equal($"GOAWAY {code}", Frames()[^1]);
        Assert.True(IsEnded);
    }

    private protected void Happened(params string[] events)
    {
        Assert.Equal(events, Application.Events);
        Application.Events.Clear();
    }

    private string Text(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        var end = frame.Has(Http2Flags.EndStream) ? " END" : "";
        return frame.Type switch
        {
            Http2FrameType.Headers => $"HEADERS {frame.Stream} {Fields(content)}{end}",
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
