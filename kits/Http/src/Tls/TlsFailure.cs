namespace Microcosm.Http;

/// <summary>What a connection with TLS, or a context, failed of.</summary>
public enum TlsFailure
{
    /// <summary>A setting is wrong, or OpenSSL is out of something.</summary>
    Setting,

    /// <summary>What a peer sent is not as TLS has it, or nothing suits both sides. nginx logs this as "info".</summary>
    Peer,

    /// <summary>OpenSSL failed, of no peer's doing. nginx logs this as "crit".</summary>
    Internal,

    /// <summary>The peer ended the connection before the handshake was complete.</summary>
    PeerClosed,

    /// <summary>The handshake was not complete in time.</summary>
    TimedOut,

    /// <summary>The context refuses every handshake (ssl_reject_handshake).</summary>
    Rejected,

    /// <summary>The server's certificate is not trusted, or is not in its time.</summary>
    Certificate,

    /// <summary>The server's certificate is another one's.</summary>
    Name,
}
