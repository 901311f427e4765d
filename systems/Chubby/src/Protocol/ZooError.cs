namespace Microcosm.Chubby;

/// <summary>ZooKeeper's error codes (<c>KeeperException.Code</c>), as they stand in reply headers.</summary>
internal enum ZooError
{
    Ok = 0,
    SystemError = -1,

    /// <summary>Of the operations behind the one that failed in a multi.</summary>
    RuntimeInconsistency = -2,
    DataInconsistency = -3,
    ConnectionLoss = -4,

    /// <summary>The request's body cannot be read.</summary>
    MarshallingError = -5,
    Unimplemented = -6,
    OperationTimeout = -7,
    BadArguments = -8,
    NewConfigNoQuorum = -13,
    ReconfigInProgress = -14,
    UnknownSession = -12,
    ApiError = -100,
    NoNode = -101,
    NoAuth = -102,
    BadVersion = -103,
    NoChildrenForEphemerals = -108,
    NodeExists = -110,
    NotEmpty = -111,
    SessionExpired = -112,
    InvalidCallback = -113,
    InvalidAcl = -114,
    AuthFailed = -115,
    SessionMoved = -118,
    NotReadOnly = -119,
    EphemeralOnLocalSession = -120,
    NoWatcher = -121,
    RequestTimeout = -122,
    ReconfigDisabled = -123,
    SessionClosedRequireSaslAuth = -124,
    QuotaExceeded = -125,
    Throttled = -127,
}
