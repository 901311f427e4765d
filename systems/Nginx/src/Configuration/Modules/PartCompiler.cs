namespace Microcosm.Nginx;

/// <summary>
/// What nginx does when the http or the stream block ends: checks that need the whole block, upstreams' names, variables.
/// </summary>
internal static class PartCompiler
{
    public static void CheckHttp(ConfigurationLoader loader, PartDraft http)
    {
        UpstreamCompiler.Compile(loader, http);
        HealthCheckModule.Http.Complete(http);
        foreach (var server in http.Servers)
        {
            CheckTls(server.Level, http);
            CheckLocation(server.Root);
        }
        foreach (var server in http.Servers)
            LocationCompiler.CheckDuplicates(server.Root);
        CheckTlsListens(http, TlsModule.Http);
        http.Variables.Resolve();
        ServerNames.Check(loader, http);
    }

    public static void CheckStream(ConfigurationLoader loader, PartDraft stream)
    {
        UpstreamCompiler.Compile(loader, stream);
        HealthCheckModule.Stream.Complete(stream);
        foreach (var server in stream.Servers)
        {
            if (server.Level.Get(StreamCoreModule.Content) is null)
                throw ConfigurationException.Unplaced($"no handler for server in {server.Place}");
            CheckCertificates(server.Level, TlsModule.Stream, stream);
            if (server.Level.Get(StreamProxyModule.Ssl))
                StreamProxyModule.Tls.Check(server.Level);
        }
        CheckTlsListens(stream, TlsModule.Stream);
        stream.Variables.Resolve();
        ServerNames.Check(loader, stream);
    }

    private static void CheckTls(Level level, PartDraft part)
    {
        CheckCertificates(level, TlsModule.Http, part);
        var verify = level.Get(TlsModule.Http.VerifyClient);
        var certificates = level.Get(TlsModule.Http.Certificates);
        if (certificates.Count == 0 && !level.Get(TlsModule.Http.RejectHandshake))
            return;
        if (verify is VerifyClient.On or VerifyClient.Optional && level.Get(TlsModule.Http.ClientCertificate) is "" or null
            && level.Get(TlsModule.Http.TrustedCertificate) is "" or null)
            throw ConfigurationException.Unplaced("no ssl_client_certificate or ssl_trusted_certificate for ssl_verify_client");
    }

    private static void CheckCertificates(Level level, TlsModule tls, PartDraft part)
    {
        var (certificates, keys) = (level.Get(tls.Certificates), level.Get(tls.CertificateKeys));
        if (certificates.Count > keys.Count)
            throw ConfigurationException.Unplaced($"no \"ssl_certificate_key\" is defined for certificate \"{certificates[^1]}\"");
        if (certificates.Concat(keys.Take(certificates.Count)).Any(ComplexValue.HasVariables))
            level.Set<IReadOnlyList<(ComplexValue, ComplexValue)>>(tls.VariableCertificates,
                [.. certificates.Zip(keys, (c, k) =>
                    (ComplexValue.Compile(c, part.Variables), ComplexValue.Compile(k, part.Variables)))]);
    }

    private static void CheckTlsListens(PartDraft part, TlsModule tls)
    {
        foreach (var listen in part.Listens.Listens.Where(l => l.Options.IsTls))
        {
            var isReject = listen.DefaultServer.Level.Get(tls.RejectHandshake);
            if (listen.DefaultServer.Level.Get(tls.Certificates).Count > 0)
                continue;
            foreach (var server in isReject ? listen.Servers : [listen.DefaultServer])
            {
                if (server.Level.Get(tls.Certificates).Count == 0 && !server.Level.Get(tls.RejectHandshake))
                    throw ConfigurationException.Unplaced(
                        $"no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive in {server.Place}");
            }
        }
    }

    private static void CheckLocation(LocationDraft location)
    {
        ProxyModule.Check(location.Level);
        GrpcModule.Upstream.Tls.Check(location.Level);
        var level = location.Level;
        if (level.Has(ContentModules.SecureLinkSecret)
            && (level.Has(ContentModules.SecureLink) || level.Has(ContentModules.SecureLinkMd5)))
            throw new ConfigurationException("\"secure_link_secret\" cannot be mixed with \"secure_link\" and \"secure_link_md5\"");
        foreach (var inner in location.Inner)
            CheckLocation(inner);
    }
}
