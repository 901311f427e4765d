using System.Net;

namespace Microcosm.Nginx.Tests;

public class AddressTests
{
    [Theory]
    [InlineData("80", "0.0.0.0:80")]
    [InlineData("*:81", "0.0.0.0:81")]
    [InlineData("127.0.0.1", "127.0.0.1:80")]
    [InlineData("127.0.0.1:82-83", "127.0.0.1:82 127.0.0.1:83")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("[::]", "[::]:80")]
    [InlineData("unix:/run/x", "unix:/run/x")]
    [InlineData("localhost:5", "127.0.0.1:5")]
    [InlineData("two.example:5", "192.0.2.1:5 [2001:db8::1]:5")]
    public void Listening_addresses(string text, string addresses)
    {
        var url = HostUrl.TryParse(text, new HostUrlRules(80, IsListen: true, Names: new MemoryFiles()), out var error);
        Assert.Equal("", error);
        Assert.Equal(addresses, string.Join(' ', url!.Addresses));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/255.0.0.0", "10.1.1.1", true)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("0.0.0.0/0", "1.2.3.4", true)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.1.1", true)]
    [InlineData("10.0.0.0/8", "::1", false)]
    public void Networks(string network, string address, bool contains)
    {
        Assert.True(Cidr.TryParse(network, out var cidr, out _));
        Assert.Equal(contains, cidr.Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0/8")]
    [InlineData("1.2.3.4.5")]
    [InlineData("0x7f.1.1.1")]
    [InlineData("10.0.0.0/255.0.255.0")]
    [InlineData("::1/129")]
    [InlineData("")]
    public void What_is_no_network(string text) => Assert.False(Cidr.TryParse(text, out _, out _));

    [Theory]
    [InlineData("10.0.0.1", "192.0.2.1, 10.0.0.2", false, "10.0.0.2")]
    [InlineData("10.0.0.1", "192.0.2.1, 10.0.0.2", true, "192.0.2.1")]
    [InlineData("10.0.0.1", "192.0.2.9, 192.0.2.1, 10.0.0.2", true, "192.0.2.1")]
    [InlineData("192.0.2.5", "192.0.2.1", true, "192.0.2.5")]
    [InlineData("10.0.0.1", "", true, "10.0.0.1")]
    [InlineData("10.0.0.1", "garbage", true, "10.0.0.1")]
    [InlineData("10.0.0.1", "[2001:db8::1]:443", false, "2001:db8::1")]
    [InlineData("10.0.0.1", "192.0.2.1:8080", false, "192.0.2.1")]
    public void The_client_behind_proxies(string peer, string header, bool recursive, string client)
    {
        Cidr.TryParse("10.0.0.0/8", out var trusted, out _);
        var found = ForwardedFor.ClientOf(IPAddress.Parse(peer), System.Text.Encoding.ASCII.GetBytes(header), [trusted], recursive);
        Assert.Equal(IPAddress.Parse(client), found);
    }
}
