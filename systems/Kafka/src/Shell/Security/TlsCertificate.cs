#pragma warning disable RS0030 // A certificate is a file of the machine, which clients read too, and not of the node's disk.
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>The certificate that brokers show: of <c>ssl.keystore.location</c>, or made at start.</summary>
internal static class TlsCertificate
{
    private static readonly Lock Making = new();

    /// <summary>
    /// Reads the keystore. Where there is none yet it is made, self-signed, so that clients may trust that file; without a location no
    /// client can know the certificate. Throws <see cref="CryptographicException"/>.
    /// </summary>
    public static SslStreamCertificateContext Load(KafkaOptions options, NodeContext context) =>
        Load(KeyStore.Of(options, "ssl.keystore"), context, Enumerable.Range(1, options.Nodes).Select(KafkaBroker.NameOf));

    /// <summary>The same for another server than a broker.</summary>
    /// <param name="names">Of the nodes that it is for, should it be made.</param>
    public static SslStreamCertificateContext Load(KeyStore store, NodeContext context, IEnumerable<string> names)
    {
        if (!store.IsGiven)
            return SslStreamCertificateContext.Create(Make(names, context), null, offline: true);
        lock (Making)
        {
            if (!File.Exists(store.Location))
                Export(Make(names, context), store);
        }
        var (own, all) = Read(store);
        return SslStreamCertificateContext.Create(own, all, offline: true);
    }

    /// <summary>What a keystore has: its own certificate with the key, and those around it. Throws <see
    /// cref="CryptographicException"/>.</summary>
    public static (X509Certificate2 Own, X509Certificate2Collection All) Read(KeyStore store)
    {
        var path = store.Location;
        if (store.Type == KeyStore.Pkcs12)
        {
            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, store.Password);
            return (all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException($"{path} has no private key"), all);
        }
        var certificate = store.KeyPassword.Length > 0 ? X509Certificate2.CreateFromEncryptedPemFile(path, store.KeyPassword, path)
            : X509Certificate2.CreateFromPemFile(path, path);
        return (certificate, Authorities(store));
    }

    /// <summary>The certificates of a truststore.</summary>
    public static X509Certificate2Collection Authorities(KeyStore store)
    {
        if (store.Type == KeyStore.Pkcs12)
            return X509CertificateLoader.LoadPkcs12CollectionFromFile(store.Location, store.Password);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(store.Location);
        return all;
    }

    /// <summary>What a certificate of the other side must lead to: those of the truststore, or the machine's where there is none.</summary>
    public static X509ChainPolicy Trust(KeyStore store)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (!store.IsGiven)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(Authorities(store));
        return policy;
    }

    private static X509Certificate2 Make(IEnumerable<string> nodes, NodeContext context)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        foreach (var name in nodes)
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = context.Clock.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
    }

    private static void Export(X509Certificate2 certificate, KeyStore store)
    {
        var bytes = store.Type == KeyStore.Pkcs12
            ? certificate.Export(X509ContentType.Pkcs12, store.Password)
            : System.Text.Encoding.ASCII.GetBytes(
                certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n");
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(store.Location, how);
        file.Write(bytes);
    }
}
