using System.Net;
using System.Net.Sockets;

namespace Microcosm.Nginx.Tests;

/// <summary>Sessions of the stream part over real sockets.</summary>
public sealed class StreamServingTests
{
    [Fact]
    public async Task A_text_is_returned()
    {
        await using var nginx = await RunningNginx.StartStreamAsync(
            "server { listen 127.0.0.1:PORT; return \"$protocol $remote_addr\\n\"; }");
        Assert.Equal("TCP 127.0.0.1\n", await nginx.AskAsync(""));
    }

    [Fact]
    public async Task Bytes_go_to_an_upstream_and_back_and_are_counted()
    {
        using var upstream = new Echo();
        await using var nginx = await RunningNginx.StartStreamAsync(
            "log_format bytes \"$status $bytes_received $bytes_sent $upstream_bytes_sent $upstream_bytes_received\"; "
            + $"access_log logs/s.log bytes; server {{ listen 127.0.0.1:PORT; proxy_pass 127.0.0.1:{upstream.Port}; }}");
        using (var client = await nginx.ConnectAsync())
        {
            await client.SendAsync("hello"u8.ToArray());
            Assert.Equal("hello", await RunningNginx.ReadAsync(client, 5));
            client.Shutdown(SocketShutdown.Both);
        }
        Assert.Equal(["200 5 5 5 5"], await nginx.LogAsync("s.log", 1));
    }

    [Fact]
    public async Task What_a_server_is_told_of_the_client_counts_as_sent()
    {
        using var upstream = new Echo();
        await using var nginx = await RunningNginx.StartStreamAsync(
            "log_format bytes \"$upstream_bytes_sent $upstream_bytes_received\"; access_log logs/s.log bytes; "
            + $"server {{ listen 127.0.0.1:PORT; proxy_pass 127.0.0.1:{upstream.Port}; proxy_protocol on; }}");
        string head;
        using (var client = await nginx.ConnectAsync())
        {
            await client.SendAsync("hello"u8.ToArray());
            head = $"PROXY TCP4 127.0.0.1 127.0.0.1 {((IPEndPoint)client.LocalEndPoint!).Port} {nginx.Port}\r\n";
            Assert.Equal(head + "hello", await RunningNginx.ReadAsync(client, head.Length + 5));
            client.Shutdown(SocketShutdown.Both);
        }
        Assert.Equal([$"{head.Length + 5} {head.Length + 5}"], await nginx.LogAsync("s.log", 1));
    }

    [Fact]
    public async Task Probes_of_silent_clients_are_set_as_listen_says()
    {
        await using var nginx = await RunningNginx.StartStreamAsync("server { listen 127.0.0.1:PORT so_keepalive=30m::10; return x; }");
        using var socket = new Socket(new SafeSocketHandle(nginx.Server.Listeners.Descriptors[0], ownsHandle: false));
        Assert.Equal((1, 1800, 10), (
            (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!,
            (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!,
            (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount)!));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_gives_way_to_the_next()
    {
        using var upstream = new Echo();
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"upstream u {{ server 127.0.0.1:1; server 127.0.0.1:{upstream.Port}; }} server {{ listen 127.0.0.1:PORT; proxy_pass u; }}");
        using var client = await nginx.ConnectAsync();
        await client.SendAsync("again"u8.ToArray());
        Assert.Equal("again", await RunningNginx.ReadAsync(client, 5));
    }

    [Fact]
    public async Task Every_log_that_is_named_is_opened()
    {
        await using var nginx = await RunningNginx.StartStreamAsync("log_format s $status; access_log logs/unused.log s; "
            + "server { listen 127.0.0.1:PORT; access_log logs/s.log s; error_log logs/e.log; return text; }");
        Assert.Equal(["e.log", "s.log", "unused.log"],
            nginx.Server.Configuration.LogFiles("").Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_is_denied_gets_nothing()
    {
        await using var nginx = await RunningNginx.StartStreamAsync(
            "log_format s $status; access_log logs/s.log s; server { listen 127.0.0.1:PORT; deny all; return never; }");
        Assert.Equal("", await nginx.AskAsync(""));
        Assert.Equal(["403"], await nginx.LogAsync("s.log", 1));
    }

    [Fact]
    public async Task A_proxy_tells_whose_connection_it_passes_on()
    {
        await using var nginx = await RunningNginx.StartStreamAsync(
            "server { listen 127.0.0.1:PORT proxy_protocol; set_real_ip_from 127.0.0.1; return \"$remote_addr $proxy_protocol_port\"; }");
        Assert.Equal("192.0.2.1 123", await nginx.AskAsync("PROXY TCP4 192.0.2.1 192.0.2.2 123 80\n"));
        Assert.Equal("", await nginx.AskAsync("PROXY TCP9 192.0.2.1 192.0.2.2 123 80\n"));
    }

    [Fact]
    public async Task An_upstream_is_told_whose_connection_it_gets_in_binary()
    {
        using var upstream = new Echo();
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"server {{ listen 127.0.0.1:PORT; proxy_pass 127.0.0.1:{upstream.Port}; proxy_protocol v2; }}");
        using var client = await nginx.ConnectAsync();
        await client.SendAsync("hello"u8.ToArray());
        var answer = await RunningNginx.ReadAsync(client, 33);
        Assert.StartsWith("\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c", answer);
        Assert.EndsWith("hello", answer);
    }

    [Fact]
    public async Task A_connection_is_passed_to_another_address_of_the_same_process()
    {
        var socket = $"unix:{Path.GetTempPath()}{Path.GetRandomFileName()}";
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"map $remote_addr $there {{ default {socket}.c; }} server {{ listen 127.0.0.1:PORT; pass {socket}.b; }} "
            + "log_format s $status; access_log logs/s.log s; "
            + $"server {{ listen {socket}.b; pass $there; }} server {{ listen {socket}.c; return \"$remote_addr\"; }}");
        Assert.Equal("127.0.0.1", await nginx.AskAsync(""));
        Assert.Equal(["200"], await nginx.LogAsync("s.log", 1));
    }

    [Fact]
    public async Task A_socket_s_path_goes_with_its_listener()
    {
        var socket = $"{Path.GetTempPath()}{Path.GetRandomFileName()}";
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"server {{ listen 127.0.0.1:PORT; listen unix:{socket}.a; listen unix:{socket}.b; listen unix:{socket}.c udp; return x; }}");
        await nginx.ReloadStreamAsync($"server {{ listen unix:{socket}.b; listen unix:{socket}.c udp; return text; }}");
        Assert.False(File.Exists($"{socket}.a"));
        Assert.True(File.Exists($"{socket}.b") && File.Exists($"{socket}.c"));
        await nginx.Server.DrainAsync();
        Assert.False(File.Exists($"{socket}.b") || File.Exists($"{socket}.c"));
    }

    [Theory]
    [InlineData("127.0.0.1:1", "200")]
    [InlineData("127.0.0.1:PORT", "500")]
    public async Task A_connection_that_cannot_be_passed_ends(string target, string status)
    {
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"log_format s $status; access_log logs/s.log s; server {{ listen 127.0.0.1:PORT; pass {target}; }}");
        Assert.Equal("", await nginx.AskAsync(""));
        Assert.Equal([status], await nginx.LogAsync("s.log", 1));
    }

    [Theory]
    [InlineData("160301003801000034030163", false, "", "")]
    [InlineData("474554202f20485454502f312e31", true, "", "")]
    [InlineData("801c01030100", true, "TLSv1", "")]
    [InlineData("16030100530100004f03030000000000000000000000000000000000000000000000000000000000000000000002c02f01000024000000"
        + "0e000c000009484f53542e746573740010000e000c02683208687474702f312e31",
        true, "TLSv1.2", "host.test")]
    [InlineData("16030100140100004f03030000000000000000000000000000160301003f000000000000000000000000000000000000000002c02f0100"
        + "00240000000e000c000009484f53542e746573740010000e000c02683208687474702f312e31",
        true, "TLSv1.2", "host.test")]
    public void A_greeting_of_TLS_tells_whom_it_means(string hex, bool isWhole, string protocol, string name)
    {
        Assert.Equal(isWhole, ClientHello.TryRead(Convert.FromHexString(hex), out var hello));
        Assert.Equal((protocol, name), (hello?.Protocol ?? "", hello?.ServerName ?? ""));
    }

    private sealed class Echo : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Echo()
        {
            _listener.Start();
            _ = RunAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task RunAsync()
        {
            try
            {
                using var socket = await _listener.AcceptSocketAsync();
                var buffer = new byte[1024];
                while (await socket.ReceiveAsync(buffer) is > 0 and var count)
                    await socket.SendAsync(buffer.AsMemory(0, count));
            }
            catch (SocketException)
            {
                // The test is over.
            }
        }
    }
}
