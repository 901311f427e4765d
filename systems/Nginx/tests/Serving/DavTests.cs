namespace Microcosm.Nginx.Tests;

/// <summary>Files that clients put, copy, move and delete.</summary>
public sealed class DavTests
{
    private const string All = "dav_methods PUT DELETE MKCOL COPY MOVE; ";

    [Fact]
    public async Task A_file_is_made_and_made_anew()
    {
        await using var nginx = await StartAsync(All + "create_full_put_path on; dav_access group:r;");
        var made = await AskAsync(nginx, "PUT /new/a%20b", "Content-Length: 5\nDate: Thu, 10 Jan 2008 21:20:00 GMT\n", "hello");
        Assert.StartsWith("HTTP/1.1 201 Created\r\n", made);
        Assert.Matches("Location: http://[^/]*/new/a%20b\r\n", made);
        Assert.StartsWith("HTTP/1.1 204 No Content\r\n", await AskAsync(
            nginx, "PUT /new/a%20b", "Transfer-Encoding: chunked\n", "3\r\nabc\r\n0\r\n\r\n"));
        Assert.EndsWith("\r\n\r\nabc", await nginx.GetAsync("/new/a%20b"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
                File.GetUnixFileMode(nginx.Folder + "html/new/a b"));
        }
        Assert.Empty(Directory.EnumerateFiles(nginx.Folder + "client_body_temp", "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_body_that_is_larger_than_its_buffer_is_put_whole()
    {
        await using var nginx = await StartAsync(All + "client_body_buffer_size 1k;");
        var body = new string('x', 100_000);
        Assert.StartsWith("HTTP/1.1 201 ", await AskAsync(nginx, "PUT /large", "Content-Length: 100000\n", body));
        Assert.EndsWith("\r\n\r\n" + body, await nginx.GetAsync("/large"));
    }

    [Theory]
    [InlineData("PUT /f/", "Content-Length: 1\n", "409")]
    [InlineData("PUT /f", "Content-Length: 1\n", "409")]
    [InlineData("PUT /x", "Content-Length: 1\nContent-Range: bytes 0-0/1\n", "501")]
    [InlineData("PUT /no/folder", "Content-Length: 1\n", "500")]
    [InlineData("DELETE /f", "", "409")]
    [InlineData("DELETE /f/", "Depth: 0\n", "400")]
    [InlineData("DELETE /f/", "", "204")]
    [InlineData("DELETE /a", "", "204")]
    [InlineData("DELETE /none", "", "404")]
    [InlineData("DELETE /a/b", "", "409")]
    [InlineData("DELETE /a", "Content-Length: 1\n", "415")]
    [InlineData("MKCOL /new/", "", "201")]
    [InlineData("MKCOL /new", "", "409")]
    [InlineData("MKCOL /f/", "", "405")]
    [InlineData("MKCOL /no/new/", "", "409")]
    [InlineData("COPY /a", "", "400")]
    [InlineData("COPY /a", "Destination: /b\n", "204")]
    [InlineData("COPY /a", "Destination: http://localhost/b\n", "204")]
    [InlineData("COPY /a", "Destination: http://elsewhere/b\n", "400")]
    [InlineData("COPY /a", "Destination: /../b\n", "400")]
    [InlineData("COPY /a", "Destination: /a\n", "403")]
    [InlineData("COPY /a", "Destination: /f/\n", "409")]
    [InlineData("COPY /a", "Destination: /f\n", "409")]
    [InlineData("COPY /a", "Destination: /f/in\nOverwrite: F\n", "412")]
    [InlineData("COPY /f/", "Destination: /f/below/\n", "403")]
    [InlineData("COPY /f/", "Destination: /g/\n", "201")]
    [InlineData("MOVE /f/", "Destination: /g/\nDepth: 0\n", "400")]
    [InlineData("MOVE /f/", "Destination: /g/\n", "201")]
    [InlineData("MOVE /a", "Destination: /deep/er/b\n", "204")]
    [InlineData("LOCK /a", "", "405")]
    public async Task A_request_has_its_status(string line, string fields, string status)
    {
        await using var nginx = await StartAsync(All);
        Assert.StartsWith($"HTTP/1.1 {status} ", await AskAsync(nginx, line, fields, fields.Contains("Length") ? "x" : ""));
    }

    [Fact]
    public async Task A_folder_is_copied_and_moved_with_all_that_is_in_it()
    {
        await using var nginx = await StartAsync(All);
        await AskAsync(nginx, "COPY /f/", "Destination: /g/\n");
        await AskAsync(nginx, "MOVE /g/", "Destination: /h/\n");
        Assert.EndsWith("\r\n\r\nin", await nginx.GetAsync("/f/in"));
        Assert.EndsWith("\r\n\r\nhidden", await nginx.GetAsync("/h/.deep/er"));
        Assert.StartsWith("HTTP/1.1 404 ", await nginx.GetAsync("/g/in"));
    }

    [Theory]
    [InlineData("min_delete_depth 2;", "DELETE /a", "409")]
    [InlineData("min_delete_depth 2;", "DELETE /f/in", "204")]
    [InlineData("dav_methods off;", "DELETE /a", "405")]
    public async Task What_may_be_deleted_is_limited(string directive, string line, string status)
    {
        await using var nginx = await StartAsync(directive.Contains("methods") ? directive : All + directive);
        Assert.StartsWith($"HTTP/1.1 {status} ", await AskAsync(nginx, line));
    }

    private static Task<RunningNginx> StartAsync(string directives) =>
        RunningNginx.StartAsync(directives + " location / { }", ("a", "a"), ("f/in", "in"), ("f/.deep/er", "hidden"));

    private static Task<string> AskAsync(RunningNginx nginx, string line, string fields = "", string body = "") =>
        nginx.AskAsync($"{line} HTTP/1.1\nHost: localhost\nConnection: close\n{fields}\n{body}");
}
