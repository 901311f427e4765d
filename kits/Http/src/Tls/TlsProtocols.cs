namespace Microcosm.Http;

/// <summary>Versions of the protocol.</summary>
[Flags]
public enum TlsProtocols
{
    /// <summary>SSLv3, which most builds of OpenSSL do not speak.</summary>
    Ssl3 = 1,

    /// <summary>TLSv1; needs ciphers of security level 0.</summary>
    Tls10 = 2,

    /// <summary>TLSv1.1; needs ciphers of security level 0.</summary>
    Tls11 = 4,

    /// <summary>TLSv1.2.</summary>
    Tls12 = 8,

    /// <summary>TLSv1.3.</summary>
    Tls13 = 16,
}
