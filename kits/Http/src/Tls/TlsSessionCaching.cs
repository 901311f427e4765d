namespace Microcosm.Http;

/// <summary>Whether a server keeps sessions for clients that come back by their id (ssl_session_cache).</summary>
public enum TlsSessionCaching
{
    /// <summary>Not kept, and clients are not told so.</summary>
    None,

    /// <summary>Not kept, and clients are told so.</summary>
    Off,

    /// <summary>Kept by the context.</summary>
    Builtin,

    /// <summary>Kept by a <see cref="TlsSessionCache"/>, which contexts may share.</summary>
    Shared,

    /// <summary>Kept by both.</summary>
    BuiltinAndShared,
}
