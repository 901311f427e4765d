namespace Microcosm.Nginx.Tests;

public class InheritanceTests
{
    private static HttpLocation Location(HttpPart http, string path) =>
        http.Servers[0].FindLocation(System.Text.Encoding.ASCII.GetBytes(path), Conf.Request(http.Variables), out _);

    [Fact]
    public void A_value_holds_inwards_until_it_is_said_anew()
    {
        var http = Conf.Http("sendfile on; server { send_timeout 5s; location /a { sendfile off; location /a/b { } } location /c { } }");
        Assert.False(Location(http, "/a/b").Level.Get(HttpCoreModule.SendFile));
        Assert.True(Location(http, "/c").Level.Get(HttpCoreModule.SendFile));
        Assert.Equal(5000, Location(http, "/a/b").Level.Get(HttpCoreModule.SendTimeout));
        Assert.Equal(60_000, http.Level.Get(HttpCoreModule.SendTimeout));
    }

    [Fact]
    public void Lists_are_inherited_only_where_there_are_none()
    {
        var http = Conf.Http("add_header A 1; server { add_header B 2; add_header C 3; location /a { } location /b { add_header D 4; } }");
        Assert.Equal(["B", "C"], Location(http, "/a").Level.Get(HeadersModule.AddHeader).Select(h => h.Name));
        Assert.Equal(["D"], Location(http, "/b").Level.Get(HeadersModule.AddHeader).Select(h => h.Name));
    }

    [Theory]
    [InlineData("", "D")]
    [InlineData("add_header_inherit on;", "D")]
    [InlineData("add_header_inherit merge;", "B D")]
    [InlineData("add_header_inherit off;", "D")]
    public void Headers_may_be_merged(string inherit, string names)
    {
        var http = Conf.Http($"server {{ add_header B 2; location /b {{ {inherit} add_header D 4; }} }}");
        var level = Location(http, "/b").Level;
        var headers = level.Get(HeadersModule.Headers);
        Assert.Equal(names, string.Join(' ', headers.Select(h => h.Name)));
    }

    [Fact]
    public void An_if_inherits_from_its_location()
    {
        var http = Conf.Http("server { location / { add_header A 1; gzip on; if ($uri) { expires 1h; } } }");
        var step = Assert.IsType<RewriteStep.If>(Assert.Single(Location(http, "/").Rewrite!.Steps));
        Assert.True(step.Location!.Level.Get(GzipModules.Gzip));
        Assert.Equal(3600, step.Location.Level.Get(HeadersModule.Expires).Seconds);
        Assert.Equal(ExpiresKind.Off, Location(http, "/").Level.Get(HeadersModule.Expires).Kind);
    }

    [Fact]
    public void Access_log_off_is_no_list()
    {
        var http = Conf.Http("server { access_log /l; location /a { access_log off; } location /b { } }");
        Assert.Empty(Location(http, "/a").Level.Get(LogModule.Http.Logs));
        Assert.Equal("/l", Assert.Single(Location(http, "/b").Level.Get(LogModule.Http.Logs)).Path!.Source);
        Assert.Equal("/prefix/logs/access.log", Assert.Single(http.Level.Get(LogModule.Http.Logs)).Path!.Source);
    }

    [Fact]
    public void Upstreams_are_plain_records()
    {
        var http = Conf.Http("""
            upstream u {
                zone z 64k;
                hash $uri consistent;
                server 127.0.0.1:81 weight=5 max_conns=2 max_fails=3 fail_timeout=4s;
                server [::1]:82 down;
                server two.example;
                keepalive 7;
                keepalive_timeout 8s;
            }
            server { location / { proxy_pass http://u/x; } location /b { proxy_pass https://127.0.0.1:99; } }
            """);
        var upstream = http.Upstreams[0];
        Assert.True(Assert.IsType<BalancingPolicy.Hash>(upstream.Policy).IsConsistent);
        Assert.Equal((5, 2, 3, 4L), upstream.Servers[0] is var s ? (s.Weight, s.MaxConns, s.MaxFails, s.FailTimeoutSeconds) : default);
        Assert.Equal(["192.0.2.1:80", "[2001:db8::1]:80"], upstream.Servers[2].Addresses.Select(a => a.ToString()));
        Assert.Equal((7, 8000L), (upstream.KeepAlive.Connections, upstream.KeepAlive.TimeoutMs));
        Assert.Equal("z", upstream.Zone!.Name);
        var target = Assert.IsType<LocationContent.Proxy>(Location(http, "/b").Content).Target;
        Assert.Equal(("127.0.0.1:99", true), (target.HostHeader, target.IsTls));
        Assert.Equal("/x", Assert.IsType<LocationContent.Proxy>(Location(http, "/").Content).Target.Uri);
    }

    [Fact]
    public void Zones_hold_what_their_declaration_says()
    {
        var configuration = Conf.Load("""
            events {} http {
                limit_req_zone $uri zone=r:1m rate=30r/m;
                limit_conn_zone $host zone=c:1m;
                proxy_cache_path /cache levels=1:2 keys_zone=k:1m inactive=1h max_size=1g;
                server { limit_req zone=r burst=3 nodelay; limit_conn c 4; location / { proxy_pass http://127.0.0.1; proxy_cache k; } }
            }
            """);
        var zones = configuration.Zones.ToDictionary(z => z.Name, z => z.Definition);
        Assert.Equal(500, Assert.IsType<RequestRate>(zones["r"]).RateMilli);
        Assert.Equal("$host", Assert.IsType<ComplexValue>(zones["c"]).Source);
        var cache = Assert.IsType<CacheStore>(zones["k"]);
        Assert.Equal(("/cache", 3600L, 1L << 30), (cache.Path, cache.InactiveSeconds, cache.BytesMax));
        Assert.Equal([1, 2], cache.Levels);
        var limit = Assert.Single(configuration.Http!.Servers[0].Level.Get(LimitReqModule.Limits));
        Assert.Equal(3000, limit.BurstMilli);
    }
}
