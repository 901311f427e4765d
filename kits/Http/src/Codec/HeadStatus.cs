namespace Microcosm.Http;

/// <summary>How far the parsing of a head came.</summary>
internal enum HeadStatus : byte
{
    /// <summary>What came so far is right; more is to come.</summary>
    NeedMore,

    /// <summary>The head is whole.</summary>
    Done,

    /// <summary>A byte in the method that is no capital letter, underscore or hyphen.</summary>
    InvalidMethod,

    /// <summary>A request line that is none.</summary>
    InvalidRequest,

    /// <summary>A major version above 1.</summary>
    InvalidVersion,

    /// <summary>A request without a version whose method is not GET.</summary>
    InvalidHttp09Method,

    /// <summary>A status line that is none.</summary>
    InvalidStatusLine,

    /// <summary>A control byte in a field's name or value, or a line that begins with a space (obs-fold).</summary>
    InvalidHeader,

    /// <summary>The first line is longer than a buffer.</summary>
    LineTooLong,

    /// <summary>A field is longer than a buffer, or all fields are more than the buffers hold.</summary>
    HeaderTooLong,

    /// <summary>More fields than are allowed.</summary>
    TooManyHeaders,
}
