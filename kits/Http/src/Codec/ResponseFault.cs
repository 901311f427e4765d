namespace Microcosm.Http;

/// <summary>What is wrong with a response's head.</summary>
public enum ResponseFault : byte
{
    None,

    /// <summary>The first line is no status line.</summary>
    InvalidStatusLine,
    InvalidHeaderLine,

    /// <summary>More than the buffers hold.</summary>
    HeaderTooLong,

    /// <summary>A field that may stand once only stands twice.</summary>
    DuplicateHeader,
    InvalidContentLength,
    ContentLengthAndTransferEncoding,
    UnknownTransferEncoding,
}
