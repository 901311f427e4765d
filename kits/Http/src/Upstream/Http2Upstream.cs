using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>An exchange with an upstream server over HTTP/2: a stream of a connection that has no other at the time.</summary>
internal sealed class Http2Upstream(HttpWorker worker, EndPoint peer, UpstreamOptions options, IdlePool? pool, IUpstreamHandler handler)
    : PeerExchange(worker, peer, options, pool, handler)
{
    private bool _isPumpPosted;
    private bool _isAboveHighWater;

    public override ReadOnlySpan<byte> StatusLine => default;

    // What the windows do not let go is unsent too.
    public override long PendingBytes => base.PendingBytes + (Http2?.Output.PendingBytes ?? 0);

    // What is in the transport's output leaves as soon as the server reads, and is bounded.
    public override bool IsBacklogged => Http2 is { } c && c.Output.PendingBytes > c.Transport.HighWater;

    private Http2UpstreamConnection? Http2 => (Http2UpstreamConnection?)Connection;

    public override void Send(in UpstreamRequest request)
    {
        Invariant.Check(IsConnected && !IsSent);
        Method = request.Method;
        if (IsOver)
            return;
        // What a connection begins with is its first request's.
        var start = IsReused ? Http2!.Transport.Output.Position : 0;
        Http2!.Output.WriteHead(request, isTls: Options.Tls is not null);
        BytesWritten += Http2.Transport.Output.Position - start;
        Http2.Release();
    }

    public override void Write(ReadOnlySpan<byte> body)
    {
        if (IsOver || body.IsEmpty)
            return;
        Invariant.Check(IsConnected && !IsSent);
        Http2!.Output.Add(body);
        PumpLater();
    }

    public override void WriteFile(IOutputFile file, long offset, long count)
    {
        if (IsOver || count <= 0)
        {
            file.Release();
            return;
        }
        Invariant.Check(IsConnected && !IsSent);
        Http2!.Output.Add(file, offset, count);
        PumpLater();
    }

    public override void End(HeaderList? trailers = null)
    {
        if (IsOver)
            return;
        Invariant.Check(IsConnected && !IsSent);
        Http2!.Output.End(trailers);
        Pump();
    }

    /// <summary>Sends what the windows let go.</summary>
    public void Pump()
    {
        _isPumpPosted = false;
        if (IsOver || Http2 is not { } connection)
            return;
        var start = connection.Transport.Output.Position;
        if (!connection.Output.TryPump())
        {
            connection.Transport.Abort();
            return;
        }
        BytesWritten += connection.Transport.Output.Position - start;
        connection.Release();
        _isAboveHighWater |= IsBacklogged;
        if (IsSent || !connection.Output.IsEnded)
            return;
        IsSent = true;
        connection.WaitForResponse();
    }

    /// <summary>The connection took more: tells the handler where little is left.</summary>
    public void SentMore()
    {
        if (IsOver || !_isAboveHighWater || Http2!.Output.PendingBytes > Options.OutputHighWaterBytes / 4)
            return;
        _isAboveHighWater = false;
        Handler.Drained(this);
    }

    /// <summary>The response's head is here.</summary>
    /// <param name="length">Bytes of its body; -1 where that is not known.</param>
    public void TakeHead(int status, long length)
    {
        (Status, Version, ResponseLength) = (status, HttpVersion.Http2, length);
        Handler.Responded(this);
    }

    protected override UpstreamConnection MakeConnection(SessionTransport transport) =>
        new Http2UpstreamConnection(Worker, transport, Peer, Worker.Deadlines.NowMs) { Tls = Options.Tls };

    // What is written in one turn leaves in as few frames as it fits in, the last of which may end the stream.
    private void PumpLater()
    {
        _isAboveHighWater |= IsBacklogged;
        if (_isPumpPosted)
            return;
        _isPumpPosted = true;
        Worker.Executor.Post(static e => ((Http2Upstream)e!).PumpNow(), this);
    }

    private void PumpNow()
    {
        Pump();
        SentMore();
    }
}
