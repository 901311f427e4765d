namespace Microcosm.Http;

/// <summary>What a server's connections have in common.</summary>
public sealed unsafe class TlsServerContext : TlsContext
{
    private readonly byte[] _ocspResponse;

    /// <summary>Reads certificates and settings. Throws <see cref="TlsException"/> in nginx' words for what is wrong with them, and <see
    /// cref="PlatformNotSupportedException"/> where the machine has no OpenSSL 3.</summary>
    public TlsServerContext(TlsServerOptions options)
        : base(options.BufferBytes, options.HandshakeTimeoutMs, options.IgnoresUnexpectedEof)
    {
        Verifies = options.ClientVerification != TlsClientVerification.Off;
        VerifyDepth = options.VerifyDepth;
        ClientVerification = options.ClientVerification;
        RejectsHandshakes = options.RejectsHandshakes;
        SessionTimeoutSeconds = options.SessionTimeoutSeconds;
        Alpn = new TlsProtocolNames(options.AlpnProtocols);
        _ocspResponse = options.OcspResponse is { } file ? ContextSettings.OcspResponse(file) : [];
        if (options.SessionCaching is TlsSessionCaching.Shared or TlsSessionCaching.BuiltinAndShared)
        {
            ArgumentNullException.ThrowIfNull(options.SessionCache);
            SessionCache = options.SessionCache;
        }
        TicketKeys = options.TicketKeys ?? SessionCache?.TicketKeys;
        Build(options);
        GC.KeepAlive(this);
    }

    /// <summary>Whether clients are asked for certificates.</summary>
    public TlsClientVerification ClientVerification { get; }

    /// <summary>Every handshake that this context is chosen for is refused.</summary>
    public bool RejectsHandshakes { get; }

    internal int VerifyDepth { get; }

    internal int SessionTimeoutSeconds { get; }

    internal TlsSessionCache? SessionCache { get; }

    internal TlsTicketKeys? TicketKeys { get; }

    internal TlsProtocolNames Alpn { get; }

    internal ReadOnlySpan<byte> OcspResponse => _ocspResponse;

    private void Build(TlsServerOptions options)
    {
        ContextSettings.Basics(Pointer, options.Protocols);
        TlsCallbacks.SetServer(Pointer);
        ContextSettings.Ciphers(Pointer, options.Ciphers);
        if (options.PrefersServerCiphers)
            LibSsl.SetOptions(Pointer, LibSsl.OptionServerPreference);
        ContextSettings.Certificates(Pointer, options.Certificates);
        if (options.AsksForCertificates)
            TlsCallbacks.SetCertificates(Pointer);
        BuildVerification(options);
        if (options.DhParameters is { } parameters)
            ContextSettings.DhParameters(Pointer, parameters);
        ContextSettings.Curves(Pointer, options.Curves);
        BuildSessions(options);
        TlsCallbacks.SetAlpn(Pointer);
        if (_ocspResponse.Length > 0)
            TlsCallbacks.SetOcsp(Pointer);
        ContextSettings.Commands(Pointer, options.ConfigurationCommands);
    }

    private void BuildVerification(TlsServerOptions options)
    {
        LibSsl.SetVerify(Pointer, Verifies ? LibSsl.VerifyPeer : LibSsl.VerifyNone, TlsCallbacks.Accepting);
        LibSsl.SetVerifyDepth(Pointer, options.VerifyDepth);
        if (options.ClientAuthorities is { } authorities)
            ContextSettings.Trust(Pointer, authorities, isNamedToClients: true);
        if (options.TrustedAuthorities is { } trusted)
            ContextSettings.Trust(Pointer, trusted, isNamedToClients: false);
        if (options.Crl is { } crl)
            ContextSettings.Crl(Pointer, crl);
    }

    private void BuildSessions(TlsServerOptions options)
    {
        ContextSettings.SessionContext(Pointer, options);
        LibSsl.SetTimeout(Pointer, options.SessionTimeoutSeconds);
        var mode = options.SessionCaching switch
        {
            TlsSessionCaching.Off => LibSsl.CacheOff,
            TlsSessionCaching.None => LibSsl.CacheServer | LibSsl.CacheNoAutoClear | LibSsl.CacheNoInternalStore,
            TlsSessionCaching.Shared => LibSsl.CacheServer | LibSsl.CacheNoInternal,
            _ => LibSsl.CacheServer,
        };
        LibSsl.Control(Pointer, LibSsl.ControlSessionCacheMode, mode, null);
        var count = options.SessionCaching == TlsSessionCaching.None ? 1 : options.BuiltinSessionsMax;
        if (count > 0)
            LibSsl.Control(Pointer, LibSsl.ControlSessionCacheSize, count, null);
        if (SessionCache is not null)
            TlsCallbacks.SetSessionCache(Pointer);
        if (!options.SessionTickets)
            LibSsl.SetOptions(Pointer, LibSsl.OptionNoTicket);
        else if (TicketKeys is not null)
            TlsCallbacks.SetTickets(Pointer);
    }
}
