using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Requests to a server over HTTP/2: what goes to it, what it answers, and when its connection serves again.</summary>
public sealed class Http2UpstreamTests : Http2UpstreamTest
{
    private static readonly byte[] Ok = Headers(1, ":status 200|content-length 5");

    [Fact]
    public void A_request_without_a_body_is_one_frame()
    {
        Begin();
        Assert.Equal(["HEADERS 1 :method GET|:scheme http|:path /|host h END"], Frames());
    }

    [Fact]
    public void The_host_has_a_place_of_its_own_and_fields_of_the_connection_have_none()
    {
        Handler.OnConnected = e =>
        {
            var headers = new HeaderList();
            headers.Add("X-Name"u8, "v"u8);
            headers.Add(KnownHeader.Connection, "close"u8);
            headers.Add(KnownHeader.TransferEncoding, "chunked"u8);
            e.Send(new UpstreamRequest
            {
                Method = HttpMethod.Put, MethodName = "PUT"u8, Target = "/a?b"u8, Headers = headers, Authority = "a:1"u8, HasNoBody = true,
            });
            e.End();
        };
        Begin();
        Assert.Equal(["HEADERS 1 :method PUT|:scheme http|:path /a?b|:authority a:1|x-name v END"], Frames());
    }

    [Fact]
    public void A_head_that_is_long_takes_several_frames()
    {
        Handler.OnConnected = e =>
        {
            var headers = new HeaderList();
            headers.Add("x"u8, Encoding.Latin1.GetBytes(new string('Z', 40_000)));
            e.Send(new UpstreamRequest
            {
                Method = HttpMethod.Get, MethodName = "GET"u8, Target = "/"u8, Headers = headers, HasNoBody = true,
            });
            e.End();
        };
        Begin();
        Assert.Equal(["Headers 1 16384 END", "Continuation 1 16384", "Continuation 1 7242"], Frames());
    }

    [Fact]
    public void A_body_ends_with_its_last_frame_and_trailers_may_follow()
    {
        Handler.OnConnected = TestUpstream.Post;
        var exchange = Begin();
        exchange.Write("he"u8);
        exchange.Write("llo"u8);
        exchange.End();
        Assert.Equal(["HEADERS 1 :method POST|:scheme http|:path /", "DATA 1 hello END"], Frames());
        exchange = Begin();
        exchange.Write("hello"u8);
        var trailers = new HeaderList();
        trailers.Add("T"u8, "v"u8);
        exchange.End(trailers);
        Assert.Equal(["HEADERS 1 :method POST|:scheme http|:path /", "DATA 1 hello", "HEADERS 1 t v END"], Frames());
    }

    [Fact]
    public void What_ends_later_ends_with_an_empty_frame()
    {
        Handler.OnConnected = TestUpstream.Post;
        var exchange = Begin();
        exchange.Write("hello"u8);
        Assert.Equal("DATA 1 hello", Frames()[^1]);
        exchange.End();
        Assert.Equal(["DATA 1  END"], Frames());
    }

    [Fact]
    public void A_body_waits_for_both_windows()
    {
        Handler.OnConnected = TestUpstream.Post;
        var exchange = Begin();
        Send(Setting(Http2Setting.InitialWindowSize, 10));
        exchange.Write(new byte[70_000]);
        exchange.End();
        Assert.Equal(["HEADERS 1 :method POST|:scheme http|:path /", "SETTINGS ACK", "DATA 1 \0\0\0\0\0\0\0\0\0\0"], Frames());
        Send(WindowUpdate(1, 100_000));
        Assert.Equal(["DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16373"], Frames());
        Send(WindowUpdate(0, 100_000));
        Assert.Equal(["DATA 1 4465 END"], Frames());
    }

    [Fact]
    public void The_next_stream_has_the_window_that_was_set_before()
    {
        Begin();
        Frames();
        Send(Setting(Http2Setting.InitialWindowSize, 2), Ok, Data(1, "hello", ends: true));
        Handler.Events.Clear();
        Handler.OnConnected = TestUpstream.Post;
        var exchange = Upstreams.Begin(Worker, new Runtime.NodeEndPoint("origin", 80), Http2, Pool, Handler);
        TestUpstream.Post(exchange);
        exchange.Write("hello"u8);
        Assert.Equal(["SETTINGS ACK", "HEADERS 3 :method POST|:scheme http|:path /", "DATA 3 he"], Frames());
        Send(Setting(Http2Setting.InitialWindowSize, 3));
        Assert.Equal(["SETTINGS ACK", "DATA 3 l"], Frames());
    }

    [Fact]
    public void A_response_is_told_as_it_comes_and_its_connection_serves_again()
    {
        Begin();
        Send(Ok, Data(1, "hel"));
        Happened("responded  5 1", "body hel");
        Send(Data(1, "lo", ends: true));
        Happened("body lo", "ended");
        Assert.Equal((1, "open"), (Pool.Count, Transport.State));
        BeginAgain();
        Frames();
        Send(Headers(3, ":status 204", ends: true));
        Happened("responded  0 0", "ended");
        Assert.Equal(1, Pool.Count);
    }

    [Fact]
    public void A_response_may_come_byte_by_byte()
    {
        Begin();
        byte[] all =
        [
            .. Http2Wire.Frame(Http2FrameType.Settings, 0, 0), .. Headers(1, ":status 103|link x"), .. Ok,
            .. Http2Wire.Frame(Http2FrameType.Data, 1, 8, [2, .. "hello"u8, 0, 0]), .. Headers(1, "t v", ends: true),
        ];
        foreach (var b in all)
            Send([b]);
        Happened("informed 103", "responded  5 1", "body h", "body e", "body l", "body l", "body o", "ended v");
        Assert.Equal(1, Pool.Count);
    }

    [Fact]
    public void A_head_may_come_in_several_frames_with_padding_and_priority()
    {
        Begin();
        var block = Http2Wire.Block(":status 200|a b");
        Send(Http2Wire.Frame(Http2FrameType.Headers, 1, 0x29, [3, 0, 0, 0, 5, 16, .. block[..2], 0, 0, 0]),
            Http2Wire.Frame(Http2FrameType.Continuation, 1, 0), Http2Wire.Frame(Http2FrameType.Continuation, 1, 4, block[2..]));
        Happened("responded  0 1", "ended");
    }

    [Fact]
    public void What_nobody_knows_and_priorities_are_passed_over()
    {
        Begin();
        Send(Http2Wire.Frame((Http2FrameType)77, 1, 255, "what"u8), Http2Wire.Frame(Http2FrameType.Priority, 1, 0, [0, 0, 0, 0, 1]), Ok,
            Http2Wire.Frame((Http2FrameType)77, 0, 255), Data(1, "hello", ends: true));
        Happened("responded  5 1", "body hello", "ended");
    }

    [Fact]
    public void A_response_before_the_requests_end_is_taken_and_the_connection_is_not()
    {
        Handler.OnConnected = TestUpstream.Post;
        Begin();
        Send(Ok, Data(1, "hello", ends: true), Reset(1, Http2ErrorCode.NoError));
        Happened("responded  5 1", "body hello", "ended");
        Assert.Equal((0, "closed"), (Pool.Count, Transport.State));
    }

    [Fact]
    public void A_reset_without_error_behind_a_whole_response_changes_nothing()
    {
        Begin();
        Send(Ok, Data(1, "hello", ends: true), Reset(1, Http2ErrorCode.NoError), WindowUpdate(1, 5));
        Happened("responded  5 1", "body hello", "ended");
        BeginAgain();
        // And neither does one that comes late.
        Send(Reset(1, Http2ErrorCode.NoError), WindowUpdate(1, 5), Headers(3, ":status 200", ends: true));
        Happened("responded  0 0", "ended");
        Assert.Equal(1, Pool.Count);
    }

    [Fact]
    public void A_connection_that_goes_away_serves_to_the_end_and_not_again()
    {
        Begin();
        Send(GoAway(1, Http2ErrorCode.NoError), Ok, Data(1, "hello", ends: true));
        Happened("responded  5 1", "body hello", "ended");
        Assert.Equal((0, "closed"), (Pool.Count, Transport.State));
    }

    [Fact]
    public void An_idle_connection_answers_its_server_and_ends_when_that_goes_away()
    {
        Begin();
        Send(Ok, Data(1, "hello", ends: true));
        Frames();
        Send(Http2Wire.Frame(Http2FrameType.Ping, 0, 0, "12345678"u8), Setting(Http2Setting.MaxConcurrentStreams, 9));
        Assert.Equal(["PING ACK 12345678", "SETTINGS ACK"], Frames());
        Assert.Equal(1, Pool.Count);
        Send(GoAway(1, Http2ErrorCode.NoError));
        Assert.Equal((0, "closed"), (Pool.Count, Transport.State));
    }

    [Fact]
    public void Connections_of_one_version_are_not_used_for_another()
    {
        Begin();
        Send(Ok, Data(1, "hello", ends: true));
        Assert.False(Upstreams.Begin(Worker, new Runtime.NodeEndPoint("origin", 80), UpstreamOptions.Default, Pool, Handler).IsConnected);
        Assert.Equal(1, Pool.Count);
    }

    [Fact]
    public void A_body_may_be_paused_and_so_may_its_end()
    {
        Handler.OnBody = e => e.PauseBody();
        var exchange = Begin();
        exchange.PieceBytesMax = 3;
        Send(Ok, Data(1, "hello", ends: true));
        Worker.Advance(600_000);
        Happened("responded  5 1", "body hel");
        exchange.ResumeBody();
        Happened("body lo");
        exchange.ResumeBody();
        Happened("ended");
        Assert.Equal(1, Pool.Count);
    }

    [Fact]
    public void Who_writes_is_told_when_the_server_has_taken_most_of_it()
    {
        Handler.OnConnected = TestUpstream.Post;
        var exchange = Begin();
        exchange.Write(new byte[300_000]);
        Assert.True(exchange.IsBacklogged);
        Frames();
        Happened();
        Send(WindowUpdate(0, 1_000_000), WindowUpdate(1, 1_000_000));
        Frames();
        Happened("drained");
        Assert.False(exchange.IsBacklogged);
    }

    [Fact]
    public void Windows_are_opened_before_they_are_used_up()
    {
        var input = new Http2ResponseInput();
        input.Begin();
        var frame = new Http2Frame(Http2Frame.LengthMaxDefault, Http2FrameType.Data, Http2Flags.None, 1);
        var frames = 1;
        for (; !input.BeginData(frame, default); frames++)
            input.TakeData(frame.Length);
        var taken = frames * frame.Length;
        const int most = Http2Frame.WindowMax - Http2Frame.WindowMax / 4;
        Assert.InRange(taken, most, most + frame.Length);
        Assert.Equal((taken, taken), input.OpenWindows());
    }
}
