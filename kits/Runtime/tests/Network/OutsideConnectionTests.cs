using System.Net;
using System.Net.Sockets;

namespace Microcosm.Runtime.Tests;

/// <summary>A node's connections to servers outside of the world.</summary>
public sealed class OutsideConnectionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly Fabric _fabric = new(new WorldClock(TimeProvider.System), new Seed(1), new NodeExecutor(new SerialCarrier(), "wire"));

    public OutsideConnectionTests() => _server.Start();

    private DnsEndPoint Address => new("localhost", ((IPEndPoint)_server.LocalEndpoint).Port);

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task It_is_reached_by_name_and_what_was_written_is_sent_when_the_node_goes_down()
    {
        var network = Attach();
        var connection = await network.ConnectAsync(Address, default);
        using var served = await _server.AcceptTcpClientAsync();
        await connection.Transport.Output.WriteAsync("hello"u8.ToArray());
        _fabric.Detach("node-1");
        using var all = new MemoryStream();
        await served.GetStream().CopyToAsync(all).WaitAsync(Patience);
        Assert.Equal("hello"u8.ToArray(), all.ToArray());
    }

    [Fact]
    public async Task A_node_that_is_down_reaches_nobody()
    {
        var network = Attach();
        _fabric.Detach("node-1");
        var error = await Assert.ThrowsAsync<SocketException>(async () => await network.ConnectAsync(Address, default));
        Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
    }

    [Fact]
    public async Task Where_nobody_listens_the_connection_is_refused()
    {
        var address = Address;
        _server.Stop();
        var error = await Assert.ThrowsAsync<SocketException>(async () => await Attach().ConnectAsync(address, default));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    private INodeNetwork Attach() => _fabric.Attach("node-1", new NodeExecutor(new SerialCarrier(), "node-1"));
}
