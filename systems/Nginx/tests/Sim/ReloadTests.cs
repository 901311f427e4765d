namespace Microcosm.Nginx.Tests;

/// <summary>Another configuration, and files, of a node.</summary>
public sealed class ReloadTests
{
    private const string Files = "events { } http { server { listen 80; root html; include more.conf; } }";

    [Fact]
    public void A_reload_counts_at_once_and_a_bad_one_changes_nothing()
    {
        SimulatedNginx.Run(1, SimulatedNginx.Pages, async nginx =>
        {
            nginx.Options.Conf = SimulatedNginx.Pages.Replace("200 own", "200 new", StringComparison.Ordinal);
            await nginx.Host.ReloadAsync();
            Assert.Equal("200 new", await nginx.GetAsync("/own"));
            nginx.Options.Conf = "events { } http { server { listen 80; nonsense; } }";
            var refused = await Assert.ThrowsAsync<ArgumentException>(() => nginx.Host.ReloadAsync());
            Assert.StartsWith("nginx: [emerg] unknown directive \"nonsense\" in ", refused.Message);
            Assert.Equal("200 new", await nginx.GetAsync("/own"));
        });
    }

    [Fact]
    public void Documents_and_what_is_included_come_from_memory()
    {
        SimulatedNginx.Run(2, Files, async nginx =>
        {
            Assert.Equal("200 welcome", await nginx.GetAsync("/"));
            Assert.Equal("200 included", await nginx.GetAsync("/more"));
            nginx.Options.AddFile("html/index.html", "changed").AddFile("more.conf", "");
            await nginx.Host.ReloadAsync();
            Assert.Equal("200 changed", await nginx.GetAsync("/"));
            Assert.StartsWith("404 ", await nginx.GetAsync("/more"));
        }, o => o.AddFile("html/index.html", "welcome").AddFile("more.conf", "location /more { return 200 included; }"));
    }

    [Fact]
    public void Names_are_those_of_the_world_and_have_addresses()
    {
        const string Conf =
            "events { } http { server { listen 80; location / { proxy_pass http://page-2; add_header X-Of $upstream_addr; } "
            + "location = /who { return 200 \"$remote_addr $server_addr $hostname\"; } } }";
        SimulatedNginx.Run(3, Conf, async nginx =>
        {
            Assert.Equal("200 page-2", await nginx.GetAsync("/"));
            Assert.Equal("200 198.18.0.4 198.18.0.3 nginx-1", await nginx.GetAsync("/who"));
            var server = Assert.Single((await nginx.InsideAsync()).Upstreams);
            Assert.Equal(("198.18.0.2:80", "page-2", 1L), (server.Address, server.Node, server.Requests));
        });
    }

    [Fact]
    public void A_server_of_its_own_is_reached_by_its_loopback_address()
    {
        const string Conf = "events { } http { server { listen 80; location / { proxy_pass http://127.0.0.1:81; } } "
            + "server { listen 81; return 200 inner; } }";
        SimulatedNginx.Run(4, Conf, async nginx => Assert.Equal("200 inner", await nginx.GetAsync("/")));
    }
}
