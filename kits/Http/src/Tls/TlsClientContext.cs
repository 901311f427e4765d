namespace Microcosm.Http;

/// <summary>What a client's connections have in common, the sessions to take up again included.</summary>
public sealed unsafe class TlsClientContext : TlsContext
{
    private const int SessionsMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SessionHandle> _sessions = [];
    private readonly Queue<string> _keys = new();

    /// <summary>Reads certificates and settings. Throws <see cref="TlsException"/> in nginx' words for what is wrong with them, and <see
    /// cref="PlatformNotSupportedException"/> where the machine has no OpenSSL 3.</summary>
    public TlsClientContext(TlsClientOptions options)
        : base(options.BufferBytes, options.HandshakeTimeoutMs, options.IgnoresUnexpectedEof)
    {
        Verifies = options.Verifies;
        Build(options);
        GC.KeepAlive(this);
    }

    /// <summary>Sessions that are kept.</summary>
    public int SessionCount
    {
        get
        {
            lock (_gate)
                return _sessions.Count;
        }
    }

    /// <summary>The latest session of a key; null where there is none. It stays the context's.</summary>
    internal SessionHandle? Find(string key)
    {
        lock (_gate)
            return _sessions.GetValueOrDefault(key);
    }

    /// <summary>Keeps a session in place of the one before.</summary>
    internal void Keep(string key, nint session)
    {
        var handle = new SessionHandle(session);
        lock (_gate)
        {
            // What is replaced may be in use on another loop: the collector frees it.
            if (!_sessions.ContainsKey(key))
            {
                if (_keys.Count == SessionsMax)
                    _sessions.Remove(_keys.Dequeue());
                _keys.Enqueue(key);
            }
            _sessions[key] = handle;
        }
    }

    private void Build(TlsClientOptions options)
    {
        ContextSettings.Basics(Pointer, options.Protocols);
        ContextSettings.Ciphers(Pointer, options.Ciphers);
        ContextSettings.Certificates(Pointer, options.Certificates);
        // The handshake goes on; what verification found is looked at after it.
        LibSsl.SetVerify(Pointer, Verifies ? LibSsl.VerifyPeer : LibSsl.VerifyNone, TlsCallbacks.Accepting);
        LibSsl.SetVerifyDepth(Pointer, options.VerifyDepth);
        if (options.TrustedAuthorities is { } trusted)
            ContextSettings.Trust(Pointer, trusted, isNamedToClients: false);
        if (options.TrustsSystem && LibSsl.TrustSystem(Pointer) != 1)
            throw TlsException.OfSetting("SSL_CTX_set_default_verify_paths() failed");
        if (options.Crl is { } crl)
            ContextSettings.Crl(Pointer, crl);
        var alpn = AlpnNames.Encode(options.AlpnProtocols);
        fixed (byte* names = alpn)
        {
            if (alpn.Length > 0 && LibSsl.OfferProtocols(Pointer, names, (uint)alpn.Length) != 0)
                throw TlsException.OfSetting("SSL_CTX_set_alpn_protos() failed");
        }
        LibSsl.Control(Pointer, LibSsl.ControlSessionCacheMode,
            options.ReusesSessions ? LibSsl.CacheClient | LibSsl.CacheNoInternal : LibSsl.CacheOff, null);
        if (options.ReusesSessions)
            TlsCallbacks.SetClientSessions(Pointer);
        ContextSettings.Commands(Pointer, options.ConfigurationCommands);
    }
}
