namespace Microcosm.Nginx;

/// <summary>TLS towards upstreams: the directives of proxy, grpc and the stream's proxy, by their prefix.</summary>
internal sealed class UpstreamTlsSettings(Module module, string prefix, Contexts contexts)
{
    public Setting<bool> SessionReuse { get; } = module.Flag(prefix + "ssl_session_reuse", contexts, true);

    public Setting<long> Protocols { get; } =
        module.Mask(prefix + "ssl_protocols", contexts, Arity.OneOrMore, TlsModule.DefaultProtocols, TlsModule.ProtocolNames);

    public Setting<string?> Ciphers { get; } = module.Text(prefix + "ssl_ciphers", contexts, "DEFAULT");

    /// <summary>The name for SNI and verification; null for that of the upstream.</summary>
    public Setting<ComplexValue?> Name { get; } = module.Value(prefix + "ssl_name", contexts);

    public Setting<bool> ServerName { get; } = module.Flag(prefix + "ssl_server_name", contexts);

    public Setting<bool> Verify { get; } = module.Flag(prefix + "ssl_verify", contexts);

    public Setting<long> VerifyDepth { get; } = module.Number(prefix + "ssl_verify_depth", contexts, 1);

    public Setting<string?> TrustedCertificate { get; } = module.Text(prefix + "ssl_trusted_certificate", contexts, "");

    public Setting<string?> Crl { get; } = module.Text(prefix + "ssl_crl", contexts, "");

    public Setting<ComplexValue?> Certificate { get; } = module.Value(prefix + "ssl_certificate", contexts);

    public Setting<ComplexValue?> CertificateKey { get; } = module.Value(prefix + "ssl_certificate_key", contexts);

    public Setting<OpenFileCache?> CertificateCache { get; } =
        CertificateCacheDirective.Declare(module, prefix + "ssl_certificate_cache", contexts);

    public Setting<string?> PasswordFile { get; } =
        module.Text(prefix + "ssl_password_file", contexts, null, TlsModule.ReadPasswordFile);

    public Setting<IReadOnlyList<NamedText>> ConfCommands { get; } = module.Pairs(prefix + "ssl_conf_command", contexts);

    /// <summary>What nginx checks when the whole part is read.</summary>
    public void Check(Level level)
    {
        if (level.Get(Certificate) is { } certificate && level.Get(CertificateKey) is null)
            throw ConfigurationException.Unplaced(
                $"no \"{prefix}ssl_certificate_key\" is defined for certificate \"{certificate.Source}\"");
        if (level.Get(Verify) && level.Get(TrustedCertificate) is null or "")
            throw ConfigurationException.Unplaced($"no {prefix}ssl_trusted_certificate for {prefix}ssl_verify");
    }
}
