using System.Net;
using System.Net.Sockets;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>Server, proxy and pool over real sockets and loops, asked by .NET's own client.</summary>
public sealed class LoopTests : IAsyncDisposable
{
    private const int BigBytes = 20_000_000;

    private readonly LoopHttpNetwork _network;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private int _accepted;
    private long _pendingMax;

    public LoopTests()
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
        _network = new LoopHttpNetwork(2, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _network.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_many_megabytes_passes_a_proxy_to_the_origin(bool isChunked)
    {
        var (proxy, _) = await ProxyAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var request = new HttpRequestMessage(System.Net.Http.HttpMethod.Post, $"http://{proxy}/sum");
        request.Content = new ByteArrayContent(Origin.Bytes(0, BigBytes));
        request.Headers.TransferEncodingChunked = isChunked;
        using var response = await _client.SendAsync(request);
        Assert.Equal($"{BigBytes} right", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("big")]
    [InlineData("big-chunked")]
    public async Task A_body_of_many_megabytes_passes_a_proxy_to_a_slow_client(string path)
    {
        var (proxy, _) = await ProxyAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var response = await _client.GetAsync($"http://{proxy}/{path}", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var (buffer, at) = (new byte[65536], 0);
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            Assert.True(Origin.Bytes(at, read).AsSpan().SequenceEqual(buffer.AsSpan(0, read)));
            at += read;
            Assert.InRange(_pendingMax, 0, 1_000_000);
        }
        Assert.Equal(BigBytes, at);
    }

    [Fact]
    public async Task Requests_one_after_the_other_share_a_connection_to_the_origin()
    {
        var (proxy, pool) = await ProxyAsync(new IPEndPoint(IPAddress.Loopback, 0));
        for (var i = 0; i < 20; i++)
            Assert.Equal("hello", await _client.GetStringAsync($"http://{proxy}/hello"));
        Assert.Equal((1, 1), (_accepted, pool.Count));
    }

    [Fact]
    public async Task An_origin_may_listen_on_a_path()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-");
        var (proxy, _) = await ProxyAsync(new UnixEndPoint(Path.Combine(folder.FullName, "s")));
        Assert.Equal("hello", await _client.GetStringAsync($"http://{proxy}/hello"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_origin_that_is_not_there_is_a_bad_gateway()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var proxy = await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), w =>
            new Proxy(w, free.LocalEndPoint!, new IdlePool(_network.Workers, 1)));
        using var response = await _client.GetAsync($"http://{proxy}/");
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Fact]
    public async Task An_idle_connection_moves_to_the_worker_that_needs_it()
    {
        var origin = await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), _ => new Origin(this));
        var pool = new IdlePool(_network.Workers, 4) { IsShared = true };
        foreach (var worker in (int[])[0, 1, 0, 1])
            Assert.Equal("200 hello", await AskAsync(_network.Workers[worker], origin, pool));
        Assert.Equal((1, 1), (_accepted, pool.Count));
    }

    [Fact]
    public async Task Many_clients_at_once_are_served()
    {
        var (proxy, _) = await ProxyAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var texts = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => _client.GetStringAsync($"http://{proxy}/hello")));
        Assert.All(texts, t => Assert.Equal("hello", t));
    }

    private async Task<(EndPoint Proxy, IdlePool Pool)> ProxyAsync(EndPoint at)
    {
        var origin = await ListenAsync(at, _ => new Origin(this));
        var pool = new IdlePool(_network.Workers, 16);
        return (await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), w => new Proxy(w, origin, pool)), pool);
    }

    private async Task<EndPoint> ListenAsync(EndPoint at, Func<HttpWorker, IHttpApplication> application) =>
        (await _network.ListenAsync(at, new ListenOptions(), w => new Sessions(w, application(w)))).Address;

    private static async Task<string> AskAsync(HttpWorker worker, EndPoint origin, IdlePool pool)
    {
        var asked = new Question();
        await worker.Executor.RunAsync(() =>
        {
            asked.Ask(worker, origin, pool);
            return ValueTask.CompletedTask;
        });
        return await asked.Answer.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class Sessions(HttpWorker worker, IHttpApplication application) : ISessionFactory
    {
        public Session Accept(SessionTransport transport) =>
            new Http1Connection(worker, transport, application, HttpServerOptions.Default);
    }

    // Checks what is posted, sends much, or greets.
    private sealed class Origin(LoopTests test) : IHttpApplication, IExchangeHandler
    {
        private int _at;
        private bool _isRight = true;

        public static byte[] Bytes(int from, int count)
        {
            var bytes = new byte[count];
            for (var i = 0; i < count; i++)
                bytes[i] = (byte)((from + i) * 2654435761 >> 24);
            return bytes;
        }

        public void Opened(HttpConnection connection) => Interlocked.Increment(ref test._accepted);

        public void Begin(HttpExchange exchange)
        {
            if (exchange.HasBody || exchange.RawTarget.StartsWith("/big"u8))
            {
                new Origin(test).Serve(exchange);
                return;
            }
            exchange.Respond(200, 5);
            exchange.Write("hello"u8);
            exchange.End();
        }

        public void Body(HttpExchange exchange, ReadOnlySpan<byte> bytes)
        {
            _isRight &= Bytes(_at, bytes.Length).AsSpan().SequenceEqual(bytes);
            _at += bytes.Length;
        }

        public void BodyEnded(HttpExchange exchange)
        {
            var text = Encoding.ASCII.GetBytes($"{_at} {(_isRight ? "right" : "wrong")}");
            exchange.Respond(200, text.Length);
            exchange.Write(text);
            exchange.End();
        }

        public void Drained(HttpExchange exchange) => Send(exchange);

        private void Serve(HttpExchange exchange)
        {
            exchange.Handler = this;
            if (exchange.HasBody)
            {
                exchange.ReadBody();
                return;
            }
            exchange.Respond(200, exchange.RawTarget.EndsWith("chunked"u8) ? -1 : BigBytes);
            Send(exchange);
        }

        private void Send(HttpExchange exchange)
        {
            while (_at < BigBytes && !exchange.IsBacklogged)
            {
                var count = Math.Min(10_007, BigBytes - _at);
                exchange.Write(Bytes(_at, count));
                _at += count;
                test._pendingMax = Math.Max(test._pendingMax, exchange.PendingBytes);
            }
            if (_at == BigBytes)
                exchange.End();
        }
    }
}
