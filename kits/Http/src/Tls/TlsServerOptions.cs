namespace Microcosm.Http;

/// <summary>What a server's context is made of; meanings and defaults are those of nginx' ssl_ directives.</summary>
public sealed record TlsServerOptions
{
    /// <summary>Certificates, each of another kind of key.</summary>
    public IReadOnlyList<TlsCertificate> Certificates { get; init; } = [];

    /// <summary>Certificates are asked for at each handshake (<see cref="ITlsHandler.Certify"/>).</summary>
    public bool AsksForCertificates { get; init; }

    /// <summary>Versions that are spoken.</summary>
    public TlsProtocols Protocols { get; init; } = TlsProtocols.Tls12 | TlsProtocols.Tls13;

    /// <summary>Ciphers up to TLSv1.2, in OpenSSL's words.</summary>
    public string Ciphers { get; init; } = "HIGH:!aNULL:!MD5";

    /// <summary>The server's order of ciphers counts, not the client's.</summary>
    public bool PrefersServerCiphers { get; init; }

    /// <summary>Groups for the exchange of keys, or <c>auto</c>.</summary>
    public string Curves { get; init; } = "auto";

    /// <summary>Parameters for DHE ciphers, without which there are none.</summary>
    public TlsFile? DhParameters { get; init; }

    /// <summary>Whether sessions are kept.</summary>
    public TlsSessionCaching SessionCaching { get; init; }

    /// <summary>Sessions that the context itself keeps, at most; 0 for OpenSSL's default.</summary>
    public int BuiltinSessionsMax { get; init; }

    /// <summary>Where shared sessions are kept.</summary>
    public TlsSessionCache? SessionCache { get; init; }

    /// <summary>How long a session may be taken up again, in seconds of the machine's clock.</summary>
    public int SessionTimeoutSeconds { get; init; } = 300;

    /// <summary>Clients keep their sessions themselves, in tickets.</summary>
    public bool SessionTickets { get; init; } = true;

    /// <summary>What tickets are encrypted by; null for keys of the shared cache, or of the context.</summary>
    public TlsTicketKeys? TicketKeys { get; init; }

    /// <summary>What servers must have in common, beside certificates, to take each other's sessions.</summary>
    public string SessionContext { get; init; } = "HTTP";

    /// <summary>Whether clients are asked for certificates.</summary>
    public TlsClientVerification ClientVerification { get; init; }

    /// <summary>Authorities of clients, whose names clients are told.</summary>
    public TlsFile? ClientAuthorities { get; init; }

    /// <summary>Authorities that are trusted too, without being named to clients.</summary>
    public TlsFile? TrustedAuthorities { get; init; }

    /// <summary>Certificates that are revoked.</summary>
    public TlsFile? Crl { get; init; }

    /// <summary>Length of a client's chain, at most.</summary>
    public int VerifyDepth { get; init; } = 1;

    /// <summary>An OCSP response in DER, given to clients that ask for it (ssl_stapling_file).</summary>
    public TlsFile? OcspResponse { get; init; }

    /// <summary>Protocols of applications, the one liked best first; a client that offers none of them is refused. Empty: whatever a
    /// client offers is ignored. A connection may have its own (<see cref="TlsSession.Protocols"/>).</summary>
    public IReadOnlyList<string> AlpnProtocols { get; init; } = [];

    /// <summary>Every handshake that this context is chosen for is refused.</summary>
    public bool RejectsHandshakes { get; init; }

    /// <summary>OpenSSL's own settings (ssl_conf_command), in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ConfigurationCommands { get; init; } = [];

    /// <summary>A record's content, at most, in bytes (ssl_buffer_size); no record holds more than 16 KiB.</summary>
    public int BufferBytes { get; init; } = TlsContext.RecordBytesMax;

    /// <summary>For a whole handshake, since the connection was opened.</summary>
    public long HandshakeTimeoutMs { get; init; } = 60_000;

    /// <summary>An end of input without close_notify is an end like another. If not, it fails the connection.</summary>
    public bool IgnoresUnexpectedEof { get; init; } = true;
}
