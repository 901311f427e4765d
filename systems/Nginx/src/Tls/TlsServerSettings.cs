using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Makes of a server's settings what its TLS context is made of.</summary>
internal sealed class TlsServerSettings(TlsModule module, CertificateFiles files, TlsCaches caches)
{
    /// <summary>Whether a server has a context of its own.</summary>
    public bool HasContext(Level level) => level.Get(module.Certificates).Count > 0 || level.Get(module.RejectHandshake);

    /// <summary>Throws <see cref="TlsException"/> in nginx' words.</summary>
    public TlsServerOptions Of(Level level)
    {
        var isVariable = level.Get(module.VariableCertificates).Count > 0;
        var names = level.Get(module.Certificates);
        var verification = level.Get(module.VerifyClient);
        var timeout = level.Get(module.SessionTimeout);
        var keys = level.Get(module.SessionTicketKeys);
        var options = new TlsServerOptions
        {
            Protocols = (TlsProtocols)(level.Get(module.Protocols) >> 1),
            Ciphers = level.Get(module.Ciphers)!,
            PrefersServerCiphers = level.Get(module.PreferServerCiphers),
            AsksForCertificates = isVariable,
            Certificates = isVariable ? [] : [.. names.Zip(level.Get(module.CertificateKeys), (c, k) => PairOf(level, c, k))],
            ClientVerification = (TlsClientVerification)(byte)verification,
            ClientAuthorities = verification == VerifyClient.Off ? null : files.Authorities(level.Get(module.ClientCertificate)),
            TrustedAuthorities = files.Authorities(level.Get(module.TrustedCertificate)),
            VerifyDepth = (int)Math.Min(int.MaxValue, level.Get(module.VerifyDepth)),
            Crl = files.Crl(level.Get(module.Crl)),
            DhParameters = files.Other(level.Get(module.DhParam), "r"),
            Curves = level.Get(module.EcdhCurve)!,
            SessionTimeoutSeconds = (int)Math.Min(int.MaxValue, timeout),
            SessionTickets = level.Get(module.SessionTickets),
            TicketKeys = keys.Count == 0 ? null : new TlsTicketKeys([.. keys.Select(files.TicketKey)]),
            // Names stand for certificates that are not known yet.
            SessionContext = (module == TlsModule.Http ? "HTTP" : "STREAM") + (isVariable ? string.Concat(names) : ""),
            OcspResponse = level.Get(module.Stapling) ? files.Other(level.Get(module.StaplingFile), "rb") : null,
            AlpnProtocols = module.Alpn is { } alpn ? level.Get(alpn) : [],
            RejectsHandshakes = level.Get(module.RejectHandshake),
            ConfigurationCommands = [.. level.Get(module.ConfCommands).Select(c => KeyValuePair.Create(c.Name, c.Value))],
            BufferBytes = module.BufferSize is { } size ? (int)Math.Clamp(level.Get(size), 1, int.MaxValue) : TlsContext.RecordBytesMax,
            HandshakeTimeoutMs = level.Get(module.HandshakeTimeout ?? HttpCoreModule.ClientHeaderTimeout),
        };
        return WithSessions(options, level.Get(module.SessionCache), timeout);
    }

    /// <summary>A certificate with its key, read now.</summary>
    public TlsCertificate PairOf(Level level, string certificate, string key) =>
        new(files.Certificate(certificate), files.Key(key)) { Passwords = PasswordsOf(level.Get(module.PasswordFile)) };

    /// <summary>The pass phrases of a file, one a line.</summary>
    public static IReadOnlyList<string> PasswordsOf(string? text) =>
        text is null ? [] : [.. text.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0)];

    private TlsServerOptions WithSessions(TlsServerOptions options, TlsSessionCache? cache, long timeout) => cache switch
    {
        null => options,
        { IsOff: true } => options with { SessionCaching = TlsSessionCaching.Off },
        { Zone: { } zone } => options with
        {
            SessionCache = caches.Of(zone, timeout),
            SessionCaching = cache.BuiltInSessions > 0 ? TlsSessionCaching.BuiltinAndShared : TlsSessionCaching.Shared,
            BuiltinSessionsMax = (int)Math.Min(int.MaxValue, cache.BuiltInSessions),
        },
        { BuiltInSessions: > 0 } => options with
        {
            SessionCaching = TlsSessionCaching.Builtin, BuiltinSessionsMax = (int)Math.Min(int.MaxValue, cache.BuiltInSessions),
        },
        _ => options,
    };
}
