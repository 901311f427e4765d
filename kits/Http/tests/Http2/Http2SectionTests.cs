namespace Microcosm.Http.Tests;

/// <summary>
/// What a client may send and what it may not, by the sections of RFC 9113 (the cases of h2spec), in frames: <c>Type stream flags
/// content</c>, where content is hexadecimal, or fields after a brace. What a server may choose is as nginx chooses it.
/// </summary>
public sealed class Http2SectionTests : Http2Test
{
    private const string Request = "Headers 1 5 {" + Get;
    private const string Opened = "Headers 1 4 {" + Post;

    [Theory]
    [InlineData("3.4 SETTINGS may come again", "Settings 0 0", "SETTINGS ACK")]
    [InlineData("4.1 unknown flags are ignored", "Ping 0 22 3132333435363738", "PING ACK 12345678")]
    [InlineData("4.1 a frame of unknown type on an idle stream is ignored", "99 1 255 00;" + Request, "DATA 1 hello END")]
    [InlineData("4.3 a block may be followed by a request", Request + ";Headers 3 5 {" + Get, "DATA 3 hello END")]
    [InlineData("5.1 WINDOW_UPDATE is taken half-closed", "Headers 1 5 {" + Get + ";WindowUpdate 1 0 00000001", "DATA 1 hello END")]
    [InlineData("5.1 PRIORITY is taken idle", "Priority 3 0 0000000010;" + Request, "DATA 1 hello END")]
    [InlineData("5.1 PRIORITY is taken closed", Request + ";Priority 1 0 0000000010", "DATA 1 hello END")]
    [InlineData("6.1 an empty DATA may end a stream", Opened + ";Data 1 1", "DATA 1 hello END")]
    [InlineData("6.1 padding may be all there is", Opened + ";Data 1 9 020000", "DATA 1 hello END")]
    [InlineData("6.2 HEADERS may have a priority", "Headers 1 37 0000000010828486410168", "DATA 1 hello END")]
    [InlineData("6.5.2 the greatest frame size", "Settings 0 0 000500ffffff", "SETTINGS ACK")]
    [InlineData("6.5.2 the greatest window", "Settings 0 0 00047fffffff", "SETTINGS ACK")]
    [InlineData("6.5.2 an unknown setting", "Settings 0 0 00ff00000001", "SETTINGS ACK")]
    [InlineData("6.5.3 one acknowledgement a frame", "Settings 0 0;Settings 0 0", "SETTINGS ACK,SETTINGS ACK")]
    [InlineData("6.7 PING comes back", "Ping 0 0 3132333435363738", "PING ACK 12345678")]
    [InlineData("6.7 an acknowledged PING does not", "Ping 0 1 3132333435363738", "")]
    [InlineData("6.10 CONTINUATION may be empty", "Headers 1 1;Continuation 1 0;Continuation 1 4 {" + Get, "DATA 1 hello END")]
    [InlineData("8.1 trailers may end a request", Opened + ";Headers 1 5 {x-trailer 1", "DATA 1 hello END")]
    [InlineData("8.2.2 TE may say trailers", Request + "|te trailers", "DATA 1 hello END")]
    // The RFC forbids it; nginx looks at names only.
    [InlineData("8.3 a pseudo-header after fields", "Headers 1 5 {:method GET|:scheme http|:path /|x 1|:authority h", "DATA 1 hello END")]
    public void What_is_allowed_is_taken(string section, string frames, string last)
    {
        Assert.NotEmpty(section);
        Open();
        Application.OnBegin = e =>
        {
            if (e.HasBody)
                e.ReadBody();
            else
                TestApplication.Hello(e);
        };
        Application.OnBodyEnded = TestApplication.Hello;
        Play(frames);
        Assert.EndsWith(last, string.Join(',', Frames()));
        Assert.False(IsEnded);
    }

    [Theory]
    [InlineData("4.2 HEADERS that are too long", "Headers 1 5 #131073", Http2ErrorCode.FrameSizeError)]
    [InlineData("4.2 DATA that is too long", Opened + ";Data 1 0 #131073", Http2ErrorCode.FrameSizeError)]
    [InlineData("4.3 an index that is not there", "Headers 1 5 ffffff01", Http2ErrorCode.CompressionError)]
    [InlineData("4.3 PRIORITY within a block", "Headers 1 1;Priority 1 0 0000000010", Http2ErrorCode.ProtocolError)]
    [InlineData("4.3 another stream within a block", "Headers 1 1;Headers 3 5 {" + Get, Http2ErrorCode.ProtocolError)]
    [InlineData("5.1 DATA on an idle stream", "Data 1 1 61", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1 RST_STREAM on an idle stream", "RstStream 1 0 00000008", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1 WINDOW_UPDATE on an idle stream", "WindowUpdate 1 0 00000001", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1 CONTINUATION on an idle stream", "Continuation 1 4 82", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1.1 a stream of the server's", "Headers 2 5 {" + Get, Http2ErrorCode.ProtocolError)]
    [InlineData("5.1.1 a lower stream", "Headers 3 5 {" + Get + ";" + Request, Http2ErrorCode.ProtocolError)]
    [InlineData("5.3.1 a stream that depends on itself", "Headers 1 37 0000000110828486", Http2ErrorCode.ProtocolError)]
    [InlineData("5.5 an unknown frame within a block", "Headers 1 1;99 1 0 00", Http2ErrorCode.ProtocolError)]
    [InlineData("6.1 DATA on stream 0", "Data 0 1 61", Http2ErrorCode.ProtocolError)]
    [InlineData("6.1 padding longer than DATA", Opened + ";Data 1 8 0561", Http2ErrorCode.ProtocolError)]
    [InlineData("6.2 HEADERS on stream 0", "Headers 0 5 82", Http2ErrorCode.ProtocolError)]
    [InlineData("6.2 padding longer than HEADERS", "Headers 1 13 0582", Http2ErrorCode.ProtocolError)]
    [InlineData("6.3 PRIORITY on stream 0", "Priority 0 0 0000000010", Http2ErrorCode.ProtocolError)]
    [InlineData("6.4 RST_STREAM on stream 0", "RstStream 0 0 00000008", Http2ErrorCode.ProtocolError)]
    [InlineData("6.4 RST_STREAM of another length", Opened + ";RstStream 1 0 000008", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.5 SETTINGS on a stream", "Settings 1 0", Http2ErrorCode.ProtocolError)]
    [InlineData("6.5 SETTINGS of another length", "Settings 0 0 000100", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.5 an acknowledgement with content", "Settings 0 1 000100000001", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.5.2 a window above the greatest", "Settings 0 0 000480000000", Http2ErrorCode.FlowControlError)]
    [InlineData("6.5.2 a frame size below the least", "Settings 0 0 000500003fff", Http2ErrorCode.ProtocolError)]
    [InlineData("6.5.2 a frame size above the greatest", "Settings 0 0 000501000000", Http2ErrorCode.ProtocolError)]
    [InlineData("6.6 PUSH_PROMISE of a client", Opened + ";5 1 4 0000000282", Http2ErrorCode.ProtocolError)]
    [InlineData("6.7 PING on a stream", "Ping 1 0 3132333435363738", Http2ErrorCode.ProtocolError)]
    [InlineData("6.7 PING of another length", "Ping 0 0 313233", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.8 GOAWAY on a stream", "GoAway 1 0 0000000000000000", Http2ErrorCode.ProtocolError)]
    [InlineData("6.9 WINDOW_UPDATE by nothing", "WindowUpdate 0 0 00000000", Http2ErrorCode.ProtocolError)]
    [InlineData("6.9 WINDOW_UPDATE of another length", "WindowUpdate 0 0 000001", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.9.1 a window above the greatest",
        "WindowUpdate 0 0 7fffffff;WindowUpdate 0 0 7fffffff", Http2ErrorCode.FlowControlError)]
    [InlineData("6.10 CONTINUATION of another stream", "Headers 1 1;Continuation 3 4 82", Http2ErrorCode.ProtocolError)]
    [InlineData("6.10 CONTINUATION of stream 0", "Headers 1 1;Continuation 0 4 82", Http2ErrorCode.ProtocolError)]
    [InlineData("6.10 CONTINUATION after the end of a block", Opened + ";Continuation 1 4 82", Http2ErrorCode.ProtocolError)]
    [InlineData("6.10 DATA within a block", "Headers 1 0;Data 1 1 61", Http2ErrorCode.ProtocolError)]
    public void What_is_not_allowed_ends_the_connection(string section, string frames, object code)
    {
        Assert.NotEmpty(section);
        Open();
        Application.OnBegin = _ => { };
        Play(frames);
        EndsWith((Http2ErrorCode)code);
    }

    [Theory]
    [InlineData("5.1 DATA on a half-closed stream", Opened + ";Data 1 1 61;Data 1 1 62", Http2ErrorCode.StreamClosed)]
    [InlineData("6.9 WINDOW_UPDATE by nothing", Opened + ";WindowUpdate 1 0 00000000", Http2ErrorCode.ProtocolError)]
    [InlineData("6.9.1 a window above the greatest", Opened + ";WindowUpdate 1 0 7fffffff", Http2ErrorCode.FlowControlError)]
    [InlineData("8.2.2 Connection", Request + "|connection keep-alive", Http2ErrorCode.ProtocolError)]
    [InlineData("8.2.2 TE that says more", Request + "|te trailers, deflate", Http2ErrorCode.ProtocolError)]
    [InlineData("8.3 an unknown pseudo-header", Request + "|:test 1", Http2ErrorCode.ProtocolError)]
    [InlineData("8.3 a pseudo-header of responses", Request + "|:status 200", Http2ErrorCode.ProtocolError)]
    [InlineData("8.3.1 a pseudo-header twice", Request + "|:path /", Http2ErrorCode.ProtocolError)]
    public void What_is_not_allowed_on_a_stream_resets_it(string section, string frames, object code)
    {
        Assert.NotEmpty(section);
        Open();
        Application.OnBegin = _ => { };
        Play(frames);
        Assert.Equal($"RST_STREAM 1 {(Http2ErrorCode)code}", Frames()[^1]);
        Assert.False(IsEnded);
    }

    private void Play(string frames)
    {
        foreach (var frame in frames.Split(';'))
        {
            var words = frame.Split(' ', 4);
            var content = words.Length < 4 ? ""u8.ToArray() : words[3][0] == '{' ? Block(words[3][1..])
                : words[3][0] == '#' ? new byte[int.Parse(words[3].AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)]
                : Convert.FromHexString(words[3]);
            Send(Enum.Parse<Http2FrameType>(words[0]), int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture),
                int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture), content);
        }
    }
}
