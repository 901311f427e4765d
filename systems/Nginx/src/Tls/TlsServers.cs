using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>The TLS contexts of a part's servers, made once a configuration. What variables name is read at each handshake.</summary>
internal sealed class TlsServers
{
    private readonly TlsModule _module;
    private readonly TlsServerSettings _settings;
    private readonly CertificateFiles _files;
    private readonly Dictionary<Level, TlsServerContext> _contexts = [];
    private readonly Dictionary<OpenFileCache, CertificateCache> _caches = new(ReferenceEqualityComparer.Instance);

    /// <summary>Throws <see cref="ConfigurationException"/> for what cannot be loaded.</summary>
    public TlsServers(TlsModule module, IEnumerable<Level> servers, CertificateFiles files, TlsCaches caches)
    {
        (_module, _files) = (module, files);
        _settings = new TlsServerSettings(module, files, caches);
        foreach (var level in servers.Where(_settings.HasContext))
            Add(level, caches.Clock);
    }

    /// <summary>The context of a server; null where it has none.</summary>
    public TlsServerContext? Find(Level level) => _contexts.GetValueOrDefault(level);

    /// <summary>The certificates of a server whose names have variables. Throws <see cref="TlsException"/>.</summary>
    /// <param name="isFresh">What is kept does not fit together: it is read again.</param>
    public IEnumerable<TlsCertificate> Certificates(Level level, RequestValues values, bool isFresh)
    {
        var cache = level.Get(_module.CertificateCache) is { Max: > 0 } limits ? _caches[limits] : null;
        foreach (var (certificate, key) in level.Get(_module.VariableCertificates))
        {
            var (name, keyName) = (Latin1.Text(certificate.Evaluate(values).Span), Latin1.Text(key.Evaluate(values).Span));
            if (cache is null)
            {
                yield return _settings.PairOf(level, name, keyName);
                continue;
            }
            var (chain, keyFile) = cache.GetPair(name, keyName, _files, isFresh);
            yield return new TlsCertificate(chain, keyFile)
            {
                Passwords = TlsServerSettings.PasswordsOf(level.Get(_module.PasswordFile)),
            };
        }
    }

    /// <summary>Whether what did not fit together may be something that is kept.</summary>
    public bool IsCached(Level level) => level.Get(_module.CertificateCache) is { Max: > 0 };

    private void Add(Level level, TimeProvider clock)
    {
        if (level.Get(_module.CertificateCache) is { Max: > 0 } limits && !_caches.ContainsKey(limits))
            _caches.Add(limits, new CertificateCache(limits, clock));
        try
        {
            _contexts.Add(level, new TlsServerContext(_settings.Of(level)));
        }
        catch (Exception e) when (e is TlsException or PlatformNotSupportedException)
        {
            throw ConfigurationException.Unplaced(e.Message);
        }
    }
}
