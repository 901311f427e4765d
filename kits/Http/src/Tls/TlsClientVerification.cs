namespace Microcosm.Http;

/// <summary>
/// Whether a server asks clients for certificates (ssl_verify_client). A handshake never fails of a client's certificate: the front end
/// looks at <see cref="TlsInfo.VerifyError"/> and <see cref="TlsInfo.PeerCertificate"/> and answers.
/// </summary>
public enum TlsClientVerification
{
    /// <summary>Not asked for.</summary>
    Off,

    /// <summary>Asked for, and requests without a good one are refused.</summary>
    On,

    /// <summary>Asked for; one that comes has to be good.</summary>
    Optional,

    /// <summary>Asked for; who issued it need not be known.</summary>
    OptionalNoCa,
}
