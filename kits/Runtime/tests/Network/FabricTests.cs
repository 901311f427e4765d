using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime.Tests;

/// <summary>Connections in memory and the links under them.</summary>
public sealed class FabricTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WorldClock _clock = new(null, DateTimeOffset.UnixEpoch);
    private readonly Fabric _fabric;

    public FabricTests() => _fabric = new Fabric(_clock, new Seed(1), new NodeExecutor(new SerialCarrier(), "wire"));

    [Fact]
    public async Task A_port_that_somebody_took_meanwhile_is_replaced_where_nobody_was_told_of_it()
    {
        using var somebody = new TcpListener(IPAddress.Loopback, 0);
        somebody.Start();
        var taken = (IPEndPoint)somebody.LocalEndpoint;
        IPEndPoint? other = null;
        await using var sockets = new KestrelSocketHost();
        var fabric = new Fabric(_clock, new Seed(1), new NodeExecutor(new SerialCarrier(), "wire"), sockets)
        {
            SocketAddressOf = _ => taken,
            OtherSocketAddressOf = _ => other,
        };
        var network = fabric.Attach("node-1", new NodeExecutor(new SerialCarrier(), "node-1"));
        await Assert.ThrowsAsync<AddressInUseException>(async () => await network.ListenAsync(7, new EchoFactory(), default));
        other = new IPEndPoint(IPAddress.Loopback, 0);
        var listener = await network.ListenAsync(7, new EchoFactory(), default);
        Assert.NotEqual(taken.Port, listener.Socket!.Port);
        await listener.CloseAsync();
    }

    [Fact]
    public async Task A_client_reaches_a_node_by_name()
    {
        await ListenAsync();
        await using var stream = await _fabric.ConnectStreamAsync("client", new NodeEndPoint("echo-1", 7));
        Assert.Equal("hello\n", await EchoAsync(stream, "hello\n"));
    }

    [Fact]
    public async Task Where_nobody_listens_the_connection_is_refused()
    {
        var refused = await Assert.ThrowsAsync<SocketException>(async () =>
            await _fabric.ConnectAsync("client", new NodeEndPoint("nobody", 7)));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task A_cut_link_keeps_bytes_until_it_heals()
    {
        await ListenAsync();
        await using var stream = await _fabric.ConnectStreamAsync("client", new NodeEndPoint("echo-1", 7));
        await EchoAsync(stream, "a\n");
        _fabric.Links.Set("client", "echo-1", new LinkState(IsCut: true));
        var echo = EchoAsync(stream, "b\n");
        Assert.False(echo.IsCompleted);
        _fabric.Links.HealAll();
        Assert.Equal("b\n", await echo.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_slow_link_takes_its_time_on_the_worlds_clock()
    {
        await ListenAsync();
        await using var stream = await _fabric.ConnectStreamAsync("client", new NodeEndPoint("echo-1", 7));
        _fabric.Links.Slow("client", "echo-1", latencyMs: 50);
        var echo = EchoAsync(stream, "x\n");
        while (!echo.IsCompleted)
        {
            // Each way waits for a timer; time moves only when somebody waits for it.
            while (_clock.PendingTimers == 0 && !echo.IsCompleted)
                await Task.Yield();
            if (!echo.IsCompleted)
                _clock.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.Equal("x\n", await echo);
        Assert.InRange((_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds, 100, 200);
    }

    [Fact]
    public async Task A_node_that_goes_down_resets_its_connections()
    {
        await ListenAsync();
        await using var stream = await _fabric.ConnectStreamAsync("client", new NodeEndPoint("echo-1", 7));
        await EchoAsync(stream, "a\n");
        _fabric.Detach("echo-1");
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
        await Assert.ThrowsAsync<SocketException>(async () => await _fabric.ConnectAsync("client", new NodeEndPoint("echo-1", 7)));
    }

    private async Task ListenAsync()
    {
        var executor = new NodeExecutor(new SerialCarrier(), "echo-1");
        await _fabric.Attach("echo-1", executor).ListenAsync(7, new EchoFactory(), default);
    }

    private static async Task<string> EchoAsync(Stream stream, string text)
    {
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
        await stream.FlushAsync();
        var buffer = new byte[text.Length];
        await stream.ReadExactlyAsync(buffer);
        return System.Text.Encoding.ASCII.GetString(buffer);
    }
}
