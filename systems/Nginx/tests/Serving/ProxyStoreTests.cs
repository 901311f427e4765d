namespace Microcosm.Nginx.Tests;

/// <summary>Responses of upstream servers that become files, and what they say before they answer.</summary>
public sealed class ProxyStoreTests
{
    [Fact]
    public async Task A_response_becomes_a_file()
    {
        using var server = new ScriptedServer(_ =>
            "HTTP/1.1 200 OK\r\nLast-Modified: Thu, 10 Jan 2008 21:20:00 GMT\r\nContent-Length: 2\r\n\r\nok");
        await using var nginx = await RunningNginx.StartAsync(
            $"proxy_store_access user:rw all:r; location / {{ proxy_pass http://127.0.0.1:{server.Port}; proxy_store on; }}");
        Assert.EndsWith("\r\n\r\nok", await nginx.GetAsync("/new/a"));
        var file = nginx.Folder + "html/new/a";
        Assert.Equal("ok", await File.ReadAllTextAsync(file));
        Assert.Equal(1_200_000_000L, new DateTimeOffset(File.GetLastWriteTimeUtc(file)).ToUnixTimeSeconds());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_response_that_is_cut_is_not_stored()
    {
        using var server = new ScriptedServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok");
        await using var nginx = await RunningNginx.StartAsync(
            $"location / {{ proxy_pass http://127.0.0.1:{server.Port}; proxy_store on; }}");
        await nginx.GetAsync("/a");
        Assert.False(File.Exists(nginx.Folder + "html/a"));
    }

    [Theory]
    [InlineData("early_hints $arg_h;", true)]
    [InlineData("early_hints 0;", false)]
    [InlineData("", false)]
    public async Task Early_hints_are_passed_on_where_they_are_wanted(string directives, bool isPassed)
    {
        using var server = new ScriptedServer(_ =>
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nX-Pad: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var nginx = await RunningNginx.StartAsync(
            $"{directives} location / {{ proxy_pass http://127.0.0.1:{server.Port}; }}");
        var answer = await nginx.GetAsync("/?h=1");
        var begin = (isPassed ? "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" : "") + "HTTP/1.1 200 OK\r\n";
        Assert.StartsWith(begin, answer);
        Assert.EndsWith("\r\n\r\nok", answer);
    }
}
