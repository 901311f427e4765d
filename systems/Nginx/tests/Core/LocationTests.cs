using System.Text;

namespace Microcosm.Nginx.Tests;

public class LocationTests
{
    private const string Typical = """
        location / { }
        location = / { }
        location /docs/ { location ~ \.php$ { } location /docs/old/ { } location = /docs/x { } }
        location ^~ /images/ { }
        location ~* \.(gif|jpg)$ { }
        location ~ ^/docs/new { }
        location = /exact { }
        location /proxy/ { proxy_pass http://127.0.0.1; }
        location @named { }
        """;

    private static string Find(string locations, string path, out bool redirects)
    {
        var http = Conf.Http($"server {{ {locations} }}");
        return http.Servers[0].FindLocation(Encoding.UTF8.GetBytes(path), Conf.Request(http.Variables), out redirects).Name;
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/index.html", "/")]
    [InlineData("/docs/a", "/docs/")]
    [InlineData("/docs/a.php", "\\.php$")]
    [InlineData("/docs/old/a", "/docs/old/")]
    [InlineData("/docs/old/a.php", "\\.php$")]
    [InlineData("/docs/x", "/docs/x")]
    [InlineData("/docs/new/x", "^/docs/new")]
    [InlineData("/docs/a.gif", "\\.(gif|jpg)$")]
    [InlineData("/images/a.gif", "/images/")]
    [InlineData("/x/A.JPG", "\\.(gif|jpg)$")]
    [InlineData("/exact", "/exact")]
    [InlineData("/exactly", "/")]
    [InlineData("/docs", "/")]
    [InlineData("/proxy/", "/proxy/")]
    public void A_location_is_chosen(string path, string name)
    {
        Assert.Equal(name, Find(Typical, path, out var redirects));
        Assert.False(redirects);
    }

    [Fact]
    public void A_proxied_folder_sends_its_name_without_the_slash_to_itself()
    {
        Assert.Equal("/proxy/", Find(Typical, "/proxy", out var redirects));
        Assert.True(redirects);
        Assert.Equal("/proxy", Find(Typical + "location = /proxy { }", "/proxy", out redirects));
        Assert.False(redirects);
    }

    [Theory]
    [InlineData("location ~ ^/a { } location ~ ^/ab { }", "/ab", "^/a")]
    [InlineData("location ^~ /a { location ~ x { } } location ~ b { }", "/abx", "x")]
    [InlineData("location ^~ /a { location ~ x { } } location ~ b { }", "/ab", "/a")]
    [InlineData("location /a { location ^~ /ab { } } location ~ b { }", "/ab", "b")]
    [InlineData("location ~ ^/(a) { location ~ b { } }", "/ab", "b")]
    [InlineData("location /a-b { } location /a/ { } location /a { }", "/a/x", "/a/")]
    [InlineData("location /a { }", "/b", "")]
    public void The_order_of_choice(string locations, string path, string name) => Assert.Equal(name, Find(locations, path, out _));

    [Fact]
    public void Many_prefixes_are_found_byte_by_byte()
    {
        var names = Enumerable.Range(0, 500).Select(i => $"/p{i}").ToArray();
        var http = Conf.Http($"server {{ {string.Concat(names.Select(n => $"location {n} {{ }} "))} }}");
        var values = Conf.Request(http.Variables);
        foreach (var name in names)
            Assert.Equal(name, http.Servers[0].FindLocation(Encoding.ASCII.GetBytes(name + "/x"), values, out _).Name);
    }

    [Fact]
    public void Named_captures_of_a_location_are_variables()
    {
        var http = Conf.Http("server { location ~ ^/(?<user>[a-z]+)/(.*)$ { set $x $user$2; } }");
        var values = Conf.Request(http.Variables);
        http.Servers[0].FindLocation("/joe/home"u8, values, out _);
        Assert.Equal("joe", Conf.Text(values.Get(http.Variables.All.First(v => v.Name == "user"))));
        Assert.Equal("home", Encoding.ASCII.GetString(values.Captures[2]));
    }

    [Fact]
    public void Named_locations_are_found_by_name() =>
        Assert.Equal("@named", Conf.Http($"server {{ {Typical} }}").Servers[0].NamedLocations["@named"].Name);

    [Fact]
    public void Content_of_a_proxy_stays_where_it_is_declared()
    {
        var http = Conf.Http("""
            server {
                location /a { proxy_pass http://127.0.0.1:1; location /a/b { } limit_except GET { deny all; } if ($uri) { } }
            }
            """);
        var values = Conf.Request(http.Variables);
        var outer = http.Servers[0].FindLocation("/a"u8, values, out _);
        Assert.IsType<LocationContent.Proxy>(outer.Content);
        Assert.Null(http.Servers[0].FindLocation("/a/b"u8, values, out _).Content);
        Assert.IsType<LocationContent.Proxy>(outer.LimitExcept!.Content);
        Assert.Equal(["GET", "HEAD"], outer.ExceptMethods);
    }
}
