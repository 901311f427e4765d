namespace Microcosm.Http;

/// <summary>Why a request to an upstream server came to nothing.</summary>
public enum UpstreamErrorKind : byte
{
    /// <summary>Not connected: <see cref="UpstreamError.Socket"/> says why.</summary>
    ConnectFailed,

    /// <summary>Not connected in time.</summary>
    ConnectTimedOut,

    /// <summary>TLS is not to be had: <see cref="UpstreamError.Tls"/> says why.</summary>
    TlsFailed,

    /// <summary>Nothing of the request could be sent for too long.</summary>
    SendTimedOut,

    /// <summary>Nothing of the response came for too long.</summary>
    ReadTimedOut,

    /// <summary>The server ended the connection before the response was whole.</summary>
    ClosedPrematurely,

    /// <summary>The connection was reset.</summary>
    Reset,

    /// <summary>What came is no head of a response: <see cref="UpstreamError.Fault"/> says why.</summary>
    InvalidHead,

    /// <summary>The body is not chunked as the head says.</summary>
    InvalidBody,

    /// <summary>The server broke the rules of HTTP/2, or gave the request up: <see cref="UpstreamError.Words"/> says how.</summary>
    InvalidHttp2,
}
