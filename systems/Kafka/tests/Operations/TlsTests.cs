using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using static Microcosm.Kafka.Tests.Operations.SecurityWorld;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>TLS with clients that show certificates, and keystores that are no text.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kafka-tls").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_client_is_who_its_certificate_says()
    {
        using var ann = Certificate("CN=ann, O=Microcosm");
        using var bob = Certificate("CN=bob, O=Microcosm");
        await using var world = await StartWithTrustAsync(ann, bob);
        await using var first = await ConnectAsync(world, ann);
        Assert.Equal(KafkaError.None, await CreateAsync(first));
        await using var second = await ConnectAsync(world, bob);
        Assert.Equal(KafkaError.TopicAuthorizationFailed, await CreateAsync(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_shows_no_certificate_or_one_that_nobody_trusts_is_refused(bool hasOne)
    {
        using var ann = Certificate("CN=ann, O=Microcosm");
        using var stranger = Certificate("CN=ann, O=Microcosm");
        await using var world = await StartWithTrustAsync(ann);
        // With TLS 1.3 a client may have sent before it hears of it.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await using var client = await ConnectAsync(world, hasOne ? stranger : null);
            await AskAsync(client);
        });
        await using var known = await ConnectAsync(world, ann);
        Assert.Equal(0, (await AskAsync(known)).ErrorCode);
    }

    [Fact]
    public async Task A_keystore_of_PKCS12_is_read_with_its_password()
    {
        using var certificate = Certificate("CN=kafka-1");
        var path = Path.Combine(_folder, "broker.p12");
        await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pkcs12, "secret"), TestContext.Current.CancellationToken);
        await using var world = await StartWithKeystoreAsync(path, "secret");
        Assert.Equal(certificate.Thumbprint, await ThumbprintAsync(world));
        await Assert.ThrowsAnyAsync<Exception>(async () => await (await StartWithKeystoreAsync(path, "wrong")).DisposeAsync());
    }

    [Fact]
    public async Task A_keystore_of_PKCS12_that_is_not_there_is_made_once()
    {
        var path = Path.Combine(_folder, "made.p12");
        string made;
        await using (var world = await StartWithKeystoreAsync(path, "secret"))
            made = await ThumbprintAsync(world);
        await using var again = await StartWithKeystoreAsync(path, "secret");
        Assert.Equal(made, await ThumbprintAsync(again));
    }

    private Task<World> StartWithTrustAsync(params X509Certificate2[] trusted)
    {
        var path = Path.Combine(_folder, "trusted.pem");
        File.WriteAllText(path, string.Join('\n', trusted.Select(c => c.ExportCertificatePem())));
        return StartAsync(o =>
        {
            o.SecurityProtocol = "SSL";
            o.Set("ssl.client.auth", "required");
            o.Set("ssl.truststore.location", path);
            o.Set("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            o.Set("super.users", "User:CN=ann,O=Microcosm");
        });
    }

    private static Task<World> StartWithKeystoreAsync(string path, string password) => StartAsync(o =>
    {
        o.SecurityProtocol = "SSL";
        o.Set("ssl.keystore.type", "PKCS12");
        o.Set("ssl.keystore.location", path);
        o.Set("ssl.keystore.password", password);
    });

    private static async Task<RawClient> ConnectAsync(World world, X509Certificate2? own) =>
        new(await HandshakeAsync(world, own));

    private static async Task<SslStream> HandshakeAsync(World world, X509Certificate2? own)
    {
        var plain = await world.ConnectAsync(world.Node("kafka-1").Address, cancellation: TestContext.Current.CancellationToken);
        var tls = new SslStream(plain, leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "kafka-1", RemoteCertificateValidationCallback = (_, _, _, _) => true,
            ClientCertificates = own is null ? null : [own], LocalCertificateSelectionCallback = (_, _, _, _, _) => own!,
        }, TestContext.Current.CancellationToken);
        return tls;
    }

    private static async Task<string> ThumbprintAsync(World world)
    {
        await using var tls = await HandshakeAsync(world, null);
        return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;
    }

    private static async Task<KafkaError> CreateAsync(RawClient client) =>
        (KafkaError)(await client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new() { TimeoutMs = 10_000, Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }] }, 7))
            .Topics[0].ErrorCode;

    private static X509Certificate2 Certificate(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
