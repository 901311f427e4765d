using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>Servers that are slow, stop, or never end: clients are told so as nginx tells them, and nothing piles up.</summary>
public sealed class BadUpstreamTests
{
    private const int Large = 32 << 20;
    private const string Head = "HTTP/1.1 200 OK\r\n";

    [Theory]
    [InlineData(null, "504 Gateway Time-out", "reading response header from upstream")]
    [InlineData("HTTP/1.1 200 OK\r\nX-", "504 Gateway Time-out", "reading response header from upstream")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart", "200 OK", "reading upstream")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n", "200 OK", "reading upstream")]
    public async Task A_server_that_stops_is_waited_for_so_long(string? answer, string status, string doing)
    {
        using var server = new ScriptedServer(_ => answer, keepsAlive: true);
        await using var nginx = await RunningNginx.StartAsync(
            $"error_log logs/error.log; location / {{ proxy_read_timeout 200ms; proxy_pass http://127.0.0.1:{server.Port}; }}");
        var seen = await nginx.GetAsync("/");
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", seen);
        Assert.False(seen.EndsWith("0\r\n\r\n", StringComparison.Ordinal));
        Assert.Contains($"upstream timed out (110: Connection timed out) while {doing}", (await nginx.LogAsync("error.log", 1))[0]);
        await server.Left;
    }

    [Theory]
    [InlineData(Head + "X: ", "x", "502 Bad Gateway", "upstream sent too big header")]
    [InlineData(Head, "X: 1\r\n", "502 Bad Gateway", "upstream sent too big header")]
    [InlineData("HTTP/1.1 ", "9", "502 Bad Gateway", "upstream sent no valid HTTP/1.0 header")]
    [InlineData("", "x", "502 Bad Gateway", "upstream sent no valid HTTP/1.0 header")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n", "1", "200 OK", "upstream sent invalid chunked response")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: 1\r\n", "200 OK", "")]
    public async Task What_never_ends_is_not_read_to_its_end(string first, string again, string status, string says)
    {
        using var server = new ScriptedServer(_ => new StringBuilder(first).Insert(first.Length, again, Large / again.Length).ToString());
        await using var nginx = await RunningNginx.StartAsync(
            $"error_log logs/error.log; location / {{ proxy_pass http://127.0.0.1:{server.Port}; }}");
        var seen = await nginx.GetAsync("/");
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", seen);
        Assert.False(seen.EndsWith("0\r\n\r\n", StringComparison.Ordinal));
        await server.Left;
        Assert.False(server.Served.IsCompleted);
        Assert.Contains(says, (await nginx.LogAsync("error.log", 1))[0]);
    }

    [Theory]
    [InlineData("proxy_max_temp_file_size 0;")]
    [InlineData("proxy_buffering off;")]
    [InlineData("proxy_max_temp_file_size 64k;")]
    public async Task A_body_that_never_ends_is_taken_no_faster_than_its_client_reads(string how)
    {
        using var server = new EndlessServer();
        await using var nginx = await RunningNginx.StartAsync($"location / {{ {how} proxy_pass http://127.0.0.1:{server.Port}; }}");
        using var client = await nginx.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        var stopped = await server.StopsAsync();
        // What sockets hold, and a little.
        Assert.InRange(stopped, 1, Large);
        await RunningNginx.ReadAsync(client, (int)stopped);
        Assert.InRange(await server.StopsAsync(), stopped + 1, stopped + Large);
    }

    [Fact]
    public async Task Streams_whose_windows_stay_shut_hold_up_nobody_and_go_on_when_they_open()
    {
        const int streams = 100, length = 1 << 20;
        using var server = new ScriptedServer(_ => $"{Head}Content-Length: {length}\r\n\r\n{new string('x', length)}");
        await using var nginx = await RunningNginx.StartAsync(
            $"http2 on; location /ok {{ return 200 ok; }} location / {{ proxy_pass http://127.0.0.1:{server.Port}; }}");
        using var client = await nginx.ConnectAsync();
        var asked = string.Concat(Enumerable.Range(0, streams).Select(i => Frame(1, 5, i * 2 + 1, "\u0082\u0084\u0086\u0041\u0001h")));
        await client.SendAsync(Bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(4, 0, 0, "\0\u0004\0\0\0\0") + asked));
        var frames = new FrameReader(client);
        // All heads come, and no byte of a body.
        await frames.ReadUntilAsync(() => frames.Heads == streams);
        Assert.Equal(0, frames.DataBytes);
        Assert.EndsWith("ok", await nginx.GetAsync("/ok"));
        var open = "\0\u0010\0\0";
        await client.SendAsync(Bytes(Frame(8, 0, 0, "\u0070\0\0\0")
            + string.Concat(Enumerable.Range(0, streams).Select(i => Frame(8, 0, i * 2 + 1, open)))));
        await frames.ReadUntilAsync(() => frames.Ended == streams);
        Assert.Equal((long)streams * length, frames.DataBytes);
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Frame(int type, int flags, int stream, string content) =>
        $"\0{(char)(content.Length >> 8)}{(char)(content.Length & 255)}{(char)type}{(char)flags}\0\0"
        + $"{(char)(stream >> 8 & 255)}{(char)(stream & 255)}{content}";

    // Counts what comes by kind.
    private sealed class FrameReader(Socket client)
    {
        private readonly byte[] _buffer = new byte[1 << 20];
        private int _held;

        public int Heads { get; private set; }

        public int Ended { get; private set; }

        public long DataBytes { get; private set; }

        public async Task ReadUntilAsync(Func<bool> isEnough)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!isEnough())
            {
                var read = await client.ReceiveAsync(_buffer.AsMemory(_held), patience.Token);
                Assert.True(read > 0, $"the server ended it: {Heads} heads, {Ended} ended, {DataBytes} bytes");
                _held += read;
                Take();
            }
        }

        private void Take()
        {
            var at = 0;
            while (_held - at >= 9)
            {
                var length = _buffer[at] << 16 | _buffer[at + 1] << 8 | _buffer[at + 2];
                if (_held - at < 9 + length)
                    break;
                Heads += _buffer[at + 3] == 1 ? 1 : 0;
                DataBytes += _buffer[at + 3] == 0 ? length : 0;
                Ended += _buffer[at + 3] is 0 or 1 && (_buffer[at + 4] & 1) != 0 ? 1 : 0;
                at += 9 + length;
            }
            _buffer.AsSpan(at, _held - at).CopyTo(_buffer);
            _held -= at;
        }
    }

    // Sends as long as it can.
    private sealed class EndlessServer : IDisposable
    {
        private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
        private Socket? _client;
        private long _sent;

        public EndlessServer()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        /// <summary>Bytes that it has sent once nobody takes more for a while.</summary>
        public async Task<long> StopsAsync()
        {
            var piece = Bytes(new string('x', 65536));
            if (_client is null)
            {
                _client = await _listener.AcceptAsync();
                _client.Blocking = false;
                await _client.ReceiveAsync(new byte[4096]);
                await _client.SendAsync(Bytes(Head + "\r\n"));
            }
            while (_client.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite))
            {
                var sent = _client.Send(piece, SocketFlags.None, out var error);
                Assert.True(error is SocketError.Success or SocketError.WouldBlock, $"{error} after {_sent} bytes");
                _sent += sent;
                Assert.True(_sent < 8L * Large, "it is taken however much it is");
            }
            return _sent;
        }

        public void Dispose()
        {
            _client?.Dispose();
            _listener.Dispose();
        }
    }
}
