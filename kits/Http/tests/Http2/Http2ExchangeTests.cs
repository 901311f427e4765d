using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Requests and responses on streams: heads, bodies, windows, resets (RFC 9113 sections 5.2, 6.9, 8 and 10.5).</summary>
public sealed class Http2ExchangeTests : Http2Test
{
    private const int ChunkBytes = 8_192;

    private static readonly HttpServerOptions Small = new() { OutputHighWaterBytes = 100_000 };

    [Fact]
    public void A_request_has_the_parts_that_HTTP1_has()
    {
        var seen = "";
        Application.OnBegin = e =>
        {
            seen = $"{Encoding.ASCII.GetString(e.RequestLine)}, {Encoding.ASCII.GetString(e.Scheme)}, "
                + $"{Encoding.ASCII.GetString(e.RequestHeaders[KnownHeader.Host])}, {e.Version}, {e.RequestLength}";
            TestApplication.Hello(e);
        };
        Open();
        SendHeaders(1, Get + "|x-a 1");
        Assert.Equal(["HEADERS 1 :status 200|content-length 5", "DATA 1 hello END"], Frames());
        Assert.Equal("GET /x HTTP/2.0, http, h, HTTP/2.0, 0", seen);
        Happened("begin GET /x", "complete");
    }

    [Fact]
    public void Streams_are_answered_in_any_order()
    {
        var exchanges = new List<HttpExchange>();
        Application.OnBegin = exchanges.Add;
        Open();
        SendHeaders(1, Get);
        SendHeaders(3, Get);
        TestApplication.Hello(exchanges[1]);
        Assert.Equal(["HEADERS 3 :status 200|content-length 5", "DATA 3 hello END"], Frames());
        TestApplication.Hello(exchanges[0]);
        Assert.Equal(["HEADERS 1 :status 200|content-length 5", "DATA 1 hello END"], Frames());
    }

    [Fact]
    public void A_response_without_a_body_is_one_frame()
    {
        Application.OnBegin = e =>
        {
            e.ResponseHeaders.Add("X-Name"u8, "v"u8);
            e.ResponseHeaders.Add(KnownHeader.Connection, "close"u8);
            e.Respond(204, 0);
            e.End();
        };
        Open();
        SendHeaders(1, Get);
        Assert.Equal(["HEADERS 1 :status 204|x-name v END"], Frames());
    }

    [Fact]
    public void A_body_of_unknown_length_ends_with_a_frame_or_with_trailers()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, -1);
            e.Write("abc"u8);
            var trailers = new HeaderList();
            if (e.RequestHeaders.TryGet("te"u8, out _))
                trailers.Add("grpc-status"u8, "0"u8);
            e.End(trailers);
        };
        Open();
        SendHeaders(1, Get);
        Assert.Equal(["HEADERS 1 :status 200", "DATA 1 abc", "DATA 1  END"], Frames());
        SendHeaders(3, Get + "|te trailers");
        Assert.Equal(["HEADERS 3 :status 200", "DATA 3 abc", "HEADERS 3 grpc-status 0 END"], Frames());
    }

    [Theory]
    [InlineData(3, "abc", "DATA 1 abc")]
    [InlineData(0, "", null)]
    public void Trailers_that_are_expected_come_behind_a_body_of_a_length_too(int length, string body, string? data)
    {
        Application.OnBegin = e =>
        {
            e.ExpectsTrailers = true;
            e.Respond(200, length);
            e.Write(Encoding.ASCII.GetBytes(body));
            var trailers = new HeaderList();
            trailers.Add("grpc-status"u8, "0"u8);
            e.End(trailers);
        };
        Open();
        SendHeaders(1, Get);
        string?[] frames = [$"HEADERS 1 :status 200|content-length {length}", data, "HEADERS 1 grpc-status 0 END"];
        Assert.Equal(frames.OfType<string>(), Frames());
    }

    [Fact]
    public void A_body_and_its_trailers_are_pushed()
    {
        var trailer = "";
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyEnded = e =>
        {
            trailer = Encoding.ASCII.GetString(e.RequestTrailers[0].Value);
            TestApplication.Hello(e);
        };
        Open();
        SendHeaders(1, Post, flags: 4);
        SendData(1, "abc");
        SendData(1, "de");
        SendHeaders(1, "x-sum 7");
        Assert.Equal("DATA 1 hello END", Frames()[^1]);
        Happened("begin POST /x", "body abc", "body de", "body ended", "complete");
        Assert.Equal("7", trailer);
    }

    [Fact]
    public void A_body_waits_for_whoever_asks_late_and_pauses()
    {
        Application.OnBegin = _ => { };
        Application.OnBody = (e, _) => e.PauseBody();
        Open();
        SendHeaders(1, Post, flags: 4);
        SendData(1, "abc");
        Frames();
        Happened("begin POST /x");
        Application.Last!.ReadBody();
        Frames();
        SendData(1, "de", ends: true);
        Frames();
        Happened("body abc");
        Application.Last!.ResumeBody();
        Frames();
        Happened("body de");
        Application.Last!.ResumeBody();
        Frames();
        Happened("body ended");
    }

    [Fact]
    public void The_window_of_a_body_opens_as_it_is_read()
    {
        Application.OnBegin = _ => { };
        Open(http2: new Http2Options { InitialWindow = 10, BodyWindow = 10 });
        SendHeaders(1, Post, flags: 4);
        SendData(1, "0123456789");
        Assert.Empty(Frames());
        Application.Last!.ReadBody();
        Assert.Equal(["WINDOW_UPDATE 1 10"], Frames());
        SendData(1, "0123456789");
        SendData(1, "0123456789x");
        Assert.Contains("RST_STREAM 1 FlowControlError", Frames());
    }

    [Fact]
    public void More_of_a_body_may_come_once_it_is_read()
    {
        Application.OnBegin = e => e.ReadBody();
        Open();
        SendHeaders(1, Post, flags: 4);
        Assert.Equal(["WINDOW_UPDATE 1 65536"], Frames());
        Application.OnBegin = _ => { };
        SendHeaders(3, Post, flags: 4);
        Assert.Empty(Frames());
    }

    [Fact]
    public void A_client_that_sends_more_than_it_may_is_told_so_even_if_the_handler_gives_up()
    {
        Application.OnBegin = _ => { };
        Application.OnClientLeft = e => e.Abort();
        Open(http2: new Http2Options { InitialWindow = 3 });
        SendHeaders(1, Post, flags: 4);
        SendData(1, "body");
        Assert.Equal(["RST_STREAM 1 FlowControlError"], Frames());
    }

    [Theory]
    [InlineData("abcdef", true)]
    [InlineData("abc", true)]
    public void A_body_that_has_not_its_announced_length_fails(string data, bool ends)
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyFailed = (e, _) => TestApplication.Hello(e);
        Open();
        SendHeaders(1, Post + "|content-length 5", flags: 4);
        SendData(1, data, ends);
        Frames();
        Assert.Contains(Application.Events, e => e.StartsWith("body failed", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_read_of_a_request_is_reset_after_the_response()
    {
        Open();
        SendHeaders(1, Post, flags: 4);
        Assert.Equal(["HEADERS 1 :status 200|content-length 5", "DATA 1 hello END", "RST_STREAM 1 NoError"], Frames());
        SendData(1, "abc", ends: true);
        Assert.Empty(Frames());
    }

    [Theory]
    [InlineData(":method GET|:method GET|:scheme http|:path /")]
    [InlineData(":method GET|:scheme http|:path /|:status 200")]
    [InlineData(":method GET|:scheme http|:path /|connection close")]
    [InlineData(":method GET|:scheme http|:path /|te gzip")]
    public void A_malformed_request_is_reset(string fields)
    {
        Open();
        SendHeaders(1, fields);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], Frames());
        Happened();
    }

    [Theory]
    [InlineData(":scheme http|:path /", Refusal.InvalidMethod)]
    [InlineData(":method GET|:scheme http|:path /", Refusal.MissingHost)]
    [InlineData(":method GET|:scheme http", Refusal.InvalidRequestLine)]
    [InlineData(":method GET|:scheme http|:path ", Refusal.InvalidTarget)]
    [InlineData(":method GET|:scheme http|:path x", Refusal.InvalidTarget)]
    [InlineData(":method GET|:scheme http|:path /|X-Upper 1", Refusal.InvalidHeaderLine)]
    [InlineData(":method GET|:scheme http|:path /|host a|host b", Refusal.DuplicateHost)]
    [InlineData(":method GET|:scheme http|:path /|:authority h|content-length 5", Refusal.InvalidContentLength)]
    [InlineData(":method GET|:scheme http|:path /|:authority h|content-length x", Refusal.InvalidContentLength)]
    public void What_makes_no_request_is_the_front_ends_to_answer(string fields, object refusal)
    {
        Open();
        SendHeaders(1, fields);
        Frames();
        Happened($"refused {refusal}", "complete");
    }

    [Fact]
    public void Fields_above_the_limits_end_the_connection()
    {
        Application.OnBegin = TestApplication.Hello;
        Open(new HttpServerOptions { HeadLimits = new HeadLimits(LargeCount: 2, LargeBytes: 1000) });
        SendHeaders(1, Get + "|x-long " + new string('a', 1000));
        Frames();
        Happened("begin GET /x", "complete");
        SendHeaders(3, Get + "|x-long " + new string('a', 1001));
        EndsWith(Http2ErrorCode.EnhanceYourCalm);
    }

    [Fact]
    public void Cookies_come_joined()
    {
        var seen = "";
        Application.OnBegin = e => seen = Encoding.ASCII.GetString(e.RequestHeaders[KnownHeader.Cookie]);
        Open();
        SendHeaders(1, Get + "|cookie a=b|x-a 1|cookie c=d");
        Assert.Equal("a=b; c=d", seen);
    }

    [Theory]
    [InlineData("host h", Refusal.None)]
    [InlineData("host other", Refusal.InvalidHost)]
    [InlineData("x\u0002 1", Refusal.InvalidHeaderLine)]
    public void What_a_request_says_twice_has_to_be_the_same(string field, Refusal refusal)
    {
        var seen = Refusal.TimedOut;
        Application.OnBegin = e => seen = e.Refusal;
        Open();
        SendHeaders(1, Get + "|" + field);
        Assert.Equal(refusal, seen);
    }

    // 6.9
    [Fact]
    public void A_body_is_sent_as_far_as_the_windows_go()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, 20);
            e.Write("0123456789abcdefghij"u8);
            e.End();
        };
        Open();
        SendSetting(Http2Setting.InitialWindowSize, 4);
        Frames();
        SendHeaders(1, Get);
        Assert.Equal(["HEADERS 1 :status 200|content-length 20", "DATA 1 0123"], Frames());
        SendNumber(Http2FrameType.WindowUpdate, 1, 2);
        Assert.Equal(["DATA 1 45"], Frames());
        // Less than was sent: the window is below zero.
        SendSetting(Http2Setting.InitialWindowSize, 1);
        SendNumber(Http2FrameType.WindowUpdate, 1, 3);
        Assert.Equal(["SETTINGS ACK"], Frames());
        SendNumber(Http2FrameType.WindowUpdate, 1, 100);
        Assert.Equal(["DATA 1 6789abcdefghij END"], Frames());
        Happened("begin GET /x", "complete");
    }

    [Fact]
    public void Streams_share_the_connections_window_in_turn()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, 40_000);
            e.Write(new byte[40_000]);
            e.End();
        };
        Open(Small);
        SendHeaders(1, Get);
        SendHeaders(3, Get);
        var frames = Frames().Where(f => f.StartsWith("DATA", StringComparison.Ordinal)).ToArray();
        Assert.Equal(65_535, frames.Sum(f => int.Parse(f.Split(' ')[2])));
        SendNumber(Http2FrameType.WindowUpdate, 0, 3 * ChunkBytes);
        Assert.All(Frames(), f => Assert.StartsWith("DATA 3", f));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_window_does_not_grow_beyond_its_bound(int stream)
    {
        Application.OnBegin = _ => { };
        Open();
        SendHeaders(1, Get);
        SendNumber(Http2FrameType.WindowUpdate, stream, 0x7fffffff);
        if (stream == 0)
            EndsWith(Http2ErrorCode.FlowControlError);
        else
            Assert.Equal(["RST_STREAM 1 FlowControlError"], Frames());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_window_grows_by_something(int stream)
    {
        Application.OnBegin = _ => { };
        Open();
        SendHeaders(1, Get);
        SendNumber(Http2FrameType.WindowUpdate, stream, 0);
        if (stream == 0)
            EndsWith(Http2ErrorCode.ProtocolError);
        else
            Assert.Equal(["RST_STREAM 1 ProtocolError"], Frames());
    }

    [Fact]
    public void Who_writes_more_than_is_taken_is_told_when_it_has_drained()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, -1);
            e.Write(new byte[200_000]);
        };
        Open(Small);
        SendHeaders(1, Get);
        Frames();
        Happened("begin GET /x");
        SendNumber(Http2FrameType.WindowUpdate, 0, 1_000_000);
        SendNumber(Http2FrameType.WindowUpdate, 1, 1_000_000);
        Frames();
        Happened("drained");
    }

    [Fact]
    public void A_stream_whose_window_is_shut_holds_no_more_than_a_window()
    {
        var pieces = 0;
        Application.OnBegin = e =>
        {
            e.Respond(200, -1);
            for (; !e.IsBacklogged; pieces++)
                e.Write(new byte[1000]);
        };
        Open();
        Send(Http2FrameType.Settings, 0, 0, [0, 4, 0, 0, 0, 0]);
        SendHeaders(1, Get);
        Assert.Equal(66, pieces);
    }

    [Fact]
    public void A_stream_that_the_client_resets_is_over()
    {
        Application.OnBegin = _ => { };
        Open();
        SendHeaders(1, Get);
        SendNumber(Http2FrameType.RstStream, 1, 8);
        Assert.Empty(Frames());
        Happened("begin GET /x", "client left", "incomplete");
    }

    [Fact]
    public void A_response_that_breaks_off_is_reset()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, 10);
            e.Write("abc"u8);
            e.End();
        };
        Open();
        SendHeaders(1, Get);
        Assert.Equal(["HEADERS 1 :status 200|content-length 10", "DATA 1 abc", "RST_STREAM 1 InternalError"], Frames());
        Happened("begin GET /x", "incomplete");
    }

    // 10.5: CVE-2023-44487
    [Fact]
    public void Streams_that_are_reset_as_soon_as_they_are_opened_end_the_connection()
    {
        Application.OnBegin = _ => { };
        Open();
        for (var stream = 1; !IsEnded && stream < 10_000; stream += 2)
        {
            SendHeaders(stream, Get);
            SendNumber(Http2FrameType.RstStream, stream, 8);
        }
        EndsWith(Http2ErrorCode.EnhanceYourCalm);
        Assert.InRange(Connection.Requests, 1, 200);
    }

    // 10.5: VU#421644
    [Fact]
    public void A_block_without_end_ends_the_connection()
    {
        Open();
        Send(Http2FrameType.Headers, 1, 0, Block(Get));
        for (var i = 0; !IsEnded && i < 1000; i++)
            Send(Http2FrameType.Continuation, 1, 0, Block("x-a " + new string('a', 1000)));
        EndsWith(Http2ErrorCode.EnhanceYourCalm);
    }

    [Fact]
    public void Frames_that_carry_nothing_end_the_connection_in_time()
    {
        Open();
        for (var i = 0; !IsEnded && i < 1_000_000; i++)
            Send(Http2FrameType.Settings, 0, 0);
        EndsWith(Http2ErrorCode.NoError);
    }

    // 6.8
    [Theory]
    [InlineData(2, 3_600_000)]
    [InlineData(1000, 1000)]
    public void Who_has_had_enough_requests_or_time_is_told_to_go_away(int requests, long timeMs)
    {
        Open(HttpServerOptions.Default with { KeepAliveRequestsMax = requests, KeepAliveTimeMs = timeMs });
        SendHeaders(1, Get);
        Assert.DoesNotContain("GOAWAY NoError", Frames());
        Worker.Advance(timeMs == 1000 ? 1000 : 0);
        SendHeaders(3, Get);
        Assert.Contains("GOAWAY NoError", Frames());
        Assert.True(IsEnded);
    }

    // 6.8
    [Fact]
    public void A_connection_that_is_drained_ends_with_its_last_stream()
    {
        Application.OnBegin = _ => { };
        Open();
        SendHeaders(1, Get);
        Connection.Drain();
        SendHeaders(3, Get);
        Assert.Equal(["GOAWAY NoError"], Frames());
        Assert.False(IsEnded);
        TestApplication.Hello(Application.Last!);
        Frames();
        Assert.True(IsEnded);
        Happened("begin GET /x", "complete", "connection closed");
    }

    [Fact]
    public void An_idle_connection_ends_after_its_time()
    {
        Application.OnBegin = TestApplication.Hello;
        Open();
        SendHeaders(1, Get);
        Frames();
        Worker.Advance(HttpServerOptions.Default.KeepAliveTimeoutMs - 1);
        Assert.False(IsEnded);
        Worker.Advance(1);
        EndsWith(Http2ErrorCode.NoError);
    }

    [Fact]
    public void The_first_request_has_the_time_of_a_head()
    {
        Open();
        Worker.Advance(HttpServerOptions.Default.ClientHeaderTimeoutMs);
        EndsWith(Http2ErrorCode.NoError);
    }

    [Fact]
    public void A_head_that_is_not_whole_in_time_ends_its_stream_only()
    {
        Application.OnBegin = TestApplication.Hello;
        Open();
        SendHeaders(1, Get, flags: (int)Http2Flags.EndStream);
        Worker.Advance(HttpServerOptions.Default.ClientHeaderTimeoutMs - 1);
        Assert.Empty(Frames());
        Worker.Advance(1);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], Frames());
        Send(Http2FrameType.Continuation, 1, (int)Http2Flags.EndHeaders, Block("a b"));
        SendHeaders(3, Get);
        Assert.Equal(["HEADERS 3 :status 200|content-length 5", "DATA 3 hello END"], Frames());
        Happened("begin GET /x", "complete");
    }

    [Fact]
    public void After_a_head_that_came_too_late_the_connection_is_idle()
    {
        Open();
        Transport.Send("\0\0\u0020\u0001\u0005\0\0\0\u0001\u0082");
        Worker.Advance(HttpServerOptions.Default.ClientHeaderTimeoutMs);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], Frames());
        Worker.Advance(HttpServerOptions.Default.KeepAliveTimeoutMs - 1);
        Assert.False(IsEnded);
        Worker.Advance(1);
        EndsWith(Http2ErrorCode.NoError);
    }

    [Fact]
    public void A_body_that_does_not_come_in_time_ends_its_stream_only()
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyFailed = (e, _) => e.Abort();
        Open();
        SendHeaders(1, Post, flags: (int)Http2Flags.EndHeaders);
        Frames();
        Worker.Advance(HttpServerOptions.Default.ClientBodyTimeoutMs - 1);
        SendData(1, "a");
        Worker.Advance(HttpServerOptions.Default.ClientBodyTimeoutMs - 1);
        Assert.Empty(Frames());
        Worker.Advance(1);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], Frames());
        Assert.False(IsEnded);
    }

    [Theory]
    [InlineData("\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("\u0082\u0042\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("\u0000\u0001a\u00ff\u00ff\u00ff\u00ff")]
    public void A_number_that_is_too_large_is_seen_before_its_frame_is_whole(string beginning)
    {
        Open();
        Transport.Send($"\0\0\u0020\u0001\u0005\0\0\0\u0001{beginning}");
        EndsWith(Http2ErrorCode.CompressionError);
    }

    [Fact]
    public void What_a_client_still_sends_is_read_away_before_the_connection_closes()
    {
        Application.OnBegin = TestApplication.Hello;
        Open(HttpServerOptions.Default with { KeepAliveTimeoutMs = 0 });
        SendHeaders(1, Get);
        Assert.Equal("DATA 1 hello END", Frames()[^1]);
        Assert.Equal("half-closed", Transport.State);
        Send(Http2FrameType.Ping, 0, 0, "whatever"u8);
        Worker.Advance(HttpServerOptions.Default.LingeringTimeoutMs - 1);
        Assert.Equal("half-closed", Transport.State);
        Worker.Advance(1);
        Assert.Equal("closed", Transport.State);
    }

    [Fact]
    public void A_client_that_opens_no_window_is_given_up()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, 100_000);
            e.Write(new byte[100_000]);
            e.End();
        };
        Open();
        SendHeaders(1, Get);
        Frames();
        Worker.Advance(HttpServerOptions.Default.SendTimeoutMs);
        // Something had left in that time.
        Assert.Equal("open", Transport.State);
        Worker.Advance(HttpServerOptions.Default.SendTimeoutMs);
        Assert.Equal("aborted", Transport.State);
        Happened("begin GET /x", "incomplete", "connection closed");
    }
}
