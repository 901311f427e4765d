using System.Net;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>TLS towards upstreams: a context for each set of settings, made once a configuration.</summary>
internal sealed class UpstreamTlsContexts
{
    private readonly UpstreamTlsSettings _settings;
    private readonly Setting<long> _connectTimeout;
    private readonly CertificateFiles _files;
    private readonly Setting<IReadOnlyList<ComplexValue>>? _alpn;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Dictionary<Level, TlsClientContext> _contexts = [];
    private readonly Dictionary<string, TlsClientContext> _bySettings = new(StringComparer.Ordinal);
    private readonly Dictionary<OpenFileCache, CertificateCache> _caches = new(ReferenceEqualityComparer.Instance);

    /// <summary>Throws <see cref="ConfigurationException"/> for what cannot be loaded.</summary>
    public UpstreamTlsContexts(
        UpstreamTlsSettings settings, Setting<long> connectTimeout, IEnumerable<Level> levels, CertificateFiles files, TimeProvider clock,
        Setting<IReadOnlyList<ComplexValue>>? alpn = null)
    {
        _alpn = alpn;
        (_settings, _connectTimeout, _files, _clock) = (settings, connectTimeout, files, clock);
        try
        {
            foreach (var level in levels)
                ContextOf(level);
        }
        catch (Exception e) when (e is TlsException or PlatformNotSupportedException)
        {
            throw ConfigurationException.Unplaced(e.Message);
        }
    }

    /// <summary>Those of proxy_pass. Throws <see cref="ConfigurationException"/> for what cannot be loaded.</summary>
    public static UpstreamTlsContexts OfProxy(IEnumerable<HttpServer> servers, CertificateFiles files, TimeProvider clock) =>
        Of(ProxyModule.Upstream, servers.SelectMany(s => LevelsOf(s.Root, isGrpc: false)), files, clock);

    /// <summary>The same for grpc_pass.</summary>
    public static UpstreamTlsContexts OfGrpc(IEnumerable<HttpServer> servers, CertificateFiles files, TimeProvider clock) =>
        Of(GrpcModule.Upstream, servers.SelectMany(s => LevelsOf(s.Root, isGrpc: true)), files, clock);

    /// <summary>How a server is spoken to. Throws <see cref="TlsException"/> for a certificate that cannot be loaded.</summary>
    /// <param name="host">Whom the target names, with or without a port.</param>
    /// <param name="peer">The server's address: its sessions are taken up again.</param>
    /// <param name="offered">Protocols of applications, where no setting has them; null for none.</param>
    public UpstreamTls Of(Level level, RequestValues values, string host, string peer, TlsProtocolNames? offered = null)
    {
        var name = HostOf(level.Get(_settings.Name) is { } value ? Latin1.Text(value.Evaluate(values).Span) : host);
        var isTold = level.Get(_settings.ServerName) && name.Length > 0 && name[0] != '[' && !IPAddress.TryParse(name, out _);
        return new UpstreamTls(ContextOf(level), new TlsTarget(isTold ? name : null, level.Get(_settings.Verify) ? name : null,
            level.Get(_settings.SessionReuse) ? peer : null)
        {
            Certificate = VariableCertificate(level, values),
            Protocols = _alpn is not null && level.Get(_alpn) is { Count: > 0 } names
                ? new TlsProtocolNames([.. names.Select(n => Latin1.Text(n.Evaluate(values).Span)).Where(n => n.Length > 0)]) : offered,
        });
    }

    // Without its port.
    private static string HostOf(string host)
    {
        var end = host.IndexOf(':', host.StartsWith('[') ? Math.Max(0, host.IndexOf(']')) : 0);
        return end < 0 ? host : host[..end];
    }

    private TlsCertificate? VariableCertificate(Level level, RequestValues values)
    {
        if (!HasVariables(level))
            return null;
        var name = Latin1.Text(level.Get(_settings.Certificate)!.Evaluate(values).Span);
        if (name.Length == 0)
            return null;
        var key = Latin1.Text(level.Get(_settings.CertificateKey)!.Evaluate(values).Span);
        if (level.Get(_settings.CertificateCache) is not { Max: > 0 } limits)
            return Pair(level, _files.Certificate(name), _files.Key(key));
        CertificateCache cache;
        lock (_gate)
            cache = _caches[limits];
        var (chain, keyFile) = cache.GetPair(name, key, _files, isFresh: false);
        return Pair(level, chain, keyFile);
    }

    private TlsCertificate Pair(Level level, TlsFile chain, TlsFile key) =>
        new(chain, key) { Passwords = TlsServerSettings.PasswordsOf(level.Get(_settings.PasswordFile)) };

    private bool HasVariables(Level level) => level.Get(_settings.Certificate) is { } certificate
        && !(certificate.IsLiteral && level.Get(_settings.CertificateKey)!.IsLiteral);

    /// <summary>Levels of the stream part that pass sessions on over TLS.</summary>
    public static IEnumerable<Level> LevelsOf(StreamPart? stream) =>
        stream?.Servers.Select(s => s.Level).Where(l => l.Get(StreamProxyModule.Ssl)) ?? [];

    private static UpstreamTlsContexts Of(
        UpstreamSettings settings, IEnumerable<Level> levels, CertificateFiles files, TimeProvider clock) =>
        new(settings.Tls, settings.ConnectTimeout, levels, files, clock);

    // Levels that pass requests on over TLS, or may.
    private static IEnumerable<Level> LevelsOf(HttpLocation location, bool isGrpc)
    {
        var inner = location.Tree.All.SelectMany(l => LevelsOf(l, isGrpc));
        var target = isGrpc ? (location.Content as LocationContent.Grpc)?.Target : (location.Content as LocationContent.Proxy)?.Target;
        return target is { IsTls: true } or { Value: not null } ? inner.Prepend(location.Level) : inner;
    }

    // An if block may pass on what stands around it, by its own settings: its level is met only then.
    private TlsClientContext ContextOf(Level level)
    {
        lock (_gate)
        {
            if (_contexts.TryGetValue(level, out var known))
                return known;
            if (level.Get(_settings.CertificateCache) is { Max: > 0 } limits && !_caches.ContainsKey(limits))
                _caches.Add(limits, new CertificateCache(limits, _clock));
            var key = KeyOf(level);
            if (!_bySettings.TryGetValue(key, out var context))
                _bySettings.Add(key, context = new TlsClientContext(OptionsOf(level)));
            _contexts.Add(level, context);
            return context;
        }
    }

    // What a context is made of.
    private string KeyOf(Level level) => string.Join('\n', level.Get(_settings.SessionReuse), level.Get(_settings.Protocols),
        level.Get(_settings.Ciphers), level.Get(_settings.Verify), level.Get(_settings.VerifyDepth),
        level.Get(_settings.TrustedCertificate),
        level.Get(_settings.Crl), level.Get(_settings.Certificate)?.Source, level.Get(_settings.CertificateKey)?.Source,
        level.Get(_settings.PasswordFile), level.Get(_connectTimeout), string.Join('\t', level.Get(_settings.ConfCommands)));

    private TlsClientOptions OptionsOf(Level level)
    {
        var certificate = level.Get(_settings.Certificate);
        return new TlsClientOptions
        {
            Protocols = (TlsProtocols)(level.Get(_settings.Protocols) >> 1),
            Ciphers = level.Get(_settings.Ciphers)!,
            Certificates = certificate is null or { Source: "" } || HasVariables(level) ? []
                : [Pair(level, _files.Certificate(certificate.Source), _files.Key(level.Get(_settings.CertificateKey)!.Source))],
            Verifies = level.Get(_settings.Verify),
            VerifyDepth = (int)Math.Min(int.MaxValue, level.Get(_settings.VerifyDepth)),
            TrustedAuthorities = level.Get(_settings.Verify) ? _files.Authorities(level.Get(_settings.TrustedCertificate)) : null,
            Crl = level.Get(_settings.Verify) ? _files.Crl(level.Get(_settings.Crl)) : null,
            ReusesSessions = level.Get(_settings.SessionReuse),
            ConfigurationCommands = [.. level.Get(_settings.ConfCommands).Select(c => KeyValuePair.Create(c.Name, c.Value))],
            HandshakeTimeoutMs = level.Get(_connectTimeout),
        };
    }
}
