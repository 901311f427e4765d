using System.Net;
using Microcosm.Http;

namespace Microcosm.Nginx.Tests;

/// <summary>Servers of an upstream whose names have other addresses now.</summary>
public sealed class UpstreamPeersTests
{
    private static readonly UpstreamServer Named = new("a.test:80", []) { IsResolved = true, Host = "a.test", Port = 80 };

    [Fact]
    public void An_address_that_stays_is_the_same_server()
    {
        var peers = New(Named);
        Assert.Empty(peers.Group().Peers);
        Assert.True(peers.TryUpdate(Named, [At("10.0.0.1"), At("10.0.0.2")]));
        var before = peers.Group().Peers;
        Assert.False(peers.TryUpdate(Named, [At("10.0.0.2"), At("10.0.0.1")]));
        Assert.True(peers.TryUpdate(Named, [At("10.0.0.3"), At("10.0.0.2")]));
        Assert.Same(before[1], peers.Group().Peers[1]);
        Assert.Equal(["10.0.0.3:80", "10.0.0.2:80"], peers.Group().Peers.Select(p => p.Address.ToString()));
        Assert.True(peers.TryUpdate(Named, []));
        Assert.Empty(peers.Group().Peers);
    }

    [Fact]
    public void Servers_of_a_service_have_its_ports_and_weights_and_the_later_ones_are_backup()
    {
        var server = Named with { Service = "http" };
        var peers = New(server);
        peers.TryUpdate(server, [At("10.0.0.1", 81, 1, 5), At("10.0.0.2", 82, 2, 7), At("10.0.0.1", 81, 1, 5)]);
        var group = peers.Group();
        Assert.Equal(["10.0.0.1:81 5 s", "10.0.0.1:81 5 s"], group.Peers.Select(p => $"{p.Address} {p.Weight} {p.Name}"));
        Assert.Equal(["10.0.0.2:82 7 s"], group.Backup!.Peers.Select(p => $"{p.Address} {p.Weight} {p.Name}"));
    }

    private static UpstreamPeers New(UpstreamServer server) => new(new Upstream("u", 0, [server],
        new BalancingPolicy.RoundRobin(), new UpstreamKeepAlive(0, false, 0, 0, 0), null, null, 0));

    private static ResolvedAddress At(string ip, int port = 0, int priority = 0, int weight = 1) =>
        new(IPAddress.Parse(ip), port, priority, weight, port == 0 ? "" : "s");
}
