namespace Microcosm.Nginx.Tests;

/// <summary>Folders and files of the machine, asked over sockets.</summary>
public sealed class FolderTests
{
    [Fact]
    public async Task A_folder_is_listed_as_nginx_lists_it()
    {
        await using var nginx = await StartAsync("autoindex on; location / { }");
        var answer = await nginx.AskAsync("GET /f/ HTTP/1.0\n\n");
        Assert.EndsWith(
            "\r\n\r\n<html>\r\n<head><title>Index of /f/</title></head>\r\n<body>\r\n<h1>Index of /f/</h1><hr><pre>"
            + "<a href=\"../\">../</a>\r\n"
            + "<a href=\"sub/\">sub/</a>" + new string(' ', 46) + " 10-Jan-2008 21:20                   -\r\n"
            + "<a href=\"%26%20%3C.txt\">&amp; &lt;.txt</a>" + new string(' ', 43) + " 10-Jan-2008 21:20                   2\r\n"
            + $"<a href=\"{new string('n', 60)}\">{new string('n', 47)}..&gt;</a> 10-Jan-2008 21:20               10000\r\n"
            + "</pre><hr></body>\r\n</html>\r\n", answer);
    }

    [Theory]
    [InlineData("html; autoindex_exact_size off", "n..&gt;</a> 10-Jan-2008 21:20     10K\r\n", "text/html")]
    [InlineData("json", "{ \"name\":\"& <.txt\", \"type\":\"file\", \"mtime\":\"Thu, 10 Jan 2008 21:20:00 GMT\", \"size\":2 },",
        "application/json")]
    [InlineData("xml", "\r\n<file mtime=\"2008-01-10T21:20:00Z\" size=\"2\">&amp; &lt;.txt</file>\r\n", "text/xml; charset=utf-8")]
    [InlineData("jsonp", "/* callback */\r\ncall.back([\r\n{ \"name\":\"sub\", \"type\":\"directory\",", "application/javascript")]
    public async Task A_list_has_its_format(string format, string part, string type)
    {
        await using var nginx = await StartAsync($"autoindex on; autoindex_format {format}; location / {{ }}");
        var answer = await nginx.AskAsync("GET /f/?callback=call.back HTTP/1.0\n\n");
        Assert.Contains($"Content-Type: {type}\r\n", answer);
        Assert.Contains(part, answer);
    }

    [Fact]
    public async Task A_callback_that_is_no_name_is_refused()
    {
        await using var nginx = await StartAsync("autoindex on; autoindex_format jsonp; location / { }");
        Assert.StartsWith("HTTP/1.1 400 ", await nginx.GetAsync("/f/?callback=alert(1)"));
    }

    [Fact]
    public async Task One_of_the_files_is_drawn()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location / { random_index on; }", ("f/a", "x"), ("f/b", "x"), ("f/.c", "no"));
        Assert.EndsWith("\r\n\r\nx", await nginx.GetAsync("/f/"));
    }

    [Fact]
    public async Task A_file_in_the_cache_is_served_as_it_was()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "location / { open_file_cache max=2; open_file_cache_errors on; } location /new/ { alias html/; }", ("t", "old"));
        Assert.EndsWith("\r\n\r\nold", await nginx.GetAsync("/t"));
        Assert.StartsWith("HTTP/1.1 404 ", await nginx.GetAsync("/later"));
        File.Delete(nginx.Folder + "html/t");
        await File.WriteAllTextAsync(nginx.Folder + "html/later", "later");
        Assert.EndsWith("\r\n\r\nold", await nginx.GetAsync("/t"));
        Assert.StartsWith("HTTP/1.1 404 ", await nginx.GetAsync("/later"));
        Assert.EndsWith("\r\n\r\nlater", await nginx.GetAsync("/new/later"));
    }

    [Theory]
    [InlineData("disable_symlinks on;", "/file-link", "403 Forbidden")]
    [InlineData("disable_symlinks on;", "/folder-link/in", "404 Not Found")]
    [InlineData("disable_symlinks on;", "/folder/in", "200 OK")]
    [InlineData("disable_symlinks on from=$document_root/folder-link;", "/folder-link/in", "200 OK")]
    [InlineData("disable_symlinks if_not_owner;", "/file-link", "200 OK")]
    [InlineData("", "/file-link", "200 OK")]
    public async Task A_symbolic_link_is_followed_where_it_may_be(string directive, string path, string status)
    {
        await using var nginx = await RunningNginx.StartAsync($"location / {{ {directive} }}", ("folder/in", "x"), ("file", "x"));
        File.CreateSymbolicLink(nginx.Folder + "html/file-link", "file");
        Directory.CreateSymbolicLink(nginx.Folder + "html/folder-link", "folder");
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", await nginx.GetAsync(path));
    }

    [Theory]
    [InlineData("location /a/ { alias html/; try_files $uri =404; }", "/a/t", "200 OK")]
    [InlineData("location ~ ^/a/ { alias html; try_files /t =404; }", "/a/x", "200 OK")]
    [InlineData("location /a/ { alias html/; location ~ t$ { try_files $uri =404; } }", "/a/t", "200 OK")]
    [InlineData("location /a { try_files /f/ =404; }", "/a", "301 Moved Permanently")]
    [InlineData("location /a { try_files /t/ =404; }", "/a", "404 Not Found")]
    public async Task Files_are_tried_below_root_and_alias(string location, string path, string status)
    {
        await using var nginx = await RunningNginx.StartAsync(location, ("t", "x"), ("f/t", "x"));
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", await nginx.GetAsync(path));
    }

    [Theory]
    [InlineData("Mozilla/4.0 (compatible; MSIE 6.0; Windows)", "m:1 a: i:1")]
    [InlineData("Mozilla/4.0 (compatible; MSIE 5.0; Windows)", "m: a:1 i:1")]
    [InlineData("Mozilla/4.0 (compatible; MSIE 6.0; Windows) Opera 7.50", "m: a:1 i:")]
    [InlineData("curl", "m: a:1 i:")]
    public async Task A_browser_is_modern_or_ancient(string agent, string body)
    {
        await using var nginx = await RunningNginx.StartAsync(
            "modern_browser msie 5.5; location / { return 200 \"m:$modern_browser a:$ancient_browser i:$msie\"; }");
        Assert.EndsWith("\r\n\r\n" + body, await nginx.GetAsync("/", $"User-Agent: {agent}\n"));
    }

    private static async Task<RunningNginx> StartAsync(string directives)
    {
        var nginx = await RunningNginx.StartAsync(
            directives, ("f/& <.txt", "ab"), ($"f/{new string('n', 60)}", new string('x', 10_000)), ("f/sub/x", ""), ("f/.hidden", ""));
        foreach (var entry in new DirectoryInfo(nginx.Folder + "html/f").EnumerateFileSystemInfos())
            entry.LastWriteTimeUtc = new DateTime(2008, 1, 10, 21, 20, 0, DateTimeKind.Utc);
        return nginx;
    }
}
