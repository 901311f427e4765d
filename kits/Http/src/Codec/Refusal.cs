namespace Microcosm.Http;

/// <summary>Why a request is not one that can be served. Each front end has its own status, words and log line for it.</summary>
public enum Refusal : byte
{
    /// <summary>It can be served.</summary>
    None,
    InvalidMethod,
    InvalidRequestLine,
    InvalidVersion,
    InvalidHttp09Method,
    InvalidHeaderLine,
    RequestLineTooLong,
    HeaderTooLong,
    TooManyHeaders,

    /// <summary>The target climbs above the root, or has a NUL or a broken escape.</summary>
    InvalidTarget,
    InvalidHostInRequestLine,
    InvalidHost,
    DuplicateHost,

    /// <summary>HTTP/1.1 without a Host.</summary>
    MissingHost,

    /// <summary>Another field that may stand once only stands twice.</summary>
    DuplicateHeader,
    InvalidContentLength,

    /// <summary>Before HTTP/1.1.</summary>
    TransferEncodingInHttp10,
    ContentLengthAndTransferEncoding,
    UnknownTransferEncoding,
    InvalidChunkedBody,

    /// <summary>The head, or the body, did not come in time. There is nobody to answer, by nginx' rules.</summary>
    TimedOut,

    /// <summary>The client ended the connection within the head.</summary>
    ClosedPrematurely,
}
