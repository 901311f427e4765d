using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>Heads and bodies of responses, byte for byte.</summary>
public sealed class ResponseTests : ServerTest
{
    private const string Get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

    [Fact]
    public void A_response_of_a_length_keeps_the_connection()
    {
        Assert.Equal("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello", Ask(Get));
        Assert.Equal("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello", Ask(Get));
        Happened("begin GET /x", "complete", "begin GET /x", "complete");
        Assert.Equal("open", Transport.State);
    }

    [Fact]
    public void A_response_without_a_length_is_chunked()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, -1);
            e.Write("hello"u8);
            e.Write(default);
            e.Write(new byte[17]);
            var trailers = new HeaderList();
            trailers.Add("X-Sum"u8, "1"u8);
            e.End(trailers);
        };
        Assert.Equal("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n5\r\nhello\r\n11\r\n"
            + new string('\0', 17) + "\r\n0\r\nX-Sum: 1\r\n\r\n", Ask(Get));
        Assert.Equal("open", Transport.State);
    }

    [Fact]
    public void To_an_old_client_it_ends_with_the_connection()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, -1);
            e.Write("hello"u8);
            e.End();
        };
        Assert.Equal("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", Ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
        Assert.Equal("closed", Transport.State);
    }

    [Theory]
    [InlineData("HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "close")]
    [InlineData("HTTP/1.1\r\nHost: h\r\nConnection: te, Close\r\n\r\n", "close")]
    [InlineData("HTTP/1.1\r\nHost: h\r\n\r\n", "keep-alive")]
    [InlineData("HTTP/1.0\r\n\r\n", "close")]
    [InlineData("HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "keep-alive")]
    public void The_client_says_whether_the_connection_is_kept(string rest, string connection)
    {
        Assert.Contains($"Connection: {connection}\r\n", Ask("GET / " + rest));
        Assert.Equal(connection == "close" ? "closed" : "open", Transport.State);
    }

    [Fact]
    public void The_oldest_clients_get_a_body_and_no_head()
    {
        Assert.Equal("hello", Ask("GET /\r\n"));
        Assert.Equal("closed", Transport.State);
        Happened("begin GET /", "complete", "connection closed");
    }

    [Fact]
    public void HEAD_gets_the_head_alone()
    {
        Assert.Equal("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n", Ask("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"));
        Assert.Equal("open", Transport.State);
    }

    [Theory]
    [InlineData(204, "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n")]
    [InlineData(304, "HTTP/1.1 304 Not Modified\r\nConnection: keep-alive\r\n\r\n")]
    public void Some_statuses_have_no_body(int status, string response)
    {
        Application.OnBegin = e =>
        {
            e.Respond(status, -1);
            e.Write("dropped"u8);
            e.End();
        };
        Assert.Equal(response, Ask(Get));
        Assert.Equal("open", Transport.State);
    }

    [Fact]
    public void Own_fields_stand_in_their_order_and_the_connections_where_they_are_wanted()
    {
        Application.OnBegin = e =>
        {
            e.ResponseHeaders.Add(KnownHeader.Server, "s"u8);
            e.ResponseHeaders.Add(KnownHeader.ContentLength, 2);
            e.FramingIndex = e.ResponseHeaders.Count;
            e.ResponseHeaders.Add("X-Last"u8, "1"u8);
            e.Respond(404, -1, "Nowhere"u8);
            e.Write("no, no"u8);
            e.End();
        };
        Assert.Equal("HTTP/1.1 404 Nowhere\r\nServer: s\r\nContent-Length: 2\r\nConnection: keep-alive\r\nX-Last: 1\r\n\r\nno", Ask(Get));
    }

    [Fact]
    public void A_body_shorter_than_announced_ends_the_connection()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, 10);
            e.Write("hello"u8);
            e.End();
        };
        Assert.EndsWith("\r\n\r\nhello", Ask(Get));
        Assert.Equal("closed", Transport.State);
        Happened("begin GET /x", "incomplete", "connection closed");
    }

    [Fact]
    public void A_response_that_is_broken_off_has_no_last_chunk()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, -1);
            e.Write("hello"u8);
            e.Abort();
        };
        Assert.EndsWith("\r\n\r\n5\r\nhello\r\n", Ask(Get));
        Assert.Equal("closed", Transport.State);
    }

    [Fact]
    public void One_that_never_began_is_a_silent_close()
    {
        Application.OnBegin = e => e.Abort();
        Assert.Equal("", Ask(Get));
        Assert.Equal("closed", Transport.State);
    }

    [Fact]
    public void Early_hints_come_before()
    {
        Application.OnBegin = e =>
        {
            var hints = new HeaderList();
            hints.Add(KnownHeader.Link, "</a>"u8);
            e.Inform(103, hints);
            TestApplication.Hello(e);
        };
        Assert.StartsWith("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n", Ask(Get));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", Ask("GET / HTTP/1.0\r\n\r\n"));
    }

    [Fact]
    public void A_file_is_part_of_the_body()
    {
        var file = new MemoryOutputFile("0123456789"u8.ToArray());
        Application.OnBegin = e =>
        {
            e.Respond(200, -1);
            e.WriteFile(file, 2, 5);
            e.End();
        };
        Assert.EndsWith("\r\n\r\n5\r\n23456\r\n0\r\n\r\n", Ask(Get));
        Assert.Equal(1, file.Released);
        Assert.EndsWith("\r\n\r\n", Ask("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"));
        Assert.Equal(2, file.Released);
    }

    [Fact]
    public void Much_that_waits_to_be_sent_keeps_the_exchange_until_it_is_sent()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, 1_000_000);
            e.Write(new byte[1_000_000]);
            e.End();
        };
        Open();
        Transport.IsStuck = true;
        Ask(Get + Get);
        Happened("begin GET /x");
        Transport.IsStuck = false;
        Turn();
        Happened("complete", "begin GET /x", "complete");
    }

    [Fact]
    public void A_client_that_reads_nothing_is_reset_in_the_end()
    {
        Application.OnBegin = e =>
        {
            e.Respond(200, 1_000_000);
            e.Write(new byte[1_000_000]);
            e.End();
        };
        Open();
        Transport.IsStuck = true;
        Ask(Get);
        Worker.Advance(60_000);
        Assert.Equal("aborted", Transport.State);
        Happened("begin GET /x", "incomplete", "connection closed");
    }

    [Fact]
    public void Bytes_are_counted_with_and_without_head_and_coding()
    {
        long all = 0, body = 0;
        Application.OnBegin = e =>
        {
            e.Respond(200, -1);
            e.Write("hello"u8);
            e.End();
            (all, body) = (e.ResponseBytes, e.ResponseBodyBytes);
        };
        var sent = Ask(Get);
        Assert.Equal((sent.Length, 5), (all, body));
    }

    private sealed class MemoryOutputFile(byte[] content) : IOutputFile
    {
        public int Released { get; private set; }

        public Microsoft.Win32.SafeHandles.SafeFileHandle? Handle => null;

        public int Read(long offset, Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, content.Length - (int)offset);
            content.AsSpan((int)offset, count).CopyTo(buffer);
            return count;
        }

        public void Release() => Released++;
    }
}
