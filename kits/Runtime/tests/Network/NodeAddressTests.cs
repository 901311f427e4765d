using System.Net;

namespace Microcosm.Runtime.Tests;

/// <summary>Names of a world and their addresses.</summary>
public sealed class NodeAddressTests
{
    private readonly NodeAddresses _addresses = new();

    [Fact]
    public void A_system_stands_for_its_nodes_and_a_node_for_itself()
    {
        _addresses.Add("etcd-1", "etcd");
        _addresses.Add("etcd-2", "etcd");
        _addresses.Add("etcd-1", "etcd");
        Assert.Equal(["198.18.0.1", "198.18.0.2"], _addresses.Resolve("etcd").Select(a => a.ToString()));
        Assert.Equal("198.18.0.2", Assert.Single(_addresses.Resolve("etcd-2")).ToString());
        Assert.Empty(_addresses.Resolve("etcd-3"));
        Assert.Equal("198.18.0.3", _addresses.AddressOf("client").ToString());
        Assert.Equal("198.18.0.3", _addresses.AddressOf("client").ToString());
    }

    [Theory]
    [InlineData("198.18.0.0", null)]
    [InlineData("198.18.0.1", "a")]
    [InlineData("198.18.0.2", "b")]
    [InlineData("198.18.0.3", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("::1", null)]
    public void An_address_is_of_its_name(string address, string? name)
    {
        _addresses.Add("a");
        _addresses.Add("b");
        Assert.Equal(name, _addresses.NameAt(IPAddress.Parse(address)));
    }
}
