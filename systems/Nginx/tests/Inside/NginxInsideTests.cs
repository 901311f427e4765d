namespace Microcosm.Nginx.Tests;

/// <summary>The Inside page's view shows what nginx holds.</summary>
public sealed class NginxInsideTests
{
    private const string Conf =
        """
        events { }
        http {
            limit_req_zone $arg_key zone=rate:64k rate=1r/s;
            proxy_cache_path cache keys_zone=pages:64k;
            upstream pages { server page-1 weight=3; server page-2 backup; server 192.0.2.1 down; }
            server {
                listen 80;
                location / { proxy_pass http://pages; proxy_cache pages; proxy_cache_valid 1m; }
                location = /limited { limit_req zone=rate burst=5 nodelay; return 404; }
                location ~ \.none$ { root html; }
            }
        }
        """;

    [Fact]
    public void Shows_locations_upstreams_caches_and_limits()
    {
        SimulatedNginx.Run(1, Conf, async nginx =>
        {
            for (var i = 0; i < 3; i++)
                Assert.Equal("200 page-1", await nginx.GetAsync("/same"));
            await nginx.GetAsync("/a.none");
            var inside = await nginx.InsideAsync();
            Assert.Equal(["0.0.0.0:80"], inside.Listens);
            Assert.Equal((4, 0), (inside.Connections.Requests, inside.Connections.Writing));
            Assert.Equal(
                ["(none) 0 0 0", "/ 3 0.3 0", "= /limited 0 0 0", "~ \\.none$ 1 0.1 1"],
                inside.Locations.Select(l => FormattableString.Invariant($"{l.Location} {l.Requests} {l.PerSecond} {l.Status4xx}"))
                    .OrderBy(l => l, StringComparer.Ordinal));
            Assert.Equal(
                ["page-1 up False 3 1 1", "192.0.2.1 down False 1 0 0", "page-2 up True 1 0 0"],
                inside.Upstreams.Select(s => $"{s.Server} {s.State} {s.IsBackup} {s.Weight} {s.Requests} {s.Idle}"));
            Assert.Equal(["HIT 2", "MISS 1"], inside.CacheStatuses);
            var cache = Assert.Single(inside.Caches);
            Assert.Equal(("pages", 1), (cache.Zone, cache.Keys));
            var cached = Assert.Single(inside.Cached);
            Assert.Equal((cache.Bytes, 3L), (cached.Bytes, cached.Uses));
        });
    }

    [Fact]
    public void A_bucket_leaks()
    {
        SimulatedNginx.Run(2, Conf.Replace("return 404;", "root html;", StringComparison.Ordinal), async nginx =>
        {
            for (var i = 0; i < 4; i++)
                await nginx.GetAsync("/limited?key=k");
            var limit = Assert.Single((await nginx.InsideAsync()).Limits);
            Assert.Equal(("rate", "limit_req", "k"), (limit.Zone, limit.Kind, limit.Key));
            Assert.InRange((await nginx.InsideAsync()).Limits[0].Level, 2.9, 3);
            await nginx.DelayAsync(2);
            Assert.InRange((await nginx.InsideAsync()).Limits[0].Level, 0.9, 1);
            await nginx.DelayAsync(8);
            var location = (await nginx.InsideAsync()).Locations.Single(l => l.Location == "= /limited");
            Assert.Equal((4L, 0d), (location.Requests, location.PerSecond));
        });
    }
}
