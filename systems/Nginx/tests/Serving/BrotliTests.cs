using System.IO.Compression;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>brotli, as ngx_brotli documents it, asked over sockets.</summary>
public sealed class BrotliTests
{
    private static readonly string Hellos = string.Concat(Enumerable.Repeat("hello world ", 400));

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, br", "br")]
    [InlineData("gzip;q=1.0, br;q=0.1", "br")]
    [InlineData("gzip, br;q=0", "gzip")]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "")]
    [InlineData("brotli", "")]
    public async Task Brotli_is_used_where_the_client_takes_it_and_gzip_where_it_does_not(string accepts, string coding)
    {
        await using var nginx = await RunningNginx.StartAsync(
            "brotli on; brotli_types *; gzip on; gzip_types *; gzip_vary on; location / { }", ("t", Hellos));
        var (head, body) = await AskAsync(nginx, "/t", accepts);
        Assert.Contains("Vary: Accept-Encoding\r\n", head);
        Assert.Equal(coding.Length > 0, head.Contains($"Content-Encoding: {coding}\r\n"));
        Assert.Equal(coding.Length > 0, head.Contains("ETag: W/\""));
        Assert.Equal(coding.Length > 0, !head.Contains("Content-Length"));
        Assert.Equal(Hellos, coding.Length == 0 ? body : Decode(ChunkedText.Decode(body), coding));
    }

    [Theory]
    [InlineData("brotli_min_length 9999;", false)]
    [InlineData("brotli_types text/xml;", false)]
    [InlineData("brotli off;", false)]
    [InlineData("brotli_window 1k; brotli_comp_level 11;", true)]
    [InlineData("brotli_window 16m; brotli_comp_level 0;", true)]
    public async Task Who_gets_a_compressed_body(string directives, bool isCompressed)
    {
        var types = directives.Contains("types") ? "" : "brotli_types *;";
        await using var nginx = await RunningNginx.StartAsync($"brotli on; {types} location / {{ {directives} }}", ("t", Hellos));
        var (head, body) = await AskAsync(nginx, "/t", "br");
        Assert.Equal(isCompressed, head.Contains("Content-Encoding: br\r\n"));
        Assert.Equal(Hellos, isCompressed ? Decode(ChunkedText.Decode(body), "br") : body);
    }

    [Fact]
    public async Task A_large_file_is_compressed_whole_and_its_ratio_is_logged()
    {
        var content = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i:D7}\n"));
        await using var nginx = await RunningNginx.StartAsync("log_format r $brotli_ratio,$gzip_ratio;",
            "brotli on; gzip on; brotli_types *; access_log logs/r.log r; location / { }", [("t", content)]);
        Assert.Equal(content, Decode(ChunkedText.Decode((await AskAsync(nginx, "/t", "gzip, br")).Body), "br"));
        Assert.Matches(@"^\d+\.\d\d,-$", (await nginx.LogAsync("r.log", 1))[0]);
    }

    [Fact]
    public async Task What_a_server_sends_in_pieces_comes_through_whole_and_what_is_coded_is_left_alone()
    {
        using var server = new ScriptedServer(r => "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
            + (r.Contains("/coded") ? "Content-Encoding: x\r\n" : "") + "Transfer-Encoding: chunked\r\n\r\n"
            + string.Concat(Enumerable.Repeat("c\r\nhello world \r\n", 400)) + "0\r\n\r\n");
        await using var nginx = await RunningNginx.StartAsync(
            $"brotli on; gzip on; location / {{ proxy_buffering off; proxy_pass http://127.0.0.1:{server.Port}; }}");
        var (head, body) = await AskAsync(nginx, "/", "br");
        Assert.Contains("Content-Encoding: br\r\n", head);
        Assert.Equal(Hellos, Decode(ChunkedText.Decode(body), "br"));
        (head, body) = await AskAsync(nginx, "/coded", "br");
        Assert.Contains("Content-Encoding: x\r\n", head);
        Assert.Equal(Hellos, ChunkedText.Decode(body));
    }

    [Fact]
    public async Task A_compressed_neighbour_is_sent_before_that_of_gzip()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "gzip_vary on; location /on/ { alias html/; brotli_static on; gzip_static on; } "
            + "location /always/ { alias html/; brotli_static always; }");
        Directory.CreateDirectory(nginx.Folder + "html");
        await File.WriteAllTextAsync(nginx.Folder + "html/t", "plain");
        await File.WriteAllTextAsync(nginx.Folder + "html/t.br", "as br");
        await File.WriteAllTextAsync(nginx.Folder + "html/t.gz", "as gz");
        foreach (var (path, accepts, body, coding) in new[]
        {
            ("/on/t", "gzip, br", "as br", "br"), ("/on/t", "gzip", "as gz", "gzip"), ("/on/t", "x", "plain", ""),
            ("/always/t", "x", "as br", "br"),
        })
        {
            var answer = await AskAsync(nginx, path, accepts);
            Assert.Equal((body, coding.Length > 0), (answer.Body, answer.Head.Contains($"Content-Encoding: {coding}\r\n")));
            Assert.Equal(path == "/on/t", answer.Head.Contains("Vary: Accept-Encoding\r\n"));
        }
    }

    private static async Task<(string Head, string Body)> AskAsync(RunningNginx nginx, string path, string accepts)
    {
        var parts = (await nginx.GetAsync(path, $"Accept-Encoding: {accepts}\n")).Split("\r\n\r\n", 2);
        return (parts[0] + "\r\n", parts[1]);
    }

    private static string Decode(string body, string coding)
    {
        var input = new MemoryStream(Encoding.Latin1.GetBytes(body));
        using Stream stream = coding == "br" ? new BrotliStream(input, CompressionMode.Decompress)
            : new GZipStream(input, CompressionMode.Decompress);
        return new StreamReader(stream, Encoding.Latin1).ReadToEnd();
    }
}
