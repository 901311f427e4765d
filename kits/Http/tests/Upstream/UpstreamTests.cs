using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>Requests to a server: what it answers, how it fails, and when its connection serves again.</summary>
public sealed class UpstreamTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private readonly TestWorker _worker = TestWorker.New();
    private readonly TestUpstream _handler = new();
    private readonly NodeEndPoint _peer = new("origin", 80);
    private readonly IdlePool _pool;
    private TestTransport _transport = null!;

    public UpstreamTests() => _pool = new IdlePool([_worker], 2);

    [Fact]
    public void A_response_is_told_as_it_comes()
    {
        Begin();
        Assert.Equal("GET / HTTP/1.1\r\nHost: h\r\n\r\n", _transport.TakeSent());
        Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhel");
        Answer("lo");
        Happened("responded 200 OK 5 2", "body hel", "body lo", "ended");
        Assert.Equal(1, _pool.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No\r\n\r\n", "responded 204 No 0 0", "ended")]
    [InlineData("HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n", "responded 304 Same 0 1", "ended")]
    [InlineData("HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + Ok, "informed 103", "responded 200 OK 5 1", "body hello", "ended")]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: Chunked\n\n3\r\nabc\r\n0\r\nT: v\r\n\r\n",
        "responded 200 OK -1 1", "body abc", "ended v")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", "responded 200 OK 0 2", "ended")]
    public void These_leave_a_connection_that_serves_again(string response, params string[] events)
    {
        Begin();
        Answer(response);
        Happened(events);
        Assert.Equal((1, "open"), (_pool.Count, _transport.State));
        var first = _transport;
        var exchange = Upstreams.Begin(_worker, new NodeEndPoint("origin", 80), UpstreamOptions.Default, _pool, _handler);
        Assert.True(exchange.IsConnected && exchange.IsReused);
        TestUpstream.Get(exchange);
        first.Send(Ok);
        Happened("responded 200 OK 5 1", "body hello", "ended");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: x, close\r\n\r\na")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\n")]
    public void These_do_not(string response)
    {
        Begin();
        Answer(response);
        Assert.Equal("ended", _handler.Events[^1]);
        Assert.Equal((0, "closed"), (_pool.Count, _transport.State));
    }

    [Fact]
    public void A_response_before_the_requests_end_is_taken_and_the_connection_is_not()
    {
        _handler.OnConnected = TestUpstream.Post;
        Begin();
        Answer(Ok);
        Happened("responded 200 OK 5 1", "body hello", "ended");
        Assert.Equal((0, "closed"), (_pool.Count, _transport.State));
    }

    [Fact]
    public void A_body_may_end_with_the_connection()
    {
        Begin();
        Answer("HTTP/1.1 200 OK\r\n\r\nhello");
        _transport.EndInput();
        Happened("responded 200 OK -1 0", "body hello", "ended");
        Assert.Equal("closed", _transport.State);
    }

    [Theory]
    [InlineData("", "failed ClosedPrematurely")]
    [InlineData("HTTP/1.1 200 OK\r\nConte", "failed ClosedPrematurely")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "responded 200 OK 5 1", "body hel", "failed ClosedPrematurely")]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n",
        "responded 200 OK -1 1", "body abc", "failed ClosedPrematurely")]
    public void A_server_that_ends_early_is_told_of(string response, params string[] events)
    {
        Begin();
        Answer(response);
        _transport.EndInput();
        Happened(events);
        Assert.Equal("closed", _transport.State);
    }

    [Theory]
    [InlineData("hello", ResponseFault.InvalidStatusLine)]
    [InlineData("HTTP/1.1 200 OK\r\n folded\r\n", ResponseFault.InvalidHeaderLine)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", ResponseFault.DuplicateHeader)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", ResponseFault.InvalidContentLength)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 1\nTransfer-Encoding: chunked\n\n", ResponseFault.ContentLengthAndTransferEncoding)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", ResponseFault.UnknownTransferEncoding)]
    public void Garbage_is_told_apart(string response, ResponseFault fault)
    {
        Begin();
        Answer(response);
        Happened($"failed InvalidHead {fault}");
        Assert.Equal("closed", _transport.State);
    }

    [Fact]
    public void A_head_larger_than_the_buffer_is_refused()
    {
        Begin();
        Answer("HTTP/1.1 200 OK\r\nX: " + new string('x', 4096));
        Happened("failed InvalidHead HeaderTooLong");
    }

    [Fact]
    public void A_body_that_is_not_chunked_as_it_says_fails()
    {
        Begin();
        Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd");
        Happened("responded 200 OK -1 1", "body abc", "failed InvalidBody");
    }

    [Fact]
    public void A_server_that_does_not_answer_is_given_so_long_between_two_reads()
    {
        Begin();
        _worker.Advance(59_999);
        Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh");
        _worker.Advance(59_999);
        Happened("responded 200 OK 5 1", "body h");
        _worker.Advance(1);
        Happened("failed ReadTimedOut");
    }

    [Fact]
    public void A_server_that_takes_nothing_is_given_up()
    {
        _handler.OnConnected = e =>
        {
            TestUpstream.Post(e);
            e.Write(new byte[200_000]);
        };
        Begin();
        _transport.IsStuck = true;
        _worker.Advance(60_000);
        Happened("failed SendTimedOut");
        Assert.Equal("aborted", _transport.State);
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_of()
    {
        Upstreams.Begin(_worker, _peer, UpstreamOptions.Default, _pool, _handler);
        _worker.Attempts.Dequeue().Handler.Failed(new ConnectFailedException(111));
        Happened("failed ConnectFailed 111");
    }

    [Fact]
    public void A_server_that_does_not_accept_is_given_so_long()
    {
        Upstreams.Begin(_worker, _peer, UpstreamOptions.Default with { ConnectTimeoutMs = 500 }, _pool, _handler);
        _worker.Advance(500);
        Happened("failed ConnectTimedOut");
    }

    [Fact]
    public void A_reset_is_told_apart_from_an_end()
    {
        Begin();
        _transport.Session!.Closed(new System.Net.Sockets.SocketException());
        Happened("failed Reset");
    }

    [Fact]
    public void Who_gives_up_is_told_nothing()
    {
        var exchange = Upstreams.Begin(_worker, _peer, UpstreamOptions.Default, _pool, _handler);
        exchange.Abort();
        Assert.Null(_worker.Attempts.Dequeue().Handler.Connected(new TestTransport(_worker.Executor)));
        _worker.Advance(60_000);
        exchange = Begin();
        exchange.Abort();
        Answer(Ok);
        Happened();
        Assert.Equal("aborted", _transport.State);
    }

    [Theory]
    [InlineData(Ok)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    public void A_body_may_be_paused(string response)
    {
        _handler.OnBody = e => e.PauseBody();
        var exchange = Begin();
        Answer(response);
        _worker.Advance(600_000);
        Assert.Equal("body hello", _handler.Events[^1]);
        exchange.ResumeBody();
        _worker.Carrier.Run();
        Assert.Equal("ended", _handler.Events[^1]);
    }

    [Fact]
    public void A_switch_of_protocols_makes_a_tunnel()
    {
        _handler.OnBody = e => e.Write("pong"u8);
        var exchange = Begin();
        _transport.TakeSent();
        Answer("HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\nping");
        Happened("responded 101 Go 0 1", "body ping");
        Assert.Equal("pong", _transport.TakeSent());
        exchange.End();
        Assert.Equal("half-closed", _transport.State);
        _transport.EndInput();
        Happened("ended");
    }

    [Fact]
    public void Idle_connections_end_with_their_time_with_their_server_or_when_there_are_too_many()
    {
        var open = new List<TestTransport>();
        for (var i = 0; i < 3; i++)
        {
            Begin();
            open.Add(_transport);
        }
        foreach (var transport in open)
        {
            transport.Flush();
            transport.Send(Ok);
        }
        Assert.Equal(["closed", "open", "open"], open.Select(t => t.State));
        open[1].EndInput();
        Assert.Equal(["closed", "closed", "open"], open.Select(t => t.State));
        Assert.Equal(1, _pool.Count);
        _worker.Advance(60_000);
        Assert.Equal(("closed", 0), (open[2].State, _pool.Count));
    }

    [Fact]
    public void A_connection_serves_so_many_requests_and_no_more()
    {
        var pool = new IdlePool([_worker], 1) { RequestsMax = 2 };
        Upstreams.Begin(_worker, _peer, UpstreamOptions.Default, pool, _handler);
        Connect();
        Answer(Ok);
        TestUpstream.Get(Upstreams.Begin(_worker, _peer, UpstreamOptions.Default, pool, _handler));
        Answer(Ok);
        Assert.Equal(("closed", 0), (_transport.State, pool.Count));
    }

    private UpstreamExchange Begin()
    {
        var exchange = Upstreams.Begin(_worker, _peer, UpstreamOptions.Default, _pool, _handler);
        Connect();
        return exchange;
    }

    private void Connect()
    {
        _transport = new TestTransport(_worker.Executor);
        _transport.Session = _worker.Attempts.Dequeue().Handler.Connected(_transport);
    }

    private void Answer(string bytes)
    {
        _transport.Flush();
        _transport.Send(bytes);
        _worker.Carrier.Run();
    }

    private void Happened(params string[] events)
    {
        _worker.Carrier.Run();
        Assert.Equal(events, _handler.Events);
        _handler.Events.Clear();
    }
}
