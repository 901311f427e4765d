namespace Microcosm.Nginx.Tests;

/// <summary>
/// Requests that two servers may read differently, paths that lead elsewhere, and lines that are none. The answers are those of nginx
/// 1.22.1, which is asked beside ours where it is installed.
/// </summary>
public sealed class SmugglingTests(BothNginx both) : IClassFixture<BothNginx>
{
    [Theory]
    [InlineData("length and chunks", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
        "400")]
    [InlineData("chunks and length", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nX",
        "400")]
    [InlineData("chunks twice",
        "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "400")]
    [InlineData("chunked, identity", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "501")]
    [InlineData("identity", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", "501")]
    [InlineData("xchunked", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "501")]
    [InlineData("chunked with tab", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n", "501")]
    [InlineData("chunked in capitals", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n",
        "200 POST /in/x 127.0.0.1:PORT 1")]
    [InlineData("chunked with space behind", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked \r\n\r\n0\r\n\r\n",
        "200 POST /in/x 127.0.0.1:PORT 0")]
    [InlineData("chunks of HTTP/1.0", "POST /p/x HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("same length twice", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", "400")]
    [InlineData("two lengths", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400")]
    [InlineData("length with plus", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na", "400")]
    [InlineData("length list", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\na", "400")]
    [InlineData("negative length", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\na", "400")]
    [InlineData("length overflow", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551617\r\n\r\na", "400")]
    [InlineData("length hex", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\na", "400")]
    [InlineData("length empty", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: \r\n\r\n", "400")]
    [InlineData("space before colon", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length : 1\r\n\r\na", "400")]
    [InlineData("folded field", "POST /p/x HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", "400")]
    [InlineData("field begins with space", "GET / HTTP/1.1\r\nHost: h\r\n X: a\r\n\r\n", "400")]
    [InlineData("field without colon", "GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n", "200 GET / h")]
    [InlineData("empty name", "GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n", "400")]
    [InlineData("NUL in value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\u0000b\r\n\r\n", "400")]
    [InlineData("NUL in name", "GET / HTTP/1.1\r\nHost: h\r\nX\u0000: a\r\n\r\n", "400")]
    [InlineData("bare CR in value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", "400")]
    [InlineData("bare LF in head", "GET /p/x HTTP/1.1\nHost: h\n\n", "200 GET /in/x 127.0.0.1:PORT")]
    [InlineData("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400")]
    [InlineData("no host", "GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "400")]
    [InlineData("host with space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400")]
    [InlineData("host with slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400")]
    [InlineData("host dots", "GET / HTTP/1.1\r\nHost: a..b\r\n\r\n", "400")]
    [InlineData("host of the target", "GET http://t/x HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /x t")]
    [InlineData("host of the target passed", "GET http://t/p/x HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /in/x 127.0.0.1:PORT")]
    [InlineData("target host bad", "GET http://t t/x HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("scheme other", "GET ftp://t/x HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /x t")]
    [InlineData("chunk overflow", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\na\r\n0\r\n\r\n",
        "400")]
    [InlineData("chunk size max", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n8000000000000000\r\na\r\n0\r\n\r\n",
        "400")]
    [InlineData("chunk 0x", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", "400")]
    [InlineData("chunk space before", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n 1\r\na\r\n0\r\n\r\n", "400")]
    [InlineData("chunk negative", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n", "400")]
    [InlineData("chunk extension", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\na\r\n0\r\n\r\n",
        "200 POST /in/x 127.0.0.1:PORT 1")]
    [InlineData("chunk longer than said", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", "400")]
    [InlineData("chunk without size", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("chunk trailer",
        "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nContent-Length: 5\r\n\r\n",
        "200 POST /in/x 127.0.0.1:PORT 1")]
    public Task The_end_of_a_request_is_where_nginx_finds_it(string what, string request, string answer) => Ask(what, request, answer);

    [Theory]
    [InlineData("up from root", "GET /../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("up from folder", "GET /a/../../etc HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("encoded dots", "GET /%2e%2e/etc HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("half encoded dots", "GET /a/.%2e/%2e./x HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("encoded slash", "GET /a/..%2f..%2fetc HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("encoded slash within", "GET /a/b%2f../c HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /a/c h")]
    [InlineData("double encoded", "GET /%252e%252e/x HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /%2e%2e/x h")]
    [InlineData("backslash", "GET /a\\..\\b HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /a\\..\\b h")]
    [InlineData("dots and semicolon", "GET /a/..;/b HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /a/..;/b h")]
    [InlineData("NUL in path", "GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("raw NUL in path", "GET /a\u0000b HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("bad escape", "GET /a%zz HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("cut escape", "GET /a%2 HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("slashes", "GET //a///b/./c/../d HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /a/b/d h")]
    [InlineData("passed path", "GET /p/%2e%2e/p/a%20b?x=/../ HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /in/a%20b?x=/../ 127.0.0.1:PORT")]
    [InlineData("overlong utf8", "GET /%c0%ae%c0%ae/x HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /\u00c0\u00ae\u00c0\u00ae/x h")]
    [InlineData("fragment", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /a h")]
    [InlineData("high byte", "GET /\u00ff HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET /\u00ff h")]
    [InlineData("del", "GET /a\u007fb HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("tab in path", "GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    public Task A_path_stays_below_its_root(string what, string request, string answer) => Ask(what, request, answer);

    [Theory]
    [InlineData("small method", "get / HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("unknown method", "FOO_BAR-x / HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("method with digit", "G3T / HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("two spaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET / h")]
    [InlineData("space in path", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("space behind", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", "200 GET / h")]
    [InlineData("http 1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", "200 GET / h")]
    [InlineData("http 2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505")]
    [InlineData("http 1.x", "GET / HTTP/1.1x\r\nHost: h\r\n\r\n", "400")]
    [InlineData("not http", "GET / FTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("trace", "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", "405")]
    [InlineData("empty lines before", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", "200 GET / h")]
    [InlineData("asterisk", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "400")]
    [InlineData("tls hello", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000", "400")]
    [InlineData("h2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400")]
    public Task A_line_is_a_request_or_refused(string what, string request, string answer) => Ask(what, request, answer);

    private Task Ask(string what, string request, string answer)
    {
        Assert.NotEmpty(what);
        return both.AnswerAsync(request, answer);
    }
}
