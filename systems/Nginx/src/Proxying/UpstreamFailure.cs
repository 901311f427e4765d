using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>What a failure is called in the error log, and as a reason to ask another server.</summary>
internal static class UpstreamFailure
{
    // Refused, reset, unreachable: usual enough not to be critical.
    private static readonly int[] UsualErrors = [111, 104, 103, 100, 101, 112, 113, 110];

    public static (LogLevel Level, string Words, long Reason) Of(
        UpstreamError error, UpstreamExchange upstream, bool isHeadOut, bool isSent)
    {
        var doing = isHeadOut ? "while reading upstream"
            : isSent ? "while reading response header from upstream" : "while connecting to upstream";
        return error.Kind switch
        {
            UpstreamErrorKind.ConnectFailed => (UsualErrors.Contains(error.Socket!.Errno) ? LogLevel.Error : LogLevel.Crit,
                $"connect() failed ({error.Socket.Errno}: {error.Socket.Message}) {doing}", NextUpstream.Error),
            UpstreamErrorKind.TlsFailed => (error.Tls!.Failure == TlsFailure.Internal ? LogLevel.Crit : LogLevel.Error,
                $"{error.Tls.Message} while SSL handshaking to upstream",
                error.Tls.Failure == TlsFailure.TimedOut ? NextUpstream.Timeout : NextUpstream.Error),
            UpstreamErrorKind.ConnectTimedOut or UpstreamErrorKind.ReadTimedOut =>
                (LogLevel.Error, $"upstream timed out (110: Connection timed out) {doing}", NextUpstream.Timeout),
            UpstreamErrorKind.SendTimedOut =>
                (LogLevel.Error, "upstream timed out (110: Connection timed out) while sending request to upstream", NextUpstream.Timeout),
            UpstreamErrorKind.Reset =>
                (LogLevel.Error, $"recv() failed (104: Connection reset by peer) {doing}", NextUpstream.Error),
            UpstreamErrorKind.InvalidHead => (LogLevel.Error, $"{WordsOf(error.Fault, upstream)} {doing}", NextUpstream.InvalidHeader),
            UpstreamErrorKind.InvalidHttp2 => (LogLevel.Error, $"{error.Words} {doing}", NextUpstream.InvalidHeader),
            UpstreamErrorKind.InvalidBody =>
                (LogLevel.Error, $"upstream sent invalid chunked response {doing}", NextUpstream.InvalidHeader),
            _ => (LogLevel.Error, $"upstream prematurely closed connection {doing}", NextUpstream.Error),
        };
    }

    private static string WordsOf(ResponseFault fault, UpstreamExchange upstream) => fault switch
    {
        ResponseFault.HeaderTooLong => "upstream sent too big header",
        ResponseFault.InvalidStatusLine => "upstream sent no valid HTTP/1.0 header",
        ResponseFault.InvalidContentLength =>
            $"upstream sent invalid \"Content-Length\" header: \"{Latin1.Text(upstream.ResponseHeaders[KnownHeader.ContentLength])}\"",
        ResponseFault.DuplicateHeader => "upstream sent duplicate header line",
        ResponseFault.ContentLengthAndTransferEncoding =>
            "upstream sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time",
        ResponseFault.UnknownTransferEncoding =>
            $"upstream sent unknown \"Transfer-Encoding\": \"{Latin1.Text(upstream.ResponseHeaders[KnownHeader.TransferEncoding])}\"",
        _ => "upstream sent invalid header",
    };
}
