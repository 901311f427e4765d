using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>Sessions of the stream part over datagrams.</summary>
public sealed class DatagramServingTests
{
    private const string Log = "log_format s \"$status $bytes_received $bytes_sent $upstream_bytes_sent $upstream_bytes_received\"; "
        + "access_log logs/s.log s; ";

    [Fact]
    public async Task Connections_and_datagrams_have_the_same_port()
    {
        await using var nginx = await RunningNginx.StartStreamAsync(
            "server { listen 127.0.0.1:PORT udp; listen 127.0.0.1:PORT; return \"$protocol $remote_addr $server_port\"; }");
        Assert.Equal($"TCP 127.0.0.1 {nginx.Port}", await nginx.AskAsync(""));
        using var client = nginx.ConnectDatagrams();
        Assert.Equal($"UDP 127.0.0.1 {nginx.Port}", await DatagramEcho.AskAsync(client, "x"));
    }

    [Fact]
    public async Task A_client_s_datagrams_are_one_session()
    {
        using var upstream = new DatagramEcho();
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"server {{ listen 127.0.0.1:PORT udp; proxy_pass 127.0.0.1:{upstream.Port}; }}");
        using var first = nginx.ConnectDatagrams();
        using var second = nginx.ConnectDatagrams();
        foreach (var (client, text) in ((Socket, string)[])[(first, "a"), (first, "b"), (second, "c"), (first, "")])
            Assert.Equal(text, await DatagramEcho.AskAsync(client, text));
        Assert.Equal(upstream.Senders[0], upstream.Senders[1]);
        Assert.NotEqual(upstream.Senders[0], upstream.Senders[2]);
        Assert.Equal(upstream.Senders[0], upstream.Senders[3]);
    }

    [Fact]
    public async Task A_session_ends_with_the_answers_that_it_is_to_have_and_is_logged()
    {
        using var upstream = new DatagramEcho();
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"{Log}server {{ listen 127.0.0.1:PORT udp; proxy_pass 127.0.0.1:{upstream.Port}; proxy_responses 1; }}");
        using var client = nginx.ConnectDatagrams();
        Assert.Equal("hello", await DatagramEcho.AskAsync(client, "hello"));
        Assert.Equal("on", await DatagramEcho.AskAsync(client, "on"));
        Assert.Equal(["200 5 5 5 5", "200 2 2 2 2"], await nginx.LogAsync("s.log", 2));
        Assert.Equal(2, upstream.Senders.Distinct().Count());
    }

    [Fact]
    public async Task After_so_many_requests_another_session_begins_and_the_first_has_its_answers_yet()
    {
        using var upstream = new DatagramEcho { IsSilent = true };
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"{Log}server {{ listen 127.0.0.1:PORT udp; proxy_pass 127.0.0.1:{upstream.Port}; proxy_responses 1; proxy_requests 2; }}");
        using var client = nginx.ConnectDatagrams();
        foreach (var text in (string[])["a", "b", "c"])
            await client.SendAsync(Encoding.ASCII.GetBytes(text));
        await upstream.HeardAsync(3);
        Assert.Equal(upstream.Senders[0], upstream.Senders[1]);
        Assert.NotEqual(upstream.Senders[0], upstream.Senders[2]);
        await upstream.SendAsync("1", upstream.Senders[0]);
        await upstream.SendAsync("2", upstream.Senders[1]);
        Assert.Equal("1", await DatagramEcho.ReadAsync(client));
        Assert.Equal("2", await DatagramEcho.ReadAsync(client));
        Assert.Equal(["200 2 2 2 2"], await nginx.LogAsync("s.log", 1));
    }

    [Theory]
    [InlineData("", "200 1 0 1 0")]
    [InlineData("proxy_responses 1;", "502 1 0 1 0")]
    public async Task A_session_that_is_silent_ends_well_unless_answers_are_missing(string directive, string line)
    {
        using var upstream = new DatagramEcho { IsSilent = true };
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"{Log}server {{ listen 127.0.0.1:PORT udp; proxy_pass 127.0.0.1:{upstream.Port}; proxy_timeout 1ms; {directive} }}");
        using var client = nginx.ConnectDatagrams();
        await client.SendAsync("x"u8.ToArray());
        Assert.Equal([line], await nginx.LogAsync("s.log", 1));
    }

    [Fact]
    public async Task The_first_datagram_tells_whose_they_are()
    {
        using var upstream = new DatagramEcho();
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"server {{ listen 127.0.0.1:PORT udp; proxy_pass 127.0.0.1:{upstream.Port}; proxy_protocol on; }}");
        using var client = nginx.ConnectDatagrams();
        var port = ((IPEndPoint)client.LocalEndPoint!).Port;
        Assert.Equal($"PROXY TCP4 127.0.0.1 127.0.0.1 {port} {nginx.Port}\r\nfirst", await DatagramEcho.AskAsync(client, "first"));
        Assert.Equal("second", await DatagramEcho.AskAsync(client, "second"));
    }

    [Fact]
    public async Task A_server_without_a_way_gives_way_to_the_next()
    {
        using var upstream = new DatagramEcho();
        await using var nginx = await RunningNginx.StartStreamAsync(
            "log_format a $upstream_addr; access_log logs/a.log a; "
            + $"upstream u {{ server 127.255.255.255:9; server 127.0.0.1:{upstream.Port}; }} "
            + "server { listen 127.0.0.1:PORT udp; proxy_pass u; proxy_responses 1; }");
        using var client = nginx.ConnectDatagrams();
        Assert.Equal("x", await DatagramEcho.AskAsync(client, "x"));
        Assert.Equal([$"127.255.255.255:9, 127.0.0.1:{upstream.Port}"], await nginx.LogAsync("a.log", 1));
    }

    [Fact]
    public async Task A_server_that_nobody_serves_at_has_failed()
    {
        using var upstream = new DatagramEcho();
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"{Log}upstream u {{ server 127.0.0.1:1; server 127.0.0.1:{upstream.Port}; }} "
            + "server { listen 127.0.0.1:PORT udp; proxy_pass u; proxy_responses 1; }");
        using var client = nginx.ConnectDatagrams();
        await client.SendAsync("lost"u8.ToArray());
        Assert.Equal(["200 4 0 4 0"], await nginx.LogAsync("s.log", 1));
        for (var i = 0; i < 3; i++)
            Assert.Equal("x", await DatagramEcho.AskAsync(client, "x"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    public async Task What_comes_while_a_name_is_looked_up_waits_as_far_as_there_is_room(string tooMuch)
    {
        using var upstream = new DatagramEcho();
        using var asked = new SemaphoreSlim(0);
        using var names = new TestNameServer(_ =>
        {
            asked.Wait(TimeSpan.FromSeconds(30));
            return ["127.0.0.1"];
        });
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"resolver 127.0.0.1:{names.Port} ipv6=off; proxy_buffer_size 4; map $remote_addr $name {{ default name.test; }} "
            + $"server {{ listen 127.0.0.1:PORT udp; proxy_pass $name:{upstream.Port}; }} ");
        using var client = nginx.ConnectDatagrams();
        // The third does not fit.
        foreach (var text in (string[])["first", "four", tooMuch])
            await client.SendAsync(Encoding.ASCII.GetBytes(text));
        asked.Release();
        Assert.Equal("first", await DatagramEcho.ReadAsync(client));
        Assert.Equal("four", await DatagramEcho.ReadAsync(client));
        Assert.Equal("y", await DatagramEcho.AskAsync(client, "y"));
    }

    [Fact]
    public async Task Who_is_one_too_many_or_denied_gets_nothing()
    {
        using var upstream = new DatagramEcho();
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"{Log}limit_conn_zone $remote_addr zone=z:1m; "
            + $"server {{ listen 127.0.0.1:PORT udp; limit_conn z 1; proxy_pass 127.0.0.1:{upstream.Port}; }}");
        using var first = nginx.ConnectDatagrams();
        using var second = nginx.ConnectDatagrams();
        Assert.Equal("a", await DatagramEcho.AskAsync(first, "a"));
        await second.SendAsync("b"u8.ToArray());
        Assert.Equal(["503 1 0 - -"], await nginx.LogAsync("s.log", 1));
        Assert.Equal("c", await DatagramEcho.AskAsync(first, "c"));
    }

    [Fact]
    public async Task Sessions_are_no_more_than_worker_connections()
    {
        using var upstream = new DatagramEcho();
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"server {{ listen 127.0.0.1:PORT udp; proxy_pass 127.0.0.1:{upstream.Port}; }}", "worker_connections 4;");
        using var first = nginx.ConnectDatagrams();
        using var second = nginx.ConnectDatagrams();
        using var third = nginx.ConnectDatagrams();
        Assert.Equal("a", await DatagramEcho.AskAsync(first, "a"));
        Assert.Equal("b", await DatagramEcho.AskAsync(second, "b"));
        await third.SendAsync("c"u8.ToArray());
        Assert.Equal("d", await DatagramEcho.AskAsync(first, "d"));
        Assert.Equal(2, upstream.Senders.Distinct().Count());
    }

    [Fact]
    public async Task A_reload_keeps_port_and_sessions()
    {
        using var upstream = new DatagramEcho();
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"server {{ listen 127.0.0.1:PORT udp; proxy_pass 127.0.0.1:{upstream.Port}; }}");
        using var client = nginx.ConnectDatagrams();
        Assert.Equal("a", await DatagramEcho.AskAsync(client, "a"));
        await nginx.ReloadStreamAsync("server { listen 127.0.0.1:PORT udp; return new; }");
        Assert.Equal("b", await DatagramEcho.AskAsync(client, "b"));
        Assert.Equal(upstream.Senders[0], upstream.Senders[1]);
        using var later = nginx.ConnectDatagrams();
        Assert.Equal("new", await DatagramEcho.AskAsync(later, "c"));
    }

    [Fact]
    public async Task An_end_waits_for_answers_that_are_due_and_for_nothing_else()
    {
        using var upstream = new DatagramEcho { IsSilent = true };
        await using var nginx = await RunningNginx.StartStreamAsync(
            $"{Log}map $remote_addr $x {{ default 1; }} "
            + $"server {{ listen 127.0.0.1:PORT udp; proxy_pass 127.0.0.1:{upstream.Port}; proxy_responses 1; }} "
            + $"server {{ listen 127.0.0.2:PORT udp; proxy_pass 127.0.0.1:{upstream.Port}; }}");
        using var waiting = nginx.ConnectDatagrams();
        using var endless = nginx.ConnectDatagrams("127.0.0.2");
        await waiting.SendAsync("due"u8.ToArray());
        await upstream.HeardAsync(1);
        await endless.SendAsync("x"u8.ToArray());
        await upstream.HeardAsync(2);
        var drained = nginx.Server.DrainAsync();
        Assert.Equal(["200 1 0 1 0"], await nginx.LogAsync("s.log", 1));
        Assert.False(drained.IsCompleted);
        await upstream.SendAsync("answer", upstream.Senders[0]);
        Assert.Equal("answer", await DatagramEcho.ReadAsync(waiting));
        await drained.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
