namespace Microcosm.Nginx.Tests;

/// <summary>Where requests come from, and links that were given out.</summary>
public sealed class GuardTests
{
    [Theory]
    [InlineData("none blocked", "Referer: http://any.example/\n", true)]
    [InlineData("a.example", "", false)]
    [InlineData("none a.example", "", true)]
    [InlineData("a.example", "Referer: http://a.example/x\n", true)]
    [InlineData("a.example", "Referer: HTTPS://A.example:8080/x\n", true)]
    [InlineData("a.example", "Referer: http://b.example/a.example\n", false)]
    [InlineData("*.example", "Referer: http://b.a.example\n", true)]
    [InlineData("a.example/x ~.", "Referer: http://a.example/y\n", false)]
    [InlineData("a.example/x", "Referer: http://a.example/xy\n", true)]
    [InlineData("~/path$", "Referer: http://a.example/path\n", true)]
    [InlineData("a.example blocked", "Referer: a.example\n", true)]
    [InlineData("server_names", "Referer: http://own.example/\n", true)]
    [InlineData("server_names", "Referer: http://www.b.own/\n", true)]
    [InlineData("server_names", "Referer: http://p7.own/\n", true)]
    [InlineData("server_names", "Referer: http://other.own/\n", false)]
    public async Task A_referer_is_valid_or_not(string valid, string field, bool isValid)
    {
        await using var nginx = await RunningNginx.StartAsync(
            $"server_name own.example *.b.own ~^p\\d.own$; valid_referers {valid}; location / {{ return 200 x$invalid_referer; }}");
        Assert.EndsWith(isValid ? "\r\n\r\nx" : "\r\n\r\nx1", await nginx.GetAsync("/", field));
    }

    [Theory]
    [InlineData("/p/d8e8fca2dc0f896fd7cb4cb0031ba249/test.html", "")]
    [InlineData("/p/f831d15a29dadb4f6d3bb3b0a2b2ee3f/test.html", "")]
    [InlineData("/p/short/test.html", "")]
    [InlineData("/md5/x?h=q-5vpkjBkRXXtkUMXiJVHA", "")]
    public async Task A_link_that_proves_nothing_has_no_value(string path, string value)
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location /p/ { secure_link_secret other; return 200 x$secure_link; } "
            + "location /md5/ { secure_link $arg_h; secure_link_md5 x; return 200 x$secure_link; }");
        Assert.EndsWith("\r\n\r\nx" + value, await nginx.GetAsync(path));
    }

    [Fact]
    public async Task A_link_proves_that_it_was_given_out()
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData("test.htmlsecret"u8));
        var link = Convert.ToBase64String(System.Security.Cryptography.MD5.HashData("secret/l/a4000000000"u8))
            .Replace('+', '-').Replace('/', '_').TrimEnd('=');
        await using var nginx = await RunningNginx.StartAsync(
            "location /p/ { secure_link_secret secret; return 200 x$secure_link; } location /l/ { secure_link $arg_h,$arg_e; "
            + "secure_link_md5 secret$uri$arg_e; return 200 $secure_link:$secure_link_expires; }");
        Assert.EndsWith("\r\n\r\nxtest.html", await nginx.GetAsync($"/p/{hash}/test.html"));
        Assert.EndsWith("\r\n\r\n1:4000000000", await nginx.GetAsync($"/l/a?h={link}&e=4000000000"));
        Assert.EndsWith("\r\n\r\n:4000000001", await nginx.GetAsync($"/l/a?h={link}&e=4000000001"));
    }
}
