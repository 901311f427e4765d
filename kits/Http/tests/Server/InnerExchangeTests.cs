using System.Text;
using Microcosm.Runtime;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Http.Tests;

/// <summary>What a server asks itself: request, response, and the ends of both.</summary>
public sealed class InnerExchangeTests : ServerTest
{
    private readonly Sink _sink = new();
    private readonly TestApplication _inner = new();

    [Fact]
    public void It_asks_as_the_outer_exchange_and_lasts_longer()
    {
        var inner = Begin(fields: "X-A: 1\r\n");
        Application.Last!.Respond(204, 0);
        Application.Last.End();
        Turn();
        Assert.Equal(("/x?y", "GET /x?y HTTP/1.1", "1"), (Text(inner.RawTarget), Text(inner.RequestLine), Field(inner, "X-A")));
        Assert.Equal((HttpMethod.Post, "POST"), (inner.Method, Text(inner.MethodName)));
        inner.ResponseHeaders.Add("X-B"u8, "2"u8);
        inner.Respond(200, 5);
        inner.Write("hello"u8);
        inner.End();
        Assert.Equal(["head 200 5 X-B: 2", "hello"], _sink.Events);
        Turn();
        Assert.Equal(["head 200 5 X-B: 2", "hello", "whole X-B: 2"], _sink.Events);
        Assert.Equal(["complete"], _inner.Events);
    }

    [Theory]
    [InlineData(5, "cut")]
    [InlineData(3, "whole")]
    [InlineData(2, "whole")]
    [InlineData(-1, "whole")]
    public void A_body_that_is_shorter_than_was_said_is_not_whole(long length, string end)
    {
        var inner = Begin();
        inner.Respond(200, length);
        inner.Write("abc"u8);
        inner.End();
        inner.Write("more"u8);
        Turn();
        Assert.Equal(["abc"[..(int)(length < 0 ? 3 : Math.Min(3, length))], end], _sink.Events[1..]);
    }

    [Fact]
    public void One_that_is_broken_off_without_a_response_has_no_head()
    {
        Begin().Abort();
        Turn();
        Assert.Equal(["cut"], _sink.Events);
        Assert.Equal(["incomplete"], _inner.Events);
    }

    [Fact]
    public void One_that_is_cancelled_tells_who_responds_and_not_the_sink()
    {
        var inner = Begin();
        inner.Respond(200, 5);
        inner.Cancel();
        inner.Write("hello"u8);
        Turn();
        Assert.Equal(["head 200 5"], _sink.Events);
        Assert.Equal(["incomplete"], _inner.Events);
    }

    [Fact]
    public void A_file_is_read_for_a_sink_that_takes_bytes()
    {
        var (inner, file) = (Begin(), new BytesFile("0123456789"));
        inner.Respond(200, 4);
        inner.WriteFile(file, 2, 8);
        Assert.Equal("2345", _sink.Events[^1]);
        Assert.True(file.IsReleased);
    }

    [Fact]
    public void The_body_is_given_when_it_is_wanted_and_stops_where_it_is_paused()
    {
        _sink.Body.AddRange(["ab", "cd", "ef"]);
        var inner = Begin(length: 6);
        _inner.OnBody = (e, bytes) =>
        {
            if (bytes[0] == (byte)'c')
                e.PauseBody();
        };
        inner.ReadBody();
        Assert.Empty(_inner.Events);
        Turn();
        Assert.Equal(["body ab", "body cd"], _inner.Events);
        inner.ResumeBody();
        Turn();
        Assert.Equal(["body ab", "body cd", "body ef", "body ended"], _inner.Events);
        Assert.Equal(6, inner.BodyBytes);
    }

    [Fact]
    public void A_sink_that_is_full_makes_the_writer_wait()
    {
        var inner = Begin();
        inner.Respond(200, -1);
        Assert.False(inner.IsBacklogged);
        _sink.IsFull = true;
        Assert.True(inner.IsBacklogged);
        _sink.IsFull = false;
        inner.Drained();
        Assert.Empty(_inner.Events);
        Turn();
        Assert.Equal(["drained"], _inner.Events);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static string Field(InnerExchange exchange, string name) =>
        exchange.RequestHeaders.TryGet(Encoding.ASCII.GetBytes(name), out var value) ? Text(value) : "";

    private InnerExchange Begin(string fields = "", long length = 0)
    {
        Application.OnBegin = _ => { };
        Ask($"GET /x?y HTTP/1.1\r\nHost: h\r\n{fields}\r\n");
        return new InnerExchange(Application.Last!, _sink, "POST"u8, length) { Handler = _inner };
    }

    private sealed class Sink : IInnerSink
    {
        public List<string> Events { get; } = [];

        public List<string> Body { get; } = [];

        public bool IsFull { get; set; }

        void IInnerSink.Head(InnerExchange exchange, long length) => Events.Add($"head {exchange.Status} {length}{Fields(exchange)}");

        void IInnerSink.Body(InnerExchange exchange, ReadOnlySpan<byte> bytes) => Events.Add(Text(bytes));

        void IInnerSink.Ended(InnerExchange exchange, bool isComplete) => Events.Add((isComplete ? "whole" : "cut") + Fields(exchange));

        void IInnerSink.BodyWanted(InnerExchange exchange)
        {
            while (Body.Count > 0 && !exchange.IsBodyPaused)
            {
                var piece = Encoding.ASCII.GetBytes(Body[0]);
                Body.RemoveAt(0);
                exchange.Push(piece);
            }
            if (!exchange.IsBodyPaused)
                exchange.EndBody();
        }

        private static string Fields(InnerExchange exchange) => string.Concat(Enumerable.Range(0, exchange.ResponseHeaders.Count)
            .Select(i => $" {Text(exchange.ResponseHeaders[i].Name)}: {Text(exchange.ResponseHeaders[i].Value)}"));
    }

    private sealed class BytesFile(string content) : IOutputFile
    {
        public bool IsReleased { get; private set; }

        public SafeFileHandle? Handle => null;

        public int Read(long offset, Span<byte> buffer)
        {
            var rest = Encoding.ASCII.GetBytes(content).AsSpan((int)offset);
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            return rest.Length;
        }

        public void Release() => IsReleased = true;
    }
}
