using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>An authority that issues what a test asks for.</summary>
internal sealed class TestAuthority
{
    public static readonly DateTimeOffset Begin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset End = new(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<TestAuthority> Shared = new(() => new TestAuthority("test authority"));
    private static readonly Lazy<TlsCertificate> Server = new(() => Default.Issue("localhost"));

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(Begin, End);
    }

    /// <summary>The one that the tests trust.</summary>
    public static TestAuthority Default => Shared.Value;

    /// <summary>Of "localhost", 127.0.0.1 and *.example.org, by the one that the tests trust.</summary>
    public static TlsCertificate Localhost => Server.Value;

    public TlsFile File => Pem("ca.pem", _certificate.ExportCertificatePem());

    public TlsCertificate Issue(string name, bool isRsa = false, DateTimeOffset? until = null, string? password = null)
    {
        using AsymmetricAlgorithm key = isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={name}, O=Tests", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}, O=Tests", (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddDnsName("*.example.org");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Begin, until ?? End,
            [1, 2, .. RandomNumberGenerator.GetBytes(6)]);
        var text = password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(
                password, new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 10));
        return new TlsCertificate(Pem($"{name}.crt", certificate.ExportCertificatePem() + "\n"), Pem($"{name}.key", text));
    }

    public TlsFile Revoke(TlsCertificate certificate)
    {
        var crl = new CertificateRevocationListBuilder();
        using var revoked = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(certificate.Chain.Bytes.Span));
        crl.AddEntry(revoked);
        var bytes = crl.Build(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), 1, End, HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false), Begin);
        return Pem("ca.crl", PemEncoding.WriteString("X509 CRL", bytes));
    }

    public static TlsFile Pem(string name, string text) => new(name, Encoding.ASCII.GetBytes(text));
}
