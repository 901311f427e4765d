namespace Microcosm.Http;

/// <summary>What a look-up came to: response codes of DNS (RFC 1035 4.1.1), and what never came.</summary>
public enum ResolveStatus
{
    /// <summary>There are addresses.</summary>
    Ok = 0,

    /// <summary>The server could not read the question.</summary>
    FormatError = 1,

    /// <summary>The server could not answer.</summary>
    ServerFailure = 2,

    /// <summary>There is no such name, or it has no addresses.</summary>
    NotFound = 3,

    /// <summary>The server does not know this kind of question.</summary>
    NotImplemented = 4,

    /// <summary>The server does not answer this client.</summary>
    Refused = 5,

    /// <summary>No answer came in time.</summary>
    TimedOut = 110,
}
