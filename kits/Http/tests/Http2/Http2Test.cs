using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>A client of frames before an HTTP/2 connection in memory. What the server sends is told a line a frame.</summary>
public abstract class Http2Test
{
    private readonly StringBuilder _sent = new();
    private readonly Http2Wire _wire = new();

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

    private protected void Send(Http2FrameType type, int stream, int flags, ReadOnlySpan<byte> content = default) =>
        Transport.Send(Http2Wire.Frame(type, stream, flags, content));

    /// <summary>Fields as <c>name value|name value</c>. By default it ends block and stream.</summary>
    private protected void SendHeaders(int stream, string fields, int flags = 5, Http2FrameType type = Http2FrameType.Headers) =>
        Send(type, stream, flags, Block(fields));

    private protected void SendData(int stream, string data, bool ends = false) =>
        Send(Http2FrameType.Data, stream, ends ? 1 : 0, Encoding.Latin1.GetBytes(data));

    private protected void SendNumber(Http2FrameType type, int stream, uint number) => Send(type, stream, 0, Http2Wire.Number(number));

    private protected void SendSetting(Http2Setting setting, uint value) =>
        Send(Http2FrameType.Settings, 0, 0, Http2Wire.Setting(setting, value));

    private protected static byte[] Block(string fields) => Http2Wire.Block(fields);

    /// <summary>Lets the server turn, and tells the frames that it sent: <c>HEADERS 1 :status 200|content-length 5</c>, <c>DATA 1 hello
    /// END</c>.</summary>
    private protected string[] Frames()
    {
        Worker.Carrier.Run();
        _sent.Append(Transport.TakeSent());
        Worker.Carrier.Run();
        _sent.Append(Transport.TakeSent());
        var frames = _wire.Read(_sent.ToString());
        _sent.Clear();
        return frames;
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
}
