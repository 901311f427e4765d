using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Kafka;

/// <summary>TLS to the brokers of the cluster, as a client of theirs has it.</summary>
internal sealed class ClusterTls(ExternalKafkaOptions options)
{
    private readonly SslStreamCertificateContext? _own = options.Keystore is { IsGiven: true } store
        ? SslStreamCertificateContext.Create(TlsCertificate.Read(store).Own, TlsCertificate.Read(store).All, offline: true) : null;

    /// <summary>Shakes hands; what the connection carries is inside of TLS then. Throws <see cref="AuthenticationException"/> where the
    /// broker is not who it should be, and what a broken connection gives.</summary>
    public async ValueTask SecureAsync(ConnectionContext connection, DnsEndPoint at, CancellationToken late)
    {
        var tls = new SslStream(new ConnectionStream(connection), leaveInnerStreamOpen: true);
        var policy = TlsCertificate.Trust(options.Truststore);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = at.Host,
            ClientCertificateContext = _own,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None
                || (errors == SslPolicyErrors.RemoteCertificateNameMismatch && !options.ChecksHost),
        }, late);
        connection.Transport = new TlsPipes(tls);
    }
}
