#pragma warning disable RS0030 // The broker's certificate is a file of the machine, which clients read too, and not of the node's disk.
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
    public static SslStreamCertificateContext Load(KafkaOptions options, NodeContext context)
    {
        var path = options.Text("ssl.keystore.location");
        if (path.Length == 0)
            return SslStreamCertificateContext.Create(Make(options, context), null, offline: true);
        lock (Making)
        {
            if (!File.Exists(path))
                Export(Make(options, context), path, options);
        }
        if (options.Text("ssl.keystore.type") == "PKCS12")
        {
            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, options.Text("ssl.keystore.password"));
            var own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException($"{path} has no private key");
            return SslStreamCertificateContext.Create(own, all, offline: true);
        }
        var password = options.Text("ssl.key.password");
        var certificate = password.Length > 0 ? X509Certificate2.CreateFromEncryptedPemFile(path, password, path)
            : X509Certificate2.CreateFromPemFile(path, path);
        return SslStreamCertificateContext.Create(certificate, Authorities(path, "PEM", ""), offline: true);
    }

    /// <summary>The certificates of a truststore.</summary>
    public static X509Certificate2Collection Authorities(string path, string type, string password)
    {
        if (type == "PKCS12")
            return X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(path);
        return all;
    }

    private static X509Certificate2 Make(KafkaOptions options, NodeContext context)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        for (var id = 1; id <= options.Nodes; id++)
            names.AddDnsName(KafkaBroker.NameOf(id));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = context.Clock.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
    }

    private static void Export(X509Certificate2 certificate, string path, KafkaOptions options)
    {
        var bytes = options.Text("ssl.keystore.type") == "PKCS12"
            ? certificate.Export(X509ContentType.Pkcs12, options.Text("ssl.keystore.password"))
            : System.Text.Encoding.ASCII.GetBytes(
                certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n");
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, how);
        file.Write(bytes);
    }
}
