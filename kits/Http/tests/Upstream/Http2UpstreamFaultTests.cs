using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Servers that break the rules of HTTP/2, or give up: what is told of them, in nginx' words.</summary>
public sealed class Http2UpstreamFaultTests : Http2UpstreamTest
{
    [Theory]
    [InlineData("DATA 1 0 ", "unexpected http2 frame: 0")]
    [InlineData("CONTINUATION 1 4 ", "unexpected http2 frame: 9")]
    [InlineData("HEADERS 1 0 88|PING 0 0 0000000000000000", "unexpected http2 frame: 6")]
    [InlineData("HEADERS 3 4 88", "frame for unknown stream 3")]
    [InlineData("HEADERS 0 4 88", "frame for unknown stream 0")]
    [InlineData("PUSHPROMISE 1 4 00000002", "unexpected push promise frame")]
    [InlineData("HEADERS 1 12 0588", "http2 frame with too long padding: 5 in frame 1")]
    [InlineData("HEADERS 1 8 ", "headers frame with invalid length: 0")]
    [InlineData("HEADERS 1 36 00000000", "headers frame with invalid length: 4")]
    [InlineData("SETTINGS 1 0 ", "settings frame with non-zero stream id: 1")]
    [InlineData("SETTINGS 0 1 000000000000", "settings frame with ack flag and non-zero length: 6")]
    [InlineData("SETTINGS 0 0 0000000000", "settings frame with invalid length: 5")]
    [InlineData("SETTINGS 0 0 000480000000", "settings frame with too large initial window size: 2147483648")]
    [InlineData("SETTINGS 0 0 000500000001", "settings frame with invalid value: 1")]
    [InlineData("PING 1 0 0000000000000000", "ping frame with non-zero stream id: 1")]
    [InlineData("PING 0 0 00000000000000", "ping frame with invalid length: 7")]
    [InlineData("PING 0 1 0000000000000000", "ping frame with ack flag")]
    [InlineData("GOAWAY 1 0 0000000100000000", "goaway frame with non-zero stream id: 1")]
    [InlineData("GOAWAY 0 0 00000001000000", "goaway frame with invalid length: 7")]
    [InlineData("GOAWAY 0 0 0000000000000005", "goaway with error 5")]
    [InlineData("WINDOWUPDATE 0 0 000000", "window update frame with invalid length: 3")]
    [InlineData("WINDOWUPDATE 0 0 7fffffff", "too large window update")]
    [InlineData("WINDOWUPDATE 1 0 7fffffff", "too large window update")]
    [InlineData("RSTSTREAM 1 0 000000", "rst stream frame with invalid length: 3")]
    public void What_cannot_be_before_a_head_fails_the_request(string frames, string words)
    {
        Begin();
        Send(Parse(frames));
        Happened($"failed InvalidHttp2 upstream sent {words}");
        Assert.Equal((0, true), (Pool.Count, Transport.IsClosed));
    }

    [Theory]
    [InlineData("DATA 3 0 00", "upstream sent data frame for unknown stream 3")]
    [InlineData("DATA 1 8 ", "upstream sent too short http2 frame")]
    [InlineData("DATA 1 8 05000000", "upstream sent http2 frame with too long padding: 5 in frame 3")]
    [InlineData("DATA 1 0 000000000000", "upstream sent response body larger than indicated content length")]
    [InlineData("DATA 1 1 ", "upstream prematurely closed stream")]
    [InlineData("DATA 1 1 00000000", "upstream prematurely closed stream")]
    [InlineData("HEADERS 1 4 00016101", "upstream sent invalid encoded trailer", "upstream sent truncated http2 header")]
    [InlineData("HEADERS 1 4 0001610162", "upstream sent trailer without end stream flag")]
    [InlineData("HEADERS 1 5 88", "upstream sent invalid trailer \":status: 200\"")]
    [InlineData("RSTSTREAM 1 0 00000000", "upstream rejected request with error 0")]
    [InlineData("RSTSTREAM 1 0 00000008", "upstream rejected request with error 8")]
    [InlineData("DATA 1 1 0000000000|DATA 1 0 ", "upstream sent frame for closed stream 1")]
    [InlineData("DATA 1 1 0000000000|RSTSTREAM 1 0 00000008", "upstream rejected request with error 8")]
    [InlineData("DATA 1 1 0000000000|RSTSTREAM 1 0 00000000|RSTSTREAM 1 0 00000000", "upstream sent frame for closed stream 1")]
    public void What_cannot_be_in_a_body_breaks_it_and_of_its_last_bytes_none_is_told(string frames, string words, string? instead = null)
    {
        Begin();
        Send([Headers(1, ":status 200|content-length 5"), .. Parse(frames)]);
        Happened("responded  5 1", $"failed InvalidHttp2 {instead ?? words}");
        Assert.Equal(0, Pool.Count);
    }

    [Theory]
    [InlineData("00000176", "upstream sent zero http2 header name length")]
    [InlineData("00016e0176", "upstream sent no :status header")]
    [InlineData("", "upstream sent no :status header")]
    [InlineData("8888", "upstream sent duplicate :status header")]
    [InlineData("8887", "upstream sent invalid header \":scheme: https\"")]
    [InlineData("080432303030", "upstream sent invalid :status \"2000\"")]
    [InlineData("0803323078", "upstream sent invalid :status \"20x\"")]
    [InlineData("0803303939", "upstream sent unexpected :status \"099\"")]
    [InlineData("0803313031", "upstream sent unexpected :status \"101\"")]
    [InlineData("8800036e3a6e0176", "upstream sent invalid header: \"n:n: v\"")]
    [InlineData("8800014e0176", "upstream sent invalid header: \"N: v\"")]
    [InlineData("8800036e206e0176", "upstream sent invalid header: \"n n: v\"")]
    [InlineData("8800016e03760a76", "upstream sent invalid header: \"n: v\nv\"")]
    [InlineData("88be", "upstream sent invalid http2 table index: 62")]
    [InlineData("8880", "upstream sent invalid http2 table index: 0")]
    [InlineData("2188", "upstream sent invalid http2 dynamic table size update: 1")]
    [InlineData("880084ffffffff0176", "upstream sent invalid encoded header")]
    [InlineData("8800016e0576", "upstream sent truncated http2 header")]
    public void Heads_are_what_they_have_to_be(string block, string words)
    {
        Begin();
        Send(Parse($"HEADERS 1 4 {block}"));
        Happened($"failed InvalidHttp2 {words}");
    }

    [Fact]
    public void An_interim_response_does_not_end_the_stream()
    {
        Begin();
        Send(Headers(1, ":status 103|link x", ends: true));
        Happened("failed InvalidHttp2 upstream prematurely closed stream");
    }

    [Fact]
    public void Two_lengths_are_no_framing()
    {
        Begin();
        Send(Headers(1, ":status 200|content-length 1|content-length 1"));
        Happened("failed InvalidHead DuplicateHeader");
    }

    [Fact]
    public void A_server_that_speaks_something_else_is_told_of()
    {
        Begin();
        Send(Encoding.Latin1.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
        Happened("failed InvalidHttp2 upstream sent too large http2 frame: 4740180");
    }

    [Fact]
    public void A_head_larger_than_the_buffer_is_refused_in_however_many_frames()
    {
        Begin();
        var part = new byte[1000];
        Send(Http2Wire.Frame(Http2FrameType.Headers, 1, 0, part));
        for (var i = 0; i < 4; i++)
            Send(Http2Wire.Frame(Http2FrameType.Continuation, 1, 0, part));
        Happened("failed InvalidHttp2 upstream sent too big header");
    }

    [Theory]
    [InlineData("PING 0 0 0000000000000000", "ping")]
    [InlineData("SETTINGS 0 0 ", "settings")]
    public void A_server_that_wants_answers_and_does_not_read_them_is_given_up(string frame, string kind)
    {
        Begin();
        Transport.IsStuck = true;
        for (var i = 0; i <= 1000; i++)
            Send(Parse(frame));
        Happened($"failed InvalidHttp2 upstream sent too many {kind} frames");
    }

    [Fact]
    public void Answers_that_leave_are_not_counted()
    {
        Begin();
        for (var i = 0; i <= 2000; i++)
        {
            Send(Parse("PING 0 0 0000000000000000"));
            Transport.TakeSent();
        }
        Happened();
    }

    [Fact]
    public void A_server_that_sends_frames_and_nothing_in_them_is_given_up()
    {
        Begin();
        byte[] empty = [.. Enumerable.Repeat(Http2Wire.Frame(Http2FrameType.Data, 1, 0), 10_000).SelectMany(f => f)];
        Send(Headers(1, ":status 200"));
        for (var i = 0; i < 100; i++)
            Send(empty);
        Happened("responded  -1 0", "failed InvalidHttp2 http2 flood detected");
    }

    [Theory]
    [InlineData(false, "failed ClosedPrematurely")]
    [InlineData(true, "responded  5 1", "body hel", "failed ClosedPrematurely")]
    public void A_server_that_ends_early_is_told_of(bool hasHead, params string[] events)
    {
        Begin();
        if (hasHead)
            Send(Headers(1, ":status 200|content-length 5"), Data(1, "hel"));
        Transport.EndInput();
        Happened(events);
    }

    [Fact]
    public void The_server_has_so_long_from_the_requests_end_or_its_heads_on()
    {
        Handler.OnConnected = TestUpstream.Post;
        var exchange = Begin();
        Send(Parse("SETTINGS 0 0 "));
        Worker.Advance(600_000);
        exchange.End();
        Worker.Advance(59_999);
        Send(Headers(1, ":status 200"));
        Worker.Advance(59_999);
        Happened("responded  -1 0");
        Worker.Advance(1);
        Happened("failed ReadTimedOut");
    }

    [Fact]
    public void A_server_that_opens_no_window_is_given_up()
    {
        Handler.OnConnected = TestUpstream.Post;
        var exchange = Begin();
        Send(Setting(Http2Setting.InitialWindowSize, 0));
        exchange.Write("hello"u8);
        Frames();
        // The head left in this time.
        Worker.Advance(60_000);
        Happened();
        Worker.Advance(60_000);
        Happened("failed SendTimedOut");
    }

    [Fact]
    public void A_hundred_thousand_random_answers_end_in_order()
    {
        var random = new Random(20_260_101);
        for (var i = 0; i < 100_000; i++)
        {
            Begin();
            var frames = new byte[random.Next(1, 5)][];
            for (var j = 0; j < frames.Length; j++)
            {
                var content = new byte[random.Next(0, 12)];
                random.NextBytes(content);
                if (random.Next(3) == 0)
                    content = Http2Wire.Block(":status 200|a b");
                frames[j] = Http2Wire.Frame((Http2FrameType)random.Next(11), random.Next(4), random.Next(64), content);
            }
            Send(frames);
            Transport.EndInput();
            Worker.Carrier.Run();
            Assert.Single(Handler.Events,
                e => e.StartsWith("ended", StringComparison.Ordinal) || e.StartsWith("failed", StringComparison.Ordinal));
            Handler.Events.Clear();
        }
    }

    // TYPE STREAM FLAGS HEX, with bars between.
    private static byte[][] Parse(string frames) => [.. frames.Split('|').Select(f => f.Split(' '))
        .Select(w => Http2Wire.Frame(Enum.Parse<Http2FrameType>(w[0], ignoreCase: true), int.Parse(w[1], null), int.Parse(w[2], null),
            Convert.FromHexString(w[3])))];
}
