using System.Buffers.Binary;

namespace Microcosm.Http.Tests;

/// <summary>What the frames of a client may be, along the sections of RFC 9113.</summary>
public sealed class Http2FrameTests : Http2Test
{
    // 3.4
    [Fact]
    public void The_server_says_its_settings_first_and_acknowledges_those_of_the_client()
    {
        OpenBare();
        Assert.Equal(["SETTINGS", "WINDOW_UPDATE 0 2147418112"], Frames());
        Transport.Send(System.Text.Encoding.Latin1.GetString(Http2Connection.Preface));
        Send(Http2FrameType.Settings, 0, 0);
        Assert.Equal(["SETTINGS ACK"], Frames());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSX")]
    public void Another_preface_ends_the_connection(string preface)
    {
        OpenBare();
        Transport.Send(preface);
        EndsWith(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public void Frames_may_come_byte_by_byte()
    {
        OpenBare();
        foreach (var c in System.Text.Encoding.Latin1.GetString(Http2Connection.Preface))
            Transport.Send(c.ToString());
        var frame = new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 };
        foreach (var b in frame)
            Transport.Send([b]);
        Assert.Equal("SETTINGS ACK", Frames()[^1]);
    }

    // 4.2
    [Fact]
    public void A_frame_larger_than_was_allowed_ends_the_connection()
    {
        Open();
        Send(Http2FrameType.Data, 1, 0, new byte[131_073]);
        EndsWith(Http2ErrorCode.FrameSizeError);
    }

    // 4.2
    [Fact]
    public void A_body_may_come_in_one_frame_as_long_as_its_window()
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyEnded = TestApplication.Hello;
        Open();
        SendHeaders(1, Post, flags: 4);
        Send(Http2FrameType.Data, 1, 1, new byte[65_536]);
        Assert.Contains("HEADERS 1 :status 200", string.Join(',', Frames()), StringComparison.Ordinal);
    }

    // 6.5.2
    [Fact]
    public void A_head_may_come_in_one_frame_however_long_heads_may_be()
    {
        OpenBare();
        Worker.Carrier.Run();
        Assert.Equal("SETTINGS 3=128 4=65536 5=131072", SettingsOf(Transport.TakeSent()));
        Open();
        var block = Block($"{Get}|x-a {new string('\xff', 8000)}|x-b {new string('\xff', 8000)}|x-c {new string('\xff', 8000)}");
        Assert.True(block.Length > Http2Frame.LengthMaxDefault);
        Send(Http2FrameType.Headers, 1, 5, block);
        Assert.StartsWith("HEADERS 1 :status 200", Frames()[0]);
    }

    private static string SettingsOf(string sent)
    {
        var bytes = System.Text.Encoding.Latin1.GetBytes(sent);
        var text = "SETTINGS";
        for (var at = Http2Frame.HeadBytes; at < Http2Frame.HeadBytes + Http2Frame.Read(bytes).Length; at += 6)
            text += $" {bytes[at + 1]}={BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 2))}";
        return text;
    }

    // 4.3
    [Fact]
    public void A_block_that_cannot_be_decoded_ends_the_connection()
    {
        Open();
        Send(Http2FrameType.Headers, 1, 5, [0xfe]);
        EndsWith(Http2ErrorCode.CompressionError);
    }

    [Fact]
    public void A_block_that_is_cut_off_has_the_wrong_length()
    {
        Open();
        Send(Http2FrameType.Headers, 1, 5, [0xff]);
        EndsWith(Http2ErrorCode.FrameSizeError);
    }

    // 5.1, idle
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_stream_begins_with_HEADERS(int type)
    {
        Open();
        Send((Http2FrameType)type, 1, 0, [0, 0, 0, 1]);
        EndsWith(Http2ErrorCode.ProtocolError);
    }

    // 5.1, half-closed (remote)
    [Fact]
    public void After_its_end_a_stream_takes_no_data()
    {
        Open();
        Application.OnBegin = _ => { };
        SendHeaders(1, Get);
        SendData(1, "x");
        Assert.Equal(["RST_STREAM 1 StreamClosed"], Frames());
    }

    // 5.1, closed
    [Fact]
    public void A_closed_stream_is_not_opened_again()
    {
        Open();
        SendHeaders(1, Get);
        Frames();
        SendHeaders(1, Get);
        EndsWith(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public void What_comes_for_a_closed_stream_late_is_ignored()
    {
        Open();
        SendHeaders(1, Get);
        Frames();
        SendNumber(Http2FrameType.WindowUpdate, 1, 1);
        SendNumber(Http2FrameType.RstStream, 1, 8);
        SendData(1, "x");
        Assert.Empty(Frames());
    }

    [Fact]
    public void A_body_waits_for_the_settings_that_say_how_much_of_it_may_come()
    {
        OpenBare(http2: new Http2Options { InitialWindow = 10 });
        Transport.Send(System.Text.Encoding.Latin1.GetString(Http2Connection.Preface));
        Frames();
        SendHeaders(1, Post, flags: 4);
        Assert.Equal(["RST_STREAM 1 RefusedStream"], Frames());
    }

    // 5.1.1
    [Fact]
    public void Clients_open_odd_streams()
    {
        Open();
        SendHeaders(2, Get);
        EndsWith(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public void Streams_are_opened_in_ascending_order()
    {
        Open();
        SendHeaders(5, Get);
        SendHeaders(3, Get);
        EndsWith(Http2ErrorCode.ProtocolError);
    }

    // 5.1.2
    [Fact]
    public void More_streams_than_were_allowed_are_refused()
    {
        Open(http2: new Http2Options { ConcurrentStreamsMax = 2 });
        Application.OnBegin = _ => { };
        SendHeaders(1, Get);
        SendHeaders(3, Get);
        SendHeaders(5, Get);
        Assert.Equal(["RST_STREAM 5 RefusedStream"], Frames());
    }

    // 5.3.1 (RFC 7540)
    [Fact]
    public void A_stream_does_not_depend_on_itself()
    {
        Open();
        Send(Http2FrameType.Priority, 1, 0, [0, 0, 0, 1, 7]);
        EndsWith(Http2ErrorCode.ProtocolError);
    }

    // 5.5
    [Fact]
    public void Frames_that_nobody_knows_are_ignored()
    {
        Open();
        Send((Http2FrameType)0x63, 0, 0xff, "whatever"u8);
        SendHeaders(1, Get);
        Assert.Equal(["HEADERS 1 :status 200|content-length 5", "DATA 1 hello END"], Frames());
    }

    // 6.1 to 6.4, 6.7, 6.8: where a frame has its place, and how long it is
    [Theory]
    [InlineData(0, 0, 1, Http2ErrorCode.ProtocolError)]
    [InlineData(1, 0, 1, Http2ErrorCode.ProtocolError)]
    [InlineData(2, 0, 5, Http2ErrorCode.ProtocolError)]
    [InlineData(2, 1, 4, Http2ErrorCode.FrameSizeError)]
    [InlineData(3, 0, 4, Http2ErrorCode.ProtocolError)]
    [InlineData(3, 1, 3, Http2ErrorCode.FrameSizeError)]
    [InlineData(4, 1, 0, Http2ErrorCode.ProtocolError)]
    [InlineData(4, 0, 5, Http2ErrorCode.FrameSizeError)]
    [InlineData(5, 1, 8, Http2ErrorCode.ProtocolError)]
    [InlineData(6, 1, 8, Http2ErrorCode.ProtocolError)]
    [InlineData(6, 0, 7, Http2ErrorCode.FrameSizeError)]
    [InlineData(7, 1, 8, Http2ErrorCode.ProtocolError)]
    [InlineData(8, 0, 5, Http2ErrorCode.FrameSizeError)]
    [InlineData(9, 1, 1, Http2ErrorCode.ProtocolError)]
    public void A_frame_has_its_place_and_its_length(int type, int stream, int length, object code)
    {
        Open();
        Send((Http2FrameType)type, stream, 0, new byte[length]);
        EndsWith((Http2ErrorCode)code);
    }

    // 6.1
    [Fact]
    public void Padding_is_no_longer_than_its_frame()
    {
        Open();
        SendHeaders(1, Post, flags: 4);
        Send(Http2FrameType.Data, 1, 8, [3, 1, 2]);
        EndsWith(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public void Padding_is_left_out_and_counts_in_the_window()
    {
        Application.OnBegin = e => e.ReadBody();
        Application.OnBodyEnded = TestApplication.Hello;
        Open(http2: new Http2Options { InitialWindow = 8, BodyWindow = 8 });
        SendHeaders(1, Post, flags: 4);
        Send(Http2FrameType.Data, 1, 9, [3, (byte)'a', 0, 0, 0]);
        Assert.Equal("DATA 1 hello END", Frames()[^1]);
        Happened("begin POST /x", "body a", "body ended", "complete");
    }

    // 6.5
    [Theory]
    [InlineData(2, 2, Http2ErrorCode.ProtocolError)]
    [InlineData(4, 0x80000000, Http2ErrorCode.FlowControlError)]
    [InlineData(5, 16_383, Http2ErrorCode.ProtocolError)]
    [InlineData(5, 16_777_216, Http2ErrorCode.ProtocolError)]
    public void Settings_out_of_bounds_end_the_connection(int setting, uint value, object code)
    {
        Open();
        SendSetting((Http2Setting)setting, value);
        EndsWith((Http2ErrorCode)code);
    }

    [Fact]
    public void Settings_that_nobody_knows_are_acknowledged()
    {
        Open();
        SendSetting((Http2Setting)0x99, 1);
        Assert.Equal(["SETTINGS ACK"], Frames());
    }

    [Fact]
    public void An_acknowledgement_holds_nothing()
    {
        Open();
        Send(Http2FrameType.Settings, 0, 1, new byte[6]);
        EndsWith(Http2ErrorCode.FrameSizeError);
    }

    // 6.7
    [Fact]
    public void A_ping_comes_back()
    {
        Open();
        Send(Http2FrameType.Ping, 0, 0, "12345678"u8);
        Send(Http2FrameType.Ping, 0, 1, "87654321"u8);
        Assert.Equal(["PING ACK 12345678"], Frames());
    }

    [Theory]
    [InlineData(Http2FrameType.Ping)]
    [InlineData(Http2FrameType.Settings)]
    public void Answers_that_nobody_reads_wait_up_to_a_bound(object type)
    {
        Open();
        Transport.IsStuck = true;
        for (var i = 0; i < 10_000; i++)
            Ask();
        Assert.Null(Connection.Failure);
        Ask();
        Assert.Equal("http2 flood detected", Connection.Failure);

        void Ask() => Send((Http2FrameType)type, 0, 0, (Http2FrameType)type == Http2FrameType.Ping ? "12345678"u8 : default);
    }

    [Fact]
    public void Answers_that_are_read_have_no_such_bound()
    {
        Open();
        for (var i = 0; i < 30_000; i++)
        {
            Send(Http2FrameType.Ping, 0, 0, "12345678"u8);
            if (i % 1000 == 0)
                Frames();
        }
        Assert.Null(Connection.Failure);
    }

    // 6.10
    [Fact]
    public void A_block_may_come_in_pieces_with_nothing_between_them()
    {
        Open();
        var block = Block(Get);
        Send(Http2FrameType.Headers, 1, 1, block.AsSpan(0, 3));
        Send(Http2FrameType.Continuation, 1, 0, block.AsSpan(3, 2));
        Send(Http2FrameType.Continuation, 1, 4, block.AsSpan(5));
        Assert.Equal("DATA 1 hello END", Frames()[^1]);
        Send(Http2FrameType.Headers, 3, 1, block.AsSpan(0, 3));
        Send(Http2FrameType.Ping, 0, 0, "12345678"u8);
        EndsWith(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public void Frames_of_any_bytes_end_in_an_answer_or_in_the_end_of_the_connection() => Fuzz(5, 100_000);

    // Minutes long: run when it is asked for.
    [Fact(Explicit = true)]
    public void A_million_frames_of_any_bytes() => Fuzz(6, 1_000_000);

    private void Fuzz(int seed, int frames)
    {
        var random = new Random(seed);
        var content = new byte[64];
        for (var i = 0; i < frames; i++)
        {
            if (Transport is null || IsEnded)
                Open();
            var bytes = content.AsSpan(0, random.Next(content.Length));
            random.NextBytes(bytes);
            Send((Http2FrameType)random.Next(11), random.Next(8), random.Next(256), bytes);
            if (i % 16 == 0)
                Frames();
            Application.Events.Clear();
        }
    }
}
