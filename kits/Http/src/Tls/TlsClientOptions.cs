namespace Microcosm.Http;

/// <summary>What a client's context is made of; meanings and defaults are those of nginx' proxy_ssl_ directives.</summary>
public sealed record TlsClientOptions
{
    /// <summary>What servers may ask for.</summary>
    public IReadOnlyList<TlsCertificate> Certificates { get; init; } = [];

    /// <summary>Versions that are spoken.</summary>
    public TlsProtocols Protocols { get; init; } = TlsProtocols.Tls12 | TlsProtocols.Tls13;

    /// <summary>Ciphers up to TLSv1.2, in OpenSSL's words.</summary>
    public string Ciphers { get; init; } = "DEFAULT";

    /// <summary>The server's certificate has to be trusted, in its time, and of the name that was meant. Not so by default, as with
    /// nginx.</summary>
    public bool Verifies { get; init; }

    /// <summary>Authorities that are trusted.</summary>
    public TlsFile? TrustedAuthorities { get; init; }

    /// <summary>The machine's authorities are trusted.</summary>
    public bool TrustsSystem { get; init; }

    /// <summary>Certificates that are revoked.</summary>
    public TlsFile? Crl { get; init; }

    /// <summary>Length of a server's chain, at most.</summary>
    public int VerifyDepth { get; init; } = 1;

    /// <summary>Protocols of applications that are offered, the one liked best first.</summary>
    public IReadOnlyList<string> AlpnProtocols { get; init; } = [];

    /// <summary>Sessions are kept and taken up again, by <see cref="TlsTarget.SessionKey"/>.</summary>
    public bool ReusesSessions { get; init; } = true;

    /// <summary>OpenSSL's own settings (proxy_ssl_conf_command), in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ConfigurationCommands { get; init; } = [];

    /// <summary>A record's content, at most, in bytes; no record holds more than 16 KiB.</summary>
    public int BufferBytes { get; init; } = TlsContext.RecordBytesMax;

    /// <summary>For a whole handshake, since the connection was opened.</summary>
    public long HandshakeTimeoutMs { get; init; } = 60_000;

    /// <summary>An end of input without close_notify is an end like another. If not, it fails the connection.</summary>
    public bool IgnoresUnexpectedEof { get; init; } = true;
}
