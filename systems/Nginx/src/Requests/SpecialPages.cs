using System.Buffers;
using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>The pages that nginx itself has for statuses.</summary>
internal static class SpecialPages
{
    private const string Tail = "<hr><center>{0}</center>\r\n</body>\r\n</html>\r\n";
    private const string MsiePadding = "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n";

    private static readonly Dictionary<int, string> Titles = new()
    {
        [301] = "301 Moved Permanently", [302] = "302 Found", [303] = "303 See Other", [307] = "307 Temporary Redirect",
        [308] = "308 Permanent Redirect", [400] = "400 Bad Request", [401] = "401 Authorization Required", [402] = "402 Payment Required",
        [403] = "403 Forbidden", [404] = "404 Not Found", [405] = "405 Not Allowed", [406] = "406 Not Acceptable",
        [407] = "407 Proxy Authentication Required", [408] = "408 Request Time-out", [409] = "409 Conflict", [410] = "410 Gone",
        [411] = "411 Length Required", [412] = "412 Precondition Failed", [413] = "413 Request Entity Too Large",
        [414] = "414 Request-URI Too Large", [415] = "415 Unsupported Media Type", [416] = "416 Requested Range Not Satisfiable",
        [421] = "421 Misdirected Request", [429] = "429 Too Many Requests", [494] = "400 Request Header Or Cookie Too Large",
        [495] = "400 The SSL certificate error", [496] = "400 No required SSL certificate was sent",
        [497] = "400 The plain HTTP request was sent to HTTPS port", [500] = "500 Internal Server Error", [501] = "501 Not Implemented",
        [502] = "502 Bad Gateway", [503] = "503 Service Temporarily Unavailable", [504] = "504 Gateway Time-out",
        [505] = "505 HTTP Version Not Supported", [507] = "507 Insufficient Storage",
    };

    // Statuses that clients see as 400, with what the page says more.
    private static readonly Dictionary<int, string> Explained = new()
    {
        [494] = "Request Header Or Cookie Too Large", [495] = "The SSL certificate error", [496] = "No required SSL certificate was sent",
        [497] = "The plain HTTP request was sent to HTTPS port",
    };

    /// <summary>The page's bytes; null where the status has none.</summary>
    /// <param name="name">What the page says of the server.</param>
    public static byte[]? Find(int status, string name, bool isPadded)
    {
        if (!Titles.TryGetValue(status, out var title))
            return null;
        var heading = Explained.TryGetValue(status, out var more)
            ? $"<center><h1>400 Bad Request</h1></center>\r\n<center>{more}</center>\r\n"
            : $"<center><h1>{title}</h1></center>\r\n";
        var page = $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n{heading}" + string.Format(null, Tail, name);
        if (isPadded && status >= 400)
            page += string.Concat(Enumerable.Repeat(MsiePadding, 6));
        return Encoding.ASCII.GetBytes(page);
    }

    /// <summary>A page that takes an old browser to another place (msie_refresh).</summary>
    public static byte[] Refresh(ReadOnlySpan<byte> location)
    {
        var page = new ArrayBufferWriter<byte>(128 + location.Length);
        page.Write("<html><head><meta http-equiv=\"Refresh\" content=\"0; URL="u8);
        UriEscape.Refresh(location, page);
        page.Write("\"></head><body></body></html>\r\n"u8);
        return page.WrittenSpan.ToArray();
    }

    /// <summary>The status that a client sees.</summary>
    public static int SeenAs(int status) => Explained.ContainsKey(status) ? 400 : status;

    /// <summary>Whether the connection may go on after such an error (ngx_http_special_response_handler).</summary>
    public static bool KeepsAlive(int status) => status is not (400 or 413 or 414 or 494 or 495 or 496 or 497 or 500 or 501);

    /// <summary>What is wrong with a request, as a status and in the words of the error log; no words: it is not logged.</summary>
    public static (int Status, string Words) Of(Refusal refusal) => refusal switch
    {
        Refusal.InvalidMethod => (400, "client sent invalid method while reading client request line"),
        Refusal.InvalidRequestLine or Refusal.InvalidTarget => (400, "client sent invalid request while reading client request line"),
        Refusal.InvalidVersion => (505, "client sent invalid version while reading client request line"),
        Refusal.InvalidHttp09Method => (400, "client sent invalid method in HTTP/0.9 request while reading client request line"),
        Refusal.InvalidHeaderLine => (400, "client sent invalid header line"),
        Refusal.RequestLineTooLong => (414, "client sent too long URI while reading client request line"),
        Refusal.HeaderTooLong => (494, "client sent too long header line"),
        Refusal.TooManyHeaders => (494, "client sent too many headers"),
        Refusal.InvalidHostInRequestLine => (400, "client sent invalid host in request line while reading client request line"),
        Refusal.InvalidHost => (400, "client sent invalid host header"),
        Refusal.DuplicateHost => (400, "client sent duplicate host header"),
        Refusal.MissingHost => (400, "client sent HTTP/1.1 request without \"Host\" header while reading client request headers"),
        Refusal.DuplicateHeader => (400, "client sent duplicate header line"),
        Refusal.InvalidContentLength => (400, "client sent invalid \"Content-Length\" header"),
        Refusal.TransferEncodingInHttp10 => (400, "client sent HTTP/1.0 request with \"Transfer-Encoding\" header"),
        Refusal.ContentLengthAndTransferEncoding =>
            (400, "client sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time"),
        Refusal.UnknownTransferEncoding => (501, "client sent unknown \"Transfer-Encoding\""),
        Refusal.InvalidChunkedBody => (400, "client sent invalid chunked body"),
        Refusal.TimedOut => (408, "client timed out (110: Connection timed out) while reading client request headers"),
        Refusal.ClosedPrematurely => (400, "client prematurely closed connection while reading client request headers"),
        _ => (500, ""),
    };
}
