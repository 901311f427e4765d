using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Kafka;

/// <summary>Carries clients' sessions over TLS. Whoever shakes hands for too long, or wrongly, is cut off; the broker goes on.</summary>
/// <param name="accept">A session for a client, and the name that its certificate gave it or null.</param>
internal sealed class TlsServer(NodeContext context, SslServerAuthenticationOptions options, Func<SessionTransport, string?,
    Session?> accept)
{
    private static readonly TimeSpan HandshakeMax = TimeSpan.FromSeconds(30);

    /// <summary>TLS as the broker's options say it. Throws what files that cannot be read give.</summary>
    public static SslServerAuthenticationOptions Of(KafkaOptions kafka, NodeContext context)
    {
        var auth = kafka.Text("ssl.client.auth");
        var tls = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = TlsCertificate.Load(kafka, context),
            EnabledSslProtocols = kafka.Text("ssl.enabled.protocols").Split(',', StringSplitOptions.TrimEntries)
                .Aggregate(SslProtocols.None, (all, p) => all | (p == "TLSv1.2" ? SslProtocols.Tls12 : SslProtocols.Tls13)),
            ClientCertificateRequired = auth != "none",
        };
        if (auth == "none")
            return tls;
        tls.CertificateChainPolicy = TlsCertificate.Trust(KeyStore.Of(kafka, "ssl.truststore"));
        var isRequired = auth == "required";
        tls.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            errors == SslPolicyErrors.None || (certificate is null && !isRequired);
        return tls;
    }

    /// <summary>Serves one connection until it ends.</summary>
    public async Task RunAsync(ConnectionContext connection)
    {
        var tls = new SslStream(new ConnectionStream(connection), leaveInnerStreamOpen: true);
        if (!await TryShakeHandsAsync(connection, tls))
        {
            await context.Executor.SwitchTo();
            connection.Abort();
            return;
        }
        await context.Executor.SwitchTo();
        var name = tls.RemoteCertificate is X509Certificate2 certificate ? NameOf(certificate.SubjectName) : null;
        connection.Transport = new TlsPipes(tls);
        await new SessionConnectionHandler(context.Executor, new Sessions(accept, name)).RunAsync(connection);
        try
        {
            await tls.ShutdownAsync();
        }
        catch (Exception e) when (IsConnectionError(e))
        {
        }
        await context.Executor.SwitchTo();
    }

    /// <summary>A subject as Kafka's principals show it: by RFC 2253, the most particular part first.</summary>
    internal static string NameOf(X500DistinguishedName subject) => string.Join(',', subject.EnumerateRelativeDistinguishedNames()
        .Where(part => !part.HasMultipleElements)
        .Select(part => $"{(part.GetSingleElementType().FriendlyName is "S" ? "ST" : part.GetSingleElementType().FriendlyName)}="
            + part.GetSingleElementValue()?.Replace(",", "\\,", StringComparison.Ordinal)));

    private async ValueTask<bool> TryShakeHandsAsync(ConnectionContext connection, SslStream tls)
    {
        using var late = new CancellationTokenSource(HandshakeMax, context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, connection.ConnectionClosed);
        try
        {
            await tls.AuthenticateAsServerAsync(options, either.Token);
            return true;
        }
        catch (Exception e) when (e is AuthenticationException || IsConnectionError(e))
        {
            context.Log.Write(LogSeverity.Warning, $"SSL handshake with {connection.RemoteEndPoint} failed: {e.Message}");
            return false;
        }
    }

    private static bool IsConnectionError(Exception e) =>
        e is IOException or OperationCanceledException or InvalidOperationException or ConnectionAbortedException;

    private sealed class Sessions(Func<SessionTransport, string?, Session?> accept, string? name) : ISessionFactory
    {
        public Session? Accept(SessionTransport transport) => accept(transport, name);
    }
}
