using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using static Microcosm.Runtime.Tests.DisturbedNetwork;

namespace Microcosm.Runtime.Tests;

/// <summary>Connections that the network forgets while both ends live, on every carrier.</summary>
public sealed class ConnectionResetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<Carrier> Carriers => [Carrier.Memory, Carrier.Loop, Carrier.Kestrel];

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task Both_ends_see_a_reset_and_new_connections_work(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var (first, second) = (await network.ConnectAsync(), await network.ConnectAsync());
        Assert.Equal("a\n", await EchoAsync(first, "a\n"));
        Assert.Equal("b\n", await EchoAsync(second, "b\n"));
        Assert.Equal(carrier == Carrier.Memory ? 2 : 0, network.ResetConnections("echo-1", "client"));
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(first, 1));
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(second, 1));
        var told = await network.Echo.FirstClosed.WaitAsync(Patience);
        // Over Kestrel the connection is aborted on this side, which need not have a reason.
        if (carrier != Carrier.Kestrel)
            Assert.True(told is ConnectionResetException or SocketException { SocketErrorCode: SocketError.ConnectionReset }, $"{told}");
        Assert.Equal("c\n", await EchoAsync(await network.ConnectAsync(), "c\n"));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task What_is_on_its_way_is_lost_and_a_cut_link_saves_nothing(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        network.Links.Set("echo-1", "client", new LinkState(IsCut: true));
        await WriteAsync(stream, "lost\n");
        await network.SettleAsync();
        network.ResetConnections("client", "echo-1");
        await network.Echo.FirstClosed.WaitAsync(Patience);
        network.Links.HealAll();
        // Bytes that had come would be read before the reset.
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(stream, 1));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task Connections_between_others_go_on(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        await network.SettleAsync();
        Assert.Equal(0, network.ResetConnections("app", "echo-1"));
        Assert.Equal(0, network.ResetConnections("calm-1", "echo-1"));
        Assert.Equal("b\n", await EchoAsync(stream, "b\n"));
        network.ResetConnections("client", "echo-1");
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(stream, 1));
        await network.SettleAsync();
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_paused_node_learns_of_it_when_it_goes_on(Carrier carrier)
    {
        await using var network = await StartAsync(carrier);
        var stream = await network.ConnectAsync();
        Assert.Equal("a\n", await EchoAsync(stream, "a\n"));
        network.Pause("echo-1");
        network.ResetConnections("client", "echo-1");
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(stream, 1));
        await network.SettleAsync();
        Assert.False(network.Echo.FirstClosed.IsCompleted);
        network.Resume("echo-1");
        await network.Echo.FirstClosed.WaitAsync(Patience);
        Assert.Equal("b\n", await EchoAsync(await network.ConnectAsync(), "b\n"));
    }

    [Fact]
    public async Task A_connection_that_is_over_is_not_kept()
    {
        await using var network = await StartAsync(Carrier.Memory);
        var stream = await network.ConnectAsync();
        Assert.Equal(1, network.CountOpen("client", "echo-1"));
        await WriteAsync(stream, ".\n");
        Assert.Equal(".\n", await ReadAsync(stream, 100));
        await stream.DisposeAsync();
        for (var i = 0; i < 1_000 && network.CountOpen("client", "echo-1") > 0; i++)
            await network.SettleAsync();
        Assert.Equal(0, network.CountOpen("client", "echo-1"));
    }
}
