using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Acl = Confluent.Kafka.Admin.AclBinding;
using Operation = Confluent.Kafka.Admin.AclOperation;

namespace Microcosm.Kafka.Tests.Clients;

/// <summary>Authentication, TLS, ACLs and quotas, as the official client sees them, over real sockets.</summary>
public sealed class SecurityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kafka-security").FullName;

    [Theory]
    [InlineData(SecurityProtocol.SaslPlaintext)]
    [InlineData(SecurityProtocol.SaslSsl)]
    public async Task Users_made_by_an_administrator_authenticate_by_SCRAM(SecurityProtocol protocol)
    {
        await using var world = await StartAsync(protocol);
        using (var admin = new AdminClientBuilder(Client<AdminClientConfig>(world, protocol, SaslMechanism.Plain, "ann", "ann")).Build())
        {
            await admin.AlterUserScramCredentialsAsync(
                [Scram("cy", Confluent.Kafka.Admin.ScramMechanism.ScramSha256),
                    Scram("dan", Confluent.Kafka.Admin.ScramMechanism.ScramSha512)]);
        }
        await ProduceAsync(world, protocol, SaslMechanism.ScramSha256, "cy", "secret");
        await ProduceAsync(world, protocol, SaslMechanism.ScramSha512, "dan", "secret");
        Assert.Equal("t: 1, 2", Consume(world, protocol, SaslMechanism.Plain, "ann", "ann", 2));
    }

    [Theory]
    [InlineData(SaslMechanism.Plain, "ann")]
    [InlineData(SaslMechanism.ScramSha256, "nobody")]
    public async Task A_wrong_password_is_told(SaslMechanism mechanism, string user)
    {
        await using var world = await StartAsync(SecurityProtocol.SaslPlaintext);
        // Not within the client's own callback: it cannot be disposed there.
        var failed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var producer = new ProducerBuilder<Null, string>(
                Client<ProducerConfig>(world, SecurityProtocol.SaslPlaintext, mechanism, user, "guess"))
            .SetErrorHandler((_, e) =>
            {
                if (e.Code == ErrorCode.Local_Authentication)
                    failed.TrySetResult(e.Reason);
            }).SetLogHandler((_, _) => { }).Build();
        producer.Produce("t", new() { Value = "v" });
        Assert.Contains("uthentication failed",
            await failed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Records_go_over_TLS_to_brokers_whose_certificate_the_client_trusts()
    {
        await using var world = await StartAsync(SecurityProtocol.Ssl);
        await ProduceAsync(world, SecurityProtocol.Ssl, SaslMechanism.Plain, "", "");
        Assert.Equal("t: 1", Consume(world, SecurityProtocol.Ssl, SaslMechanism.Plain, "", "", 1));
    }

    [Fact]
    public async Task What_no_ACL_allows_is_refused()
    {
        const SecurityProtocol protocol = SecurityProtocol.SaslPlaintext;
        await using var world = await StartAsync(protocol, configure: o =>
        {
            o.AddSaslUser("bob", "bob");
            o.Set("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            o.Set("super.users", "User:ann");
        });
        using var admin = new AdminClientBuilder(Client<AdminClientConfig>(world, protocol, SaslMechanism.Plain, "ann", "ann")).Build();
        await admin.CreateTopicsAsync([new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }]);
        await admin.CreateAclsAsync([Allow("t", Operation.Describe)]);
        var refused = await Assert.ThrowsAsync<ProduceException<Null, string>>(
            () => ProduceAsync(world, protocol, SaslMechanism.Plain, "bob", "bob"));
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, refused.Error.Code);
        await admin.CreateAclsAsync([Allow("t", Operation.Write)]);
        await ProduceAsync(world, protocol, SaslMechanism.Plain, "bob", "bob");
        using var bob = new AdminClientBuilder(Client<AdminClientConfig>(world, protocol, SaslMechanism.Plain, "bob", "bob")).Build();
        var noTopic = await Assert.ThrowsAsync<CreateTopicsException>(
            () => bob.CreateTopicsAsync([new() { Name = "u", NumPartitions = 1, ReplicationFactor = 1 }]));
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, noTopic.Results[0].Error.Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Certificate => Path.Combine(_folder, "broker.pem");

    private Task<World> StartAsync(SecurityProtocol protocol, int nodes = 1, Action<KafkaOptions>? configure = null) => World.StartAsync(
        w => w.AddKafka(o =>
        {
            o.Nodes = nodes;
            o.SecurityProtocol = protocol switch
            {
                SecurityProtocol.Ssl => "SSL",
                SecurityProtocol.SaslSsl => "SASL_SSL",
                _ => "SASL_PLAINTEXT",
            };
            o.AddSaslUser("ann", "ann");
            o.Set("ssl.keystore.location", Certificate);
            configure?.Invoke(o);
        }), TestContext.Current.CancellationToken);

    private T Client<T>(World world, SecurityProtocol protocol, SaslMechanism mechanism, string user, string password)
        where T : ClientConfig, new()
    {
        var config = new T { BootstrapServers = world.System("kafka").ConnectionString, SecurityProtocol = protocol };
        if (protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl)
            config.SslCaLocation = Certificate;
        if (protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl)
            (config.SaslMechanism, config.SaslUsername, config.SaslPassword) = (mechanism, user, password);
        return config;
    }

    private async Task ProduceAsync(World world, SecurityProtocol protocol, SaslMechanism mechanism, string user, string password)
    {
        var config = Client<ProducerConfig>(world, protocol, mechanism, user, password);
        config.MessageTimeoutMs = 20_000;
        using var producer = new ProducerBuilder<Null, string>(config).Build();
        await producer.ProduceAsync("t", new() { Value = user is "dan" ? "2" : "1" }, TestContext.Current.CancellationToken);
    }

    private string Consume(World world, SecurityProtocol protocol, SaslMechanism mechanism, string user, string password, int count)
    {
        var config = Client<ConsumerConfig>(world, protocol, mechanism, user, password);
        config.GroupId = "g";
        using var consumer = new ConsumerBuilder<Ignore, string>(config).Build();
        consumer.Assign(new TopicPartitionOffset("t", 0, Offset.Beginning));
        var values = new List<string>();
        while (values.Count < count)
            values.Add((consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException()).Message.Value);
        return $"t: {string.Join(", ", values)}";
    }

    private static UserScramCredentialAlteration Scram(string user, Confluent.Kafka.Admin.ScramMechanism mechanism) =>
        new UserScramCredentialUpsertion
    {
        User = user, Password = Encoding.UTF8.GetBytes("secret"), Salt = [1, 2, 3, 4],
        ScramCredentialInfo = new() { Mechanism = mechanism, Iterations = 4096 },
    };

    private static Acl Allow(string topic, Operation operation) => new()
    {
        Pattern = new() { Type = ResourceType.Topic, Name = topic, ResourcePatternType = ResourcePatternType.Literal },
        Entry = new() { Principal = "User:bob", Host = "*", Operation = operation, PermissionType = AclPermissionType.Allow },
    };
}
