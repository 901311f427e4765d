using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>A server of frames behind an HTTP/2 exchange in memory. What the client sends is told a line a frame.</summary>
public abstract class Http2UpstreamTest
{
    private protected static readonly UpstreamOptions Http2 = UpstreamOptions.Default with { IsHttp2 = true };

    private readonly NodeEndPoint _peer = new("origin", 80);
    private Http2Wire _wire = new();
    private bool _hadPreface;

    protected Http2UpstreamTest() => Pool = new IdlePool([Worker], 2);

    private protected TestWorker Worker { get; } = TestWorker.New();

    private protected TestUpstream Handler { get; } = new();

    private protected IdlePool Pool { get; }

    private protected TestTransport Transport { get; private set; } = null!;

    /// <summary>Begins an exchange over a connection that is opened for it.</summary>
    private protected UpstreamExchange Begin(UpstreamOptions? options = null)
    {
        var exchange = Upstreams.Begin(Worker, _peer, options ?? Http2, Pool, Handler);
        Transport = new TestTransport(Worker.Executor);
        Transport.Session = Worker.Attempts.Dequeue().Handler.Connected(Transport);
        (_wire, _hadPreface) = (new Http2Wire(), false);
        Worker.Carrier.Run();
        return exchange;
    }

    /// <summary>Begins one over a connection that is open.</summary>
    private protected UpstreamExchange BeginAgain()
    {
        var exchange = Upstreams.Begin(Worker, _peer, Http2, Pool, Handler);
        Assert.True(exchange.IsConnected && exchange.IsReused);
        TestUpstream.Get(exchange);
        return exchange;
    }

    private protected void Send(params byte[][] frames)
    {
        Transport.Flush();
        Transport.Send(frames.SelectMany(f => f).ToArray());
        Worker.Carrier.Run();
    }

    private protected static byte[] Headers(int stream, string fields, bool ends = false) =>
        Http2Wire.Frame(Http2FrameType.Headers, stream, ends ? 5 : 4, Http2Wire.Block(fields));

    private protected static byte[] Data(int stream, string data, bool ends = false) =>
        Http2Wire.Frame(Http2FrameType.Data, stream, ends ? 1 : 0, Encoding.Latin1.GetBytes(data));

    private protected static byte[] Reset(int stream, Http2ErrorCode code) =>
        Http2Wire.Frame(Http2FrameType.RstStream, stream, 0, Http2Wire.Number((uint)code));

    private protected static byte[] WindowUpdate(int stream, uint increment) =>
        Http2Wire.Frame(Http2FrameType.WindowUpdate, stream, 0, Http2Wire.Number(increment));

    private protected static byte[] Setting(Http2Setting setting, uint value) =>
        Http2Wire.Frame(Http2FrameType.Settings, 0, 0, Http2Wire.Setting(setting, value));

    private protected static byte[] GoAway(uint lastStream, Http2ErrorCode code) =>
        Http2Wire.Frame(Http2FrameType.GoAway, 0, 0, [.. Http2Wire.Number(lastStream), .. Http2Wire.Number((uint)code)]);

    /// <summary>What the client sent, without what a connection begins with.</summary>
    private protected string[] Frames()
    {
        Worker.Carrier.Run();
        var sent = Transport.TakeSent();
        if (_hadPreface)
            return _wire.Read(sent);
        _hadPreface = true;
        Assert.StartsWith(Encoding.Latin1.GetString(Http2Connection.Preface), sent, StringComparison.Ordinal);
        var frames = _wire.Read(sent[Http2Connection.Preface.Length..]);
        Assert.Equal(["SETTINGS", "WINDOW_UPDATE 0 2147418112"], frames[..2]);
        return frames[2..];
    }

    private protected void Happened(params string[] events)
    {
        Worker.Carrier.Run();
        Assert.Equal(events, Handler.Events);
        Handler.Events.Clear();
    }
}
