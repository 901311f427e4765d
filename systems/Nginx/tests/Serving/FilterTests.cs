using System.IO.Compression;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>What filters make of bodies, asked over sockets.</summary>
public sealed class FilterTests
{
    private static readonly string Hellos = string.Concat(Enumerable.Repeat("hello world ", 400));

    [Fact]
    public async Task A_compressed_body_has_no_length_and_a_weak_tag()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "gzip on; gzip_types *; gzip_vary on; location / { }", ("t", Hellos));
        var (head, body) = Split(await nginx.GetAsync("/t", "Accept-Encoding: gzip\n"));
        Assert.Contains("Content-Encoding: gzip\r\n", head);
        Assert.Contains("Vary: Accept-Encoding\r\n", head);
        Assert.Contains("ETag: W/\"", head);
        Assert.DoesNotContain("Content-Length", head);
        Assert.DoesNotContain("Accept-Ranges", head);
        Assert.Equal(Hellos, Unzip(ChunkedText.Decode(body)));
        var plain = await nginx.GetAsync("/t");
        Assert.Contains("Vary: Accept-Encoding\r\n", plain);
        Assert.EndsWith("\r\n\r\n" + Hellos, plain);
    }

    [Theory]
    [InlineData("gzip_min_length 9999;", "", false)]
    [InlineData("gzip_types text/xml;", "", false)]
    [InlineData("gzip_disable agent;", "User-Agent: An AGENT\n", false)]
    [InlineData("", "Via: proxy\n", false)]
    [InlineData("gzip_proxied any;", "Via: proxy\n", true)]
    [InlineData("gzip_proxied no_etag;", "Via: proxy\n", false)]
    [InlineData("etag off; gzip_proxied no_etag;", "Via: proxy\n", true)]
    public async Task Who_gets_a_compressed_body(string directives, string fields, bool isCompressed)
    {
        await using var nginx = await RunningNginx.StartAsync(
            $"gzip on; {(directives.Contains("types") ? "" : "gzip_types *;")} {directives} location / {{ }}", ("t", Hellos));
        var answer = await nginx.GetAsync("/t", "Accept-Encoding: gzip\n" + fields);
        Assert.Equal(isCompressed, answer.Contains("Content-Encoding: gzip\r\n"));
    }

    [Fact]
    public async Task A_large_file_is_compressed_whole_and_its_ratio_is_logged()
    {
        var content = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i:D7}\n"));
        await using var nginx = await RunningNginx.StartAsync("log_format r $gzip_ratio;",
            "gzip on; gzip_types *; access_log logs/r.log r; location / { }", [("t", content)]);
        Assert.Equal(content, Unzip(ChunkedText.Decode(Split(await nginx.GetAsync("/t", "Accept-Encoding: gzip\n")).Body)));
        Assert.Matches(@"^\d+\.\d\d$", (await nginx.LogAsync("r.log", 1))[0]);
    }

    [Fact]
    public async Task A_compressed_neighbour_is_sent_or_unzipped()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location /on/ { alias html/; gzip_static on; } location /always/ { alias html/; gzip_static always; gunzip on; }");
        Directory.CreateDirectory(nginx.Folder + "html");
        await File.WriteAllBytesAsync(nginx.Folder + "html/t.gz", Zip(Hellos));
        Assert.StartsWith("HTTP/1.1 404 ", await nginx.GetAsync("/on/t"));
        var (head, body) = Split(await nginx.GetAsync("/on/t", "Accept-Encoding: gzip\n"));
        Assert.Contains("Content-Encoding: gzip\r\n", head);
        Assert.Equal(Hellos, Unzip(body));
        (head, body) = Split(await nginx.GetAsync("/always/t"));
        Assert.DoesNotContain("Content-Encoding", head);
        Assert.Equal(Hellos, ChunkedText.Decode(body));
    }

    [Fact]
    public async Task What_is_not_whole_is_not_unzipped_as_if_it_were()
    {
        await using var nginx = await RunningNginx.StartAsync("gzip_static always; gunzip on; location / { }");
        Directory.CreateDirectory(nginx.Folder + "html");
        await File.WriteAllBytesAsync(nginx.Folder + "html/cut.gz", Zip(Hellos)[..^20]);
        await File.WriteAllBytesAsync(nginx.Folder + "html/two.gz", [.. Zip("one "), .. Zip("two")]);
        Assert.DoesNotContain("\r\n0\r\n\r\n", await nginx.GetAsync("/cut"));
        Assert.Contains("inflate()", (await nginx.LogAsync("error.log", 1))[0]);
        Assert.Equal("one two", ChunkedText.Decode(Split(await nginx.GetAsync("/two")).Body));
    }

    [Theory]
    [InlineData("sub_filter hello HI; sub_filter_once off;", "HI world HI hel")]
    [InlineData("sub_filter HELLO HI;", "HI world hello hel")]
    [InlineData("sub_filter hello HI; sub_filter world W;", "HI W hello hel")]
    [InlineData("sub_filter $arg_a '[$uri]'; sub_filter_once off;", "hello [/t] hello hel")]
    [InlineData("sub_filter hello ''; sub_filter_once off;", " world  hel")]
    public async Task Texts_are_replaced(string directives, string body)
    {
        await using var nginx = await RunningNginx.StartAsync(
            $"sub_filter_types *; {directives} location / {{ }}", ("t", "hello world hello hel"));
        var answer = await nginx.GetAsync("/t?a=WORLD");
        Assert.Equal(body, ChunkedText.Decode(Split(answer).Body));
        Assert.DoesNotContain("Last-Modified", answer);
    }

    [Theory]
    [InlineData("charset koi8-r;", "Content-Type: text/html; charset=koi8-r", "\u00c1b\u00f0")]
    [InlineData("source_charset koi8-r; charset utf-8;", "Content-Type: text/html; charset=utf-8", "\u00d0\u00b0b?")]
    [InlineData("source_charset koi8-r; charset cp1251;", "Content-Type: text/html; charset=cp1251", "\u00e0b?")]
    public async Task Charsets_are_named_and_recoded(string directives, string type, string body)
    {
        await using var nginx = await RunningNginx.StartAsync(
            "charset_map koi8-r utf-8 { c1 d0b0; } charset_map koi8-r cp1251 { c1 e0; }", directives + " location / { }", []);
        Directory.CreateDirectory(nginx.Folder + "html");
        await File.WriteAllBytesAsync(nginx.Folder + "html/t.html", [0xc1, (byte)'b', 0xf0]);
        var (head, got) = Split(await nginx.GetAsync("/t.html"));
        Assert.Contains(type + "\r\n", head);
        Assert.Equal(body, head.Contains("chunked") ? ChunkedText.Decode(got) : got);
    }

    [Fact]
    public async Task A_character_that_is_missing_in_a_charset_becomes_its_number()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "charset_map koi8-r utf-8 { c1 d0b0; }", "source_charset utf-8; charset koi8-r; location / { }", [("t.html", "xа→😀")]);
        Assert.Equal("x\u00c1&#8594;&#128512;", ChunkedText.Decode(Split(await nginx.GetAsync("/t.html")).Body));
    }

    [Fact]
    public async Task Subrequests_stand_around_a_body()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location / { add_before_body /head; add_after_body /foot; addition_types *; } "
            + "location /head { return 200 '<'; } location /foot { return 200 \"> $uri\"; }", ("t", "body"));
        Assert.Equal("<body> /foot", ChunkedText.Decode(Split(await nginx.GetAsync("/t")).Body));
    }

    [Fact]
    public async Task Trailers_stand_behind_a_body_that_is_chunked()
    {
        await using var nginx = await RunningNginx.StartAsync("add_trailer X-T $uri; location / { }", ("t", "body"));
        Assert.EndsWith("\r\n\r\n4\r\nbody\r\n0\r\nX-T: /t\r\n\r\n", await nginx.GetAsync("/t"));
        Assert.EndsWith("\r\n\r\nbody", await nginx.AskAsync("GET /t HTTP/1.0\n\n"));
    }

    [Fact]
    public async Task A_client_gets_a_cookie_by_which_it_is_known_again()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "userid on; userid_name u; userid_domain d; userid_expires max; userid_flags secure; "
            + "location / { return 200 \"$uid_got $uid_set\"; }");
        var (head, first) = Split(await nginx.GetAsync("/"));
        var cookie = head.Split("Set-Cookie: ")[1].Split("\r\n")[0];
        Assert.Matches("^u=[A-Za-z0-9+/]{22}==; expires=Thu, 31-Dec-37 23:55:55 GMT; domain=d; path=/; secure$", cookie);
        Assert.Matches("^ u=[0-9A-F]{32}$", first);
        (head, var second) = Split(await nginx.GetAsync("/", $"Cookie: {cookie.Split(';')[0]}\n"));
        Assert.DoesNotContain("Set-Cookie", head);
        Assert.Equal(first.Trim() + " ", second);
    }

    [Fact]
    public async Task A_response_is_fetched_in_slices_and_cut_to_what_was_asked_for()
    {
        await using var nginx = await RunningNginx.StartWholeAsync(
            "server { listen 127.0.0.1:PORT; location / { slice 4; proxy_set_header Range $slice_range; "
            + "proxy_pass http://127.0.0.1:PORT/files/; } location /files/ { alias files/; access_log logs/parts.log combined; } }");
        Directory.CreateDirectory(nginx.Folder + "files");
        await File.WriteAllTextAsync(nginx.Folder + "files/t", "0123456789");
        Assert.EndsWith("\r\n\r\n0123456789", await nginx.GetAsync("/t"));
        var part = await nginx.GetAsync("/t", "Range: bytes=5-8\n");
        Assert.StartsWith("HTTP/1.1 206 Partial Content\r\n", part);
        Assert.Contains("Content-Range: bytes 5-8/10\r\n", part);
        Assert.EndsWith("\r\n\r\n5678", part);
        Assert.Equal(5, (await nginx.LogAsync("parts.log", 5)).Count(l => l.Contains(" 206 ")));
    }

    [Fact]
    public async Task A_body_with_a_pace_comes_whole()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location / { limit_rate 2k; limit_rate_after 1k; } location /v { set $limit_rate 3k; return 200 $limit_rate; }",
            ("t", Hellos));
        Assert.EndsWith("\r\n\r\n" + Hellos, await nginx.GetAsync("/t"));
        Assert.EndsWith("\r\n\r\n3072", await nginx.GetAsync("/v"));
    }

    private static (string Head, string Body) Split(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (answer[..(end + 2)], answer[(end + 4)..]);
    }

    private static byte[] Zip(string text)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(Encoding.Latin1.GetBytes(text));
        return output.ToArray();
    }

    private static string Unzip(string body)
    {
        using var gzip = new GZipStream(new MemoryStream(Encoding.Latin1.GetBytes(body)), CompressionMode.Decompress);
        return new StreamReader(gzip, Encoding.Latin1).ReadToEnd();
    }
}
