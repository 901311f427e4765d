using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>An authority, a server's certificate for 127.0.0.1 and clients', as PEM files in a folder that goes with it.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);

    private readonly string _folder = Directory.CreateTempSubdirectory("certificates-").FullName;
    private readonly X509Certificate2 _authority;
    private byte _serial;

    public CertificateFiles()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(From, From.AddDays(10));
        File.WriteAllText(Path("ca.pem"), _authority.ExportCertificatePem());
        Make("server", ServerAuth, ClientAuth);
    }

    public string Authority => Path("ca.pem");

    public string Certificate(string name) => Path(name + ".pem");

    public string Key(string name) => Path(name + ".key");

    /// <summary>Makes a client's certificate, its common name the file's.</summary>
    public void MakeClient(string name) => Make(name, ClientAuth);

    /// <summary>etcdctl's flags for a client; none for one without a certificate.</summary>
    public string Flags(string client) =>
        $"--cacert={Authority} " + (client.Length > 0 ? $"--cert={Certificate(client)} --key={Key(client)} " : "");

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Make(string name, params string[] usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(u => new Oid(u))], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, From, From.AddDays(9), [++_serial]);
        File.WriteAllText(Path(name + ".pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path(name + ".key"), key.ExportECPrivateKeyPem());
    }

    private string Path(string file) => System.IO.Path.Combine(_folder, file);
}
