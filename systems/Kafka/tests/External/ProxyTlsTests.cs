using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Confluent.Kafka;
using Microcosm.Kafka.Tests.Operations;

namespace Microcosm.Kafka.Tests.External;

/// <summary>TLS from the proxy to the cluster, and from clients to the proxy.</summary>
public sealed class ProxyTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kafka-proxy-tls").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_cluster_of_TLS_is_reached_by_who_trusts_its_certificate_at_each_of_its_brokers()
    {
        await using var both = await Proxied.StartAsync(3, SecureCluster, TrustCluster);
        foreach (var broker in Enumerable.Range(1, 3))
        {
            await using var client = await both.ConnectAsync(broker);
            var metadata = await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 9);
            Assert.Equal([1, 2, 3], metadata.Brokers.Select(b => b.NodeId).Order());
        }
    }

    [Fact]
    public async Task Whose_certificate_nobody_trusts_is_not_the_cluster()
    {
        await using var cluster = await World.StartAsync(w => w.AddKafka(SecureCluster), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<IOException>(() => Proxied.ProxyAsync(
            cluster.System("kafka").ConnectionString, configure: o => o.SecurityProtocol = "SSL"));
        Assert.Contains("SSL handshake failed", error.Message);
        error = await Assert.ThrowsAsync<IOException>(() => Proxied.ProxyAsync(cluster.System("kafka").ConnectionString));
        Assert.Contains("as who wants another security.protocol than PLAINTEXT", error.Message);
    }

    [Fact]
    public async Task A_certificate_of_another_host_is_taken_only_where_nobody_looks_at_that()
    {
        Write("other.pem", Certificate("CN=elsewhere"));
        void Secure(KafkaOptions options)
        {
            options.SecurityProtocol = "SSL";
            options.Set("ssl.keystore.location", PathOf("other.pem"));
        }

        void Trust(ExternalKafkaOptions options)
        {
            options.SecurityProtocol = "SSL";
            options.Set("ssl.truststore.location", PathOf("other.pem"));
        }

        await Assert.ThrowsAsync<IOException>(() => Proxied.StartAsync(1, Secure, Trust));
        await using var both = await Proxied.StartAsync(1, Secure, options =>
        {
            Trust(options);
            options.Set("ssl.endpoint.identification.algorithm", "");
        });
        await using var client = await both.ConnectAsync();
        await TestTopic.CreateAsync(client, replicas: 1);
    }

    [Fact]
    public async Task A_cluster_that_wants_certificates_is_shown_the_proxys()
    {
        using var own = Certificate("CN=proxy");
        Write("proxy.pem", own);
        void Demand(KafkaOptions options)
        {
            SecureCluster(options);
            options.Set("ssl.client.auth", "required");
            options.Set("ssl.truststore.location", PathOf("proxy.pem"));
        }

        await Assert.ThrowsAsync<IOException>(() => Proxied.StartAsync(1, Demand, TrustCluster));
        await using var both = await Proxied.StartAsync(1, Demand, options =>
        {
            TrustCluster(options);
            options.Set("ssl.keystore.location", PathOf("proxy.pem"));
        });
        await using var client = await both.ConnectAsync();
        await TestTopic.CreateAsync(client, replicas: 1);
    }

    [Fact]
    public async Task Clients_speak_TLS_with_the_proxy_and_authenticate_with_the_cluster()
    {
        await using var both = await Proxied.StartAsync(1, options =>
        {
            SecureCluster(options);
            options.AddSaslUser("ann", "secret");
            options.SecurityProtocol = "SASL_SSL";
        }, options =>
        {
            TrustCluster(options);
            options.SecurityProtocol = "SASL_SSL";
            options.ListenerSecurityProtocol = "SSL";
            options.Set("listener.ssl.keystore.location", PathOf("listener.pem"));
        });
        var config = new ClientConfig
        {
            BootstrapServers = both.World.System("kafka").ConnectionString, SecurityProtocol = SecurityProtocol.SaslSsl,
            SaslMechanism = SaslMechanism.Plain, SaslUsername = "ann", SaslPassword = "secret", SslCaLocation = PathOf("listener.pem"),
        };
        both.World.Faults.Add("kafka.Produce target=t-0 nth=1 refuse=NOT_LEADER_OR_FOLLOWER");
        using (var producer = new ProducerBuilder<Null, string>(config).SetLogHandler((_, _) => { }).Build())
        {
            for (var n = 0; n < 20; n++)
                await producer.ProduceAsync("t", new() { Value = new string('x', 20_000 + n) });
        }
        using var consumer = new ConsumerBuilder<Ignore, string>(
            new ConsumerConfig(config) { GroupId = "g", AutoOffsetReset = AutoOffsetReset.Earliest }).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe("t");
        var lengths = Enumerable.Range(0, 20).Select(_ => consumer.Consume(TestContext.Current.CancellationToken).Message.Value.Length);
        Assert.Equal(Enumerable.Range(20_000, 20), lengths.ToArray());
        Assert.Single(both.World.Faults.Fired);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void SecureCluster(KafkaOptions options)
    {
        options.SecurityProtocol = "SSL";
        options.Set("ssl.keystore.location", PathOf("cluster.pem"));
    }

    private void TrustCluster(ExternalKafkaOptions options)
    {
        options.SecurityProtocol = "SSL";
        options.Set("ssl.truststore.location", PathOf("cluster.pem"));
    }

    private void Write(string name, X509Certificate2 certificate) => File.WriteAllText(PathOf(name),
        certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n");

    private static X509Certificate2 Certificate(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
