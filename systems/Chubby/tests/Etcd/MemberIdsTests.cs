using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

public sealed class MemberIdsTests
{
    /// <summary>Everyone who ever started an etcd with its defaults has seen these two.</summary>
    [Fact]
    public void The_one_member_of_etcds_defaults_has_its_well_known_number()
    {
        var id = MemberIds.Of(["http://localhost:2380"], "etcd-cluster");
        Assert.Equal("8e9e05c52164694d", $"{id:x}");
        Assert.Equal("cdf818194e3a8c32", $"{MemberIds.OfCluster([id]):x}");
    }

    [Fact]
    public void The_order_of_urls_and_of_founders_does_not_matter()
    {
        Assert.Equal(MemberIds.Of(["http://a:1", "http://b:1"], "t"), MemberIds.Of(["http://b:1", "http://a:1"], "t"));
        Assert.Equal(MemberIds.OfCluster([1, 2]), MemberIds.OfCluster([2, 1]));
    }

    [Fact]
    public void One_that_is_added_again_a_second_later_has_another_number() =>
        Assert.NotEqual(MemberIds.Of(["http://a:1"], "", 1_000), MemberIds.Of(["http://a:1"], "", 1_001));

    [Theory]
    [InlineData("http://etcd-1:2380", "etcd-1:2380")]
    [InlineData("https://10.0.0.1:1", "10.0.0.1:1")]
    [InlineData("http://[::1]:2380", "[::1]:2380")]
    public void A_peer_url_names_a_node_and_its_port(string url, string node) =>
        Assert.Equal(node, PeerUrls.AddressOf(PeerUrls.Check([url]))!.ToString());

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("etcd-1:2380")]
    [InlineData("ftp://etcd-1:2380")]
    [InlineData("http://etcd-1")]
    [InlineData("http://etcd-1:port")]
    [InlineData("http://etcd-1:2380/path")]
    [InlineData("http://etcd-1:2380", "nonsense")]
    public void Anything_else_is_refused(params string[] urls) => Assert.Equal(
        EtcdErrors.MemberBadUrls, Assert.Throws<EtcdException>(() => PeerUrls.Check(urls)).Error);
}
