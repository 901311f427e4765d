namespace Microcosm.Http;

/// <summary>The connection cannot go on (RFC 9113 section 5.4.1): GOAWAY with this code, then the end.</summary>
internal sealed class Http2ConnectionException(Http2ErrorCode code, string message) : Exception(message)
{
    public Http2ErrorCode Code => code;
}
