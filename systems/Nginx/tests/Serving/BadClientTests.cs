using System.Net.Sockets;

namespace Microcosm.Nginx.Tests;

/// <summary>Clients that take their time, or more than that: they are told so, as nginx tells them, and let go.</summary>
public sealed class BadClientTests
{
    private const string Patience =
        "client_header_timeout 300ms; client_body_timeout 300ms; send_timeout 300ms; lingering_timeout 100ms; keepalive_timeout 300ms; ";

    [Theory]
    [InlineData("")]
    [InlineData("GET / HT")]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nX-")]
    [InlineData("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")]
    public async Task Who_stops_in_the_midst_of_a_request_is_let_go_without_a_word(string request)
    {
        // So does nginx 1.22.1, which only logs 408.
        await using var nginx = await StartAsync();
        Assert.Equal("", await nginx.AskBytesAsync(request));
    }

    [Fact]
    public async Task A_head_has_a_time_all_in_all_however_often_some_of_it_comes()
    {
        await using var nginx = await StartAsync();
        using var client = await nginx.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\n"u8.ToArray());
        var sent = 0;
        try
        {
            while (sent < 10_000)
            {
                await client.SendAsync("X: a\r\n"u8.ToArray());
                sent++;
                if (client.Poll(20_000, SelectMode.SelectRead))
                    break;
            }
        }
        catch (SocketException)
        {
            // It is closed, and says so in its own time.
        }
        Assert.InRange(sent, 1, 1000);
        await nginx.GetAsync("/");
    }

    [Fact]
    public async Task Who_does_not_read_is_given_up_and_holds_nothing()
    {
        const int length = 16 << 20;
        await using var nginx = await RunningNginx.StartAsync(Patience + "location / { root html; }", ("big", new string('x', length)));
        using var client = await nginx.ConnectAsync();
        client.ReceiveBufferSize = 4096;
        await client.SendAsync("GET /big HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        await GoneAsync(nginx);
    }

    [Fact]
    public async Task Idle_connections_are_closed_after_their_time()
    {
        await using var nginx = await RunningNginx.StartAsync("keepalive_timeout 300ms; location / { return 200 ok; }");
        var clients = new List<Socket>();
        for (var i = 0; i < 200; i++)
        {
            var client = await nginx.ConnectAsync();
            await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
            clients.Add(client);
        }
        foreach (var client in clients)
        {
            Assert.StartsWith("HTTP/1.1 200 ", await RunningNginx.ReadAsync(client, int.MaxValue));
            client.Dispose();
        }
        await GoneAsync(nginx);
    }

    private static async Task GoneAsync(RunningNginx nginx)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (nginx.Server.Open().Count > 0)
        {
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private static Task<RunningNginx> StartAsync() => RunningNginx.StartAsync(
        Patience + "location / { return 200 ok; } location /body { proxy_pass http://127.0.0.1:PORT/; }");
}
