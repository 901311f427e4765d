using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Microcosm.Chubby.Etcd;

/// <summary>TLS as etcd's flags say it.</summary>
internal static class ServerTls
{
    /// <summary>What a member shows and asks for; null without a certificate. Throws <see cref="ArgumentException"/> for flags that do not
    /// go together, and what the files give.</summary>
    public static SslServerAuthenticationOptions? Of(EtcdOptions options)
    {
        // As etcd has it.
        if (options.CertFile.Length == 0 != (options.KeyFile.Length == 0))
            throw new ArgumentException($"KeyFile and CertFile must both be present[key: {options.KeyFile}, cert: {options.CertFile}]");
        var asksClients = options.ClientCertAuth || options.TrustedCaFile.Length > 0;
        if (options.CertFile.Length == 0)
        {
            return asksClients
                ? throw new ArgumentException("client-cert-auth and trusted-ca-file need cert-file and key-file")
                : null;
        }
        var certificate = X509Certificate2.CreateFromPemFile(options.CertFile, options.KeyFile);
        var chain = Read(options.CertFile);
        var tls = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            ClientCertificateRequired = asksClients,
        };
        if (!asksClients)
            return tls;
        tls.CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (options.TrustedCaFile.Length > 0)
        {
            tls.CertificateChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(Read(options.TrustedCaFile));
        }
        tls.RemoteCertificateValidationCallback = static (_, _, _, errors) => errors == SslPolicyErrors.None;
        return tls;
    }

    /// <summary>The common name of a certificate's subject, or null.</summary>
    public static string? CommonName(X509Certificate2? certificate)
    {
        const string commonName = "2.5.4.3";
        return certificate?.SubjectName.EnumerateRelativeDistinguishedNames()
            .FirstOrDefault(n => !n.HasMultipleElements && n.GetSingleElementType().Value == commonName)?.GetSingleElementValue();
    }

    private static X509Certificate2Collection Read(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates;
    }
}
