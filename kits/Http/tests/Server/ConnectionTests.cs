namespace Microcosm.Http.Tests;

/// <summary>One connection and its requests: order, bodies, time-outs, ends.</summary>
public sealed class ConnectionTests : ServerTest
{
    private const string Get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

    [Fact]
    public void Pipelined_requests_are_answered_in_order_one_at_a_time()
    {
        Application.OnBegin = _ => { };
        Ask(Get + Get.Replace("/x", "/y") + Get.Replace("/x", "/z"));
        foreach (var (path, next) in ((string, string)[])[("/x", "begin GET /y"), ("/y", "begin GET /z")])
        {
            Assert.Equal($"begin GET {path}", Application.Events[^1]);
            TestApplication.Hello(Application.Last!);
            Assert.Equal(1, Turn().Split("hello").Length - 1);
            Assert.Equal(next, Application.Events[^1]);
        }
    }

    [Fact]
    public void A_connection_tells_whether_it_is_idle_reads_a_head_or_serves()
    {
        Application.OnBegin = _ => { };
        Open();
        Assert.True(Connection.IsIdle);
        Ask("GET /x HTTP/1.1\r\n");
        Assert.Equal((false, true), (Connection.IsIdle, Application.IsReading));
        Ask("Host: h\r\n\r\n" + Get);
        Assert.Equal((false, false, false), (Connection.IsIdle, Application.IsReading, Application.Last!.IsPipelined));
        TestApplication.Hello(Application.Last);
        Turn();
        Assert.True(Application.Last.IsPipelined);
        TestApplication.Hello(Application.Last);
        Turn();
        Assert.True(Connection.IsIdle);
        Ask("GET /x");
        Transport.Reset();
        Turn();
        Assert.False(Application.IsReading);
    }

    [Fact]
    public void A_head_may_come_byte_by_byte()
    {
        Open();
        foreach (var c in "\r\n" + Get + Get)
            Ask(c.ToString());
        Happened("begin GET /x", "complete", "begin GET /x", "complete");
    }

    [Fact]
    public void A_body_that_is_read_is_pushed_as_it_comes()
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyEnded = TestApplication.Hello;
        Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234");
        Assert.EndsWith("hello", Ask("56789" + Get));
        Happened("begin POST /", "body 01234", "body 56789", "body ended", "complete", "begin GET /x", "body ended", "complete");
    }

    [Fact]
    public void A_chunked_body_has_trailers()
    {
        var trailer = "";
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyEnded = e =>
        {
            trailer = System.Text.Encoding.ASCII.GetString(e.RequestTrailers[0].Value);
            TestApplication.Hello(e);
        };
        Ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\n");
        Ask("de\r\n0\r\nX-Sum: 7");
        Assert.EndsWith("hello", Ask("\r\n\r\n"));
        Happened("begin POST /", "body abc", "body de", "body ended", "complete");
        Assert.Equal("7", trailer);
    }

    [Fact]
    public void A_request_without_a_body_has_its_end_all_the_same()
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyEnded = TestApplication.Hello;
        Assert.EndsWith("hello", Ask(Get));
        Application.OnBegin = _ => { };
        Ask(Get);
        Application.Last!.ReadBody();
        Assert.EndsWith("hello", Turn());
    }

    [Fact]
    public void A_client_that_waits_is_told_to_continue_when_its_body_is_wanted()
    {
        Application.OnBegin = _ => { };
        Application.OnBodyEnded = TestApplication.Hello;
        Assert.Equal("", Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"));
        Application.Last!.ReadBody();
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Turn());
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", Ask("ab"));
        Assert.Equal("open", Transport.State);
    }

    [Fact]
    public void A_client_that_waits_and_is_answered_at_once_may_not_go_on()
    {
        Application.OnBegin = TestApplication.Hello;
        Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal("half-closed", Transport.State);
    }

    [Fact]
    public void A_body_that_nobody_reads_is_read_away_and_another_request_may_follow()
    {
        Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234");
        Assert.EndsWith("hello", Ask("56789" + Get));
        Happened("begin POST /", "complete", "begin GET /x", "complete");
    }

    [Fact]
    public void A_body_that_is_never_read_to_its_end_is_waited_for_only_so_long()
    {
        Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234");
        for (var i = 0; i < 3; i++)
        {
            Worker.Advance(4_000);
            Ask("5");
            Assert.Equal("open", Transport.State);
        }
        Worker.Advance(5_000);
        Assert.Equal("closed", Transport.State);
    }

    [Fact]
    public void A_body_may_be_paused()
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBody = (e, _) => e.PauseBody();
        Application.OnBodyEnded = TestApplication.Hello;
        Ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        Happened("begin POST /", "body abc");
        Worker.Advance(600_000);
        Application.Last!.ResumeBody();
        Turn();
        Happened("body de");
        Application.Last!.ResumeBody();
        Assert.EndsWith("hello", Turn());
        Happened("body ended", "complete");
    }

    [Fact]
    public void Much_that_came_before_the_body_was_wanted_waits_with_the_kernel_and_goes_on_then()
    {
        var length = 0;
        Application.OnBegin = _ => { };
        Application.OnBody = (_, bytes) => length += bytes.Length;
        Application.OnBodyEnded = TestApplication.Hello;
        Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + new string('x', 100_000));
        Assert.True(Transport.IsPaused);
        Application.Last!.ReadBody();
        Turn();
        Assert.False(Transport.IsPaused);
        Assert.EndsWith("hello", Ask(new string('x', 100_000)));
        Assert.Equal(200_000, length);
    }

    [Fact]
    public void A_body_that_is_not_chunked_as_it_says_fails()
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyFailed = (e, _) =>
        {
            e.Respond(400, 0);
            e.End();
        };
        Assert.Contains("Connection: close", Ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX" + Get));
        Happened("begin POST /", "body abc", "body failed InvalidChunkedBody", "complete");
        Assert.Equal("half-closed", Transport.State);
    }

    [Fact]
    public void A_body_that_does_not_come_in_time_fails()
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyFailed = (e, _) => e.Abort();
        Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234");
        Worker.Advance(59_999);
        Ask("5");
        Worker.Advance(59_999);
        Happened("begin POST /", "body 01234", "body 5");
        Worker.Advance(1);
        Turn();
        Happened("body failed TimedOut", "incomplete", "connection closed");
    }

    [Fact]
    public void A_client_that_ends_its_body_early_is_told_of()
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyFailed = (e, _) => e.Abort();
        Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234");
        Transport.EndInput();
        Turn();
        Happened("begin POST /", "body 01234", "body failed ClosedPrematurely", "incomplete", "connection closed");
    }

    [Fact]
    public void A_client_that_leaves_while_it_is_served_is_told_of_once()
    {
        Application.OnBegin = _ => { };
        Ask(Get);
        Transport.EndInput();
        Happened("begin GET /x", "client left");
        TestApplication.Hello(Application.Last!);
        Assert.EndsWith("hello", Turn());
        Assert.Equal("closed", Transport.State);
        Happened("complete", "connection closed");
    }

    [Fact]
    public void A_reset_ends_the_exchange()
    {
        Application.OnBegin = _ => { };
        Ask(Get);
        Transport.Reset();
        Turn();
        Happened("begin GET /x", "incomplete", "connection closed");
        Assert.True(Application.Last!.IsOver);
        Application.Last.Write("late"u8);
        Application.Last.End();
    }

    [Theory]
    [InlineData("G ET / HTTP/1.1\r\n", Refusal.InvalidRequestLine)]
    [InlineData("get / HTTP/1.1\r\n", Refusal.InvalidMethod)]
    [InlineData("\x16\x03\x01", Refusal.InvalidMethod)]
    [InlineData("GET / HTTP/2.0\r\n", Refusal.InvalidVersion)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", Refusal.MissingHost)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", Refusal.DuplicateHost)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", Refusal.InvalidHeaderLine)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", Refusal.InvalidHeaderLine)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", Refusal.InvalidHeaderLine)]
    [InlineData("GET / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n", Refusal.ContentLengthAndTransferEncoding)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", Refusal.DuplicateHeader)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", Refusal.InvalidContentLength)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n", Refusal.InvalidContentLength)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Refusal.UnknownTransferEncoding)]
    [InlineData("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", Refusal.TransferEncodingInHttp10)]
    public void What_is_no_request_is_refused_and_the_last(string request, Refusal refusal)
    {
        Application.OnBegin = e =>
        {
            e.Respond(400, 0);
            e.End();
        };
        Assert.Equal("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Ask(request + Get));
        Happened($"refused {refusal}", "complete");
        Assert.Equal("half-closed", Transport.State);
        Ask(Get);
        Happened();
        Worker.Advance(30_000);
        Assert.Equal("closed", Transport.State);
    }

    [Fact]
    public void Without_a_version_only_GET_is_a_request_and_there_is_no_head_to_say_so()
    {
        Application.OnBegin = e =>
        {
            e.Respond(400, 3);
            e.Write("bad"u8);
            e.End();
        };
        Assert.Equal("bad", Ask("POST /\r\n"));
        Happened("refused InvalidHttp09Method", "complete");
    }

    [Fact]
    public void Lines_are_as_long_as_a_large_buffer_at_most()
    {
        Application.OnBegin = e => e.Abort();
        Ask($"GET /{new string('x', 8192)}");
        Happened("refused RequestLineTooLong", "incomplete", "connection closed");
        Open();
        Ask($"GET / HTTP/1.1\r\nHost: h\r\nX: {new string('x', 8192)}");
        Happened("refused HeaderTooLong", "incomplete", "connection closed");
        Open();
        // Four large buffers hold four lines of more than half a buffer.
        var line = $"X: {new string('x', 5000)}\r\n";
        Ask($"GET / HTTP/1.1\r\nHost: h\r\n{line}{line}{line}{line}\r\n");
        Happened("begin GET /", "incomplete", "connection closed");
        Open();
        Ask($"GET / HTTP/1.1\r\nHost: h\r\n{line}{line}{line}{line}{line}\r\n");
        Happened("refused HeaderTooLong", "incomplete", "connection closed");
    }

    [Fact]
    public void Odd_names_are_dropped_unless_they_are_wanted()
    {
        const string odd = "GET / HTTP/1.1\r\nHost: h\r\na_b: 1\r\na@b: 2\r\n\r\n";
        var names = new List<int>();
        Application.OnBegin = e =>
        {
            names.Add(e.RequestHeaders.Count);
            TestApplication.Hello(e);
        };
        Ask(odd);
        Open(HttpServerOptions.Default with { UnderscoresInHeaders = true });
        Ask(odd);
        Open(HttpServerOptions.Default with { IgnoreInvalidHeaders = false });
        Ask(odd);
        Assert.Equal([1, 2, 3], names);
    }

    [Fact]
    public void A_silent_client_is_closed_without_a_word()
    {
        Open();
        Worker.Advance(60_000);
        Assert.Equal("closed", Transport.State);
        Assert.Equal("", Turn());
        Happened("connection closed");
    }

    [Fact]
    public void A_head_that_trickles_has_no_more_time_than_another()
    {
        Application.OnBegin = e => e.Abort();
        Open();
        for (var i = 0; i < 59; i++)
        {
            Ask(Get[i % 10].ToString() is " " ? "X" : "G");
            Worker.Advance(1_000);
        }
        Assert.Equal("open", Transport.State);
        Worker.Advance(1_000);
        Turn();
        Happened("refused TimedOut", "incomplete", "connection closed");
    }

    [Fact]
    public void A_client_that_goes_within_the_head_is_told_of()
    {
        Application.OnBegin = e => e.Abort();
        Ask("GET / HT");
        Transport.EndInput();
        Turn();
        Happened("refused ClosedPrematurely", "incomplete", "connection closed");
    }

    [Fact]
    public void What_came_of_a_head_that_is_not_whole_has_no_parts()
    {
        var parts = -1;
        Application.OnBegin = e =>
        {
            parts = e.MethodName.Length + e.RequestLine.Length + e.RawTarget.Length + e.Authority.Length;
            e.Abort();
        };
        Ask("GET http://h/path HTTP/1.1\r\nHost: h\r\nX-A");
        Transport.EndInput();
        Turn();
        Assert.Equal(0, parts);
        Happened("refused ClosedPrematurely", "incomplete", "connection closed");
    }

    [Fact]
    public void An_idle_connection_is_kept_so_long_and_no_longer()
    {
        Ask(Get);
        Worker.Advance(74_999);
        Assert.Equal("open", Transport.State);
        Ask(Get);
        Worker.Advance(75_000);
        Assert.Equal("closed", Transport.State);
    }

    [Fact]
    public void The_last_of_so_many_requests_closes()
    {
        Open(HttpServerOptions.Default with { KeepAliveRequestsMax = 2 });
        Assert.Contains("keep-alive", Ask(Get));
        Assert.Contains("Connection: close", Ask(Get));
        Assert.Equal("closed", Transport.State);
    }

    [Fact]
    public void An_old_connection_takes_no_further_request()
    {
        Open(HttpServerOptions.Default with { KeepAliveTimeMs = 1000, KeepAliveHeaderSeconds = 9 });
        Assert.Contains("Connection: keep-alive\r\nKeep-Alive: timeout=9\r\n", Ask(Get));
        Worker.Advance(1000);
        Assert.Contains("Connection: close", Ask(Get));
    }

    [Fact]
    public void Draining_closes_idle_connections_now_and_busy_ones_after_their_response()
    {
        Ask(Get);
        Connection.Drain();
        Assert.Equal("closed", Transport.State);
        Open();
        Application.OnBegin = _ => { };
        Ask(Get);
        Connection.Drain();
        Assert.Equal("open", Transport.State);
        TestApplication.Hello(Application.Last!);
        Assert.Contains("Connection: close", Turn());
        Assert.Equal("closed", Transport.State);
    }

    [Fact]
    public void Draining_leaves_a_connection_its_least_time_for_a_last_request()
    {
        var options = HttpServerOptions.Default with { KeepAliveMinTimeoutMs = 1000 };
        Open(options);
        Ask(Get);
        Assert.False(Connection.IsReusable);
        Worker.Advance(400);
        Connection.Drain();
        Assert.Equal("open", Transport.State);
        Assert.Contains("Connection: close", Ask(Get));
        Assert.Equal("closed", Transport.State);
        Open(options);
        Ask(Get);
        Connection.Drain();
        Worker.Advance(999);
        Assert.Equal("open", Transport.State);
        Worker.Advance(1);
        Assert.Equal("closed", Transport.State);
        Open(options);
        Ask(Get);
        Worker.Advance(1000);
        Assert.True(Connection.IsReusable);
        Connection.Drain();
        Assert.Equal("closed", Transport.State);
    }

    [Fact]
    public void After_an_upgrade_bytes_go_both_ways()
    {
        Application.OnBegin = e =>
        {
            e.ResponseHeaders.Add(KnownHeader.Upgrade, "websocket"u8);
            e.Respond(101, 0);
            e.Tunnel();
        };
        Application.OnBody = (e, bytes) => e.Write(bytes);
        Application.OnBodyEnded = e => e.End();
        Assert.Equal("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nfirst",
            Ask("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nfirst"));
        Assert.Equal(Get, Ask(Get));
        Transport.EndInput();
        Turn();
        Assert.Equal("closed", Transport.State);
        Assert.Equal(["body ended", "complete", "connection closed"], Application.Events[^3..]);
    }

    [Fact]
    public void CONNECT_is_a_tunnel_too()
    {
        Application.OnBegin = e =>
        {
            Assert.Equal("h:443", System.Text.Encoding.ASCII.GetString(e.Authority));
            e.Respond(200, -1);
            e.Tunnel();
        };
        Application.OnBody = (e, bytes) => e.Write(bytes);
        Assert.Equal("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc", Ask("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\nabc"));
    }
}
